/**
 * The hub between dialects (ruling B8): what a message, an answer or a stream is made of.
 * A dialect reads its wire into parts and writes parts to its wire; no dialect knows another.
 */

/** A prompt-cache mark on the part that carries it. */
export interface CacheMark {
  /** `5m` or `1h`; absent means the provider's default. */
  readonly ttl?: string;
}

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  readonly cache?: CacheMark;
}

export interface ReasoningPart {
  readonly type: 'reasoning';
  /** Visible thoughts; empty when the provider only sent an encrypted form. */
  readonly text: string;
  /** Proof that the provider wrote this text; byte for byte. */
  readonly signature?: string;
  /** Thoughts that only the provider can read: Anthropic `redacted_thinking.data`, OpenAI `encrypted_content`. */
  readonly encrypted?: string;
  /** Dialect whose provider made signature or encrypted form; they never go to another. */
  readonly origin?: string;
  readonly id?: string;
}

export interface ToolCallPart {
  readonly type: 'tool_call';
  readonly id: string;
  readonly name: string;
  /** Arguments as JSON text, byte for byte; `{}` when there are none, never empty. */
  readonly arguments: string;
  /** Gemini thought signature of this call. */
  readonly signature?: string;
  readonly cache?: CacheMark;
}

export interface ToolResultPart {
  readonly type: 'tool_result';
  readonly callId: string;
  /** Name of the called tool, when the wire tells it. */
  readonly name?: string;
  readonly parts: readonly (TextPart | MediaPart | NativePart)[];
  readonly isError?: boolean;
  readonly cache?: CacheMark;
}

export interface MediaPart {
  readonly type: 'media';
  readonly kind: 'image' | 'audio' | 'video' | 'file';
  readonly source:
    | { readonly type: 'url'; readonly url: string }
    | { readonly type: 'data'; /** base64 */ readonly data: string }
    | { readonly type: 'file_id'; readonly fileId: string };
  /** MIME type; for audio input `audio/<format>`. */
  readonly mediaType?: string;
  readonly filename?: string;
  readonly detail?: string;
  /** Which part of a video is looked at, as durations such as `12.5s`, and at how many pictures a second. */
  readonly clip?: { readonly fps?: number; readonly start?: string; readonly end?: string };
  /** Gemini thought signature of a medium that the model made. */
  readonly signature?: string;
  readonly cache?: CacheMark;
}

export interface CitationPart {
  readonly type: 'citation';
  readonly url: string;
  readonly title?: string;
  /** Character range in the answer's text. */
  readonly start?: number;
  readonly end?: number;
}

export interface RefusalPart {
  readonly type: 'refusal';
  readonly text: string;
}

/**
 * Something only one dialect understands; only that dialect writes it back, unchanged. Raw forms with a `type` are blocks
 * of the content, those without are members of the message as a whole.
 */
export interface NativePart {
  readonly type: 'native';
  readonly dialect: string;
  readonly raw: unknown;
}

export type Part = TextPart | ReasoningPart | ToolCallPart | ToolResultPart | MediaPart | CitationPart | RefusalPart | NativePart;

/** Why the model stopped, in the words of OpenAI's chat API. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';
