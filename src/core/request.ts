import type { CacheMark, MediaPart, Part } from './parts.ts';

export interface Message {
  /** `developer` stays apart from `system`: some providers know the difference. */
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  /** A `tool` message holds exactly one `tool_result` part. Content given as plain text is one text part. */
  readonly parts: readonly Part[];
  readonly name?: string;
  /** Mark on the message as a whole: belongs to its last part. */
  readonly cache?: CacheMark;
}

export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string;
  /** JSON Schema as the client gave it; absent when the function takes nothing. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
}

/** A tool in one dialect's own form (`web_search_20250305`, `computer_20250124`, OpenAI `custom` ...). */
export interface NativeTool {
  readonly type: 'native';
  /** Dialect that understands it: `anthropic`, `openai` ... */
  readonly dialect: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

export type Tool = FunctionTool | NativeTool;

export type ToolChoice = { readonly type: 'auto' | 'none' | 'required' } | { readonly type: 'function'; readonly name: string };

export interface ResponseFormat {
  readonly type: 'text' | 'json_object' | 'json_schema';
  readonly name?: string;
  readonly description?: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

export interface Reasoning {
  /** `none|disable|minimal|low|medium|high|xhigh|max`, as the client wrote it. */
  readonly effort?: string;
  readonly summary?: string;
  /** Anthropic `thinking` object when the client sent one. */
  readonly thinking?: { readonly type: string; readonly budgetTokens?: number; readonly raw: Readonly<Record<string, unknown>> };
}

/**
 * A chat call, free of any dialect. Immutable: every attempt starts from the same one.
 * Absent means "the client did not say"; `null` on the wire means absent.
 */
export interface ChatRequest {
  /** Public model name the client asked for, after aliases. */
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  /** `max_completion_tokens` or `max_tokens`; the first wins. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly n?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly logitBias?: Readonly<Record<string, number>>;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  readonly reasoning?: Reasoning;
  /** End user as the client names it. */
  readonly user?: string;
  readonly serviceTier?: string;
  /** Where the client keeps the conversation with the provider (`metadata.conversation_id`), for those that keep one. */
  readonly conversation?: string;
  readonly webSearch?: { readonly contextSize?: string; readonly userLocation?: unknown };
  /** OpenAI parameters without a field above that the client set (`prediction`, `modalities`, `audio` ...), by wire name. */
  readonly others: Readonly<Record<string, unknown>>;
  /** Members that are no OpenAI parameter: provider parameters, carried along (`num_ctx`, `safety_settings` ...). */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** An embeddings call, free of any dialect. */
export interface EmbeddingsRequest {
  readonly model: string;
  readonly input: readonly string[] | readonly (readonly number[])[];
  /** Whether the client sent one bare string or token list rather than a list of them. */
  readonly single: boolean;
  readonly dimensions?: number;
  readonly encodingFormat?: 'float' | 'base64';
  readonly user?: string;
  readonly extras: Readonly<Record<string, unknown>>;
}

/** A call for pictures, free of any dialect. */
export interface ImageRequest {
  readonly model: string;
  readonly prompt: string;
  /** How many are to be made. */
  readonly n: number;
  /** `1024x1792`, or a word of the provider's own. */
  readonly size?: string;
  readonly quality?: string;
  /** Pictures to be changed; none: the words are all. */
  readonly images: readonly MediaPart[];
  /** Where the first of them may be changed. */
  readonly mask?: MediaPart;
  /** OpenAI parameters without a field above that the client set (`style`, `background` ...), by wire name. */
  readonly others: Readonly<Record<string, unknown>>;
  /** Members that are no OpenAI parameter, carried along. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** Text to go on from, free of any dialect. */
export interface CompletionRequest {
  readonly prompt: string;
  /** What comes behind the gap that is to be filled. */
  readonly suffix?: string;
  /** The same as a conversation of one turn, with all parameters. */
  readonly chat: ChatRequest;
}
