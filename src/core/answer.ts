import type { CitationPart, FinishReason, MediaPart, NativePart, Part } from './parts.ts';
import type { Usage } from './usage.ts';

export interface Finish {
  readonly reason: FinishReason;
  /** The provider's own word, kept when it says more than ours. */
  readonly native?: string;
}

export interface AnswerChoice {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly finish: Finish;
  /** `logprobs` object in OpenAI's form. */
  readonly logprobs?: unknown;
}

/** A whole answer. Folding a stream of parts (`foldStream`) gives the same. */
export interface Answer {
  /** The provider's id, when it gave one. */
  readonly id?: string;
  /** Seconds since 1970, when the provider told. */
  readonly created?: number;
  /** Upstream's name of the model that answered. */
  readonly model?: string;
  readonly choices: readonly AnswerChoice[];
  /** Absent when the provider reported none: it is then counted by us. */
  readonly usage?: Usage;
  /** Members for the OpenAI answer that have no part (`system_fingerprint`, `service_tier`). */
  readonly extras?: Readonly<Record<string, unknown>>;
}

/**
 * One step of a streamed answer. `choice` is the choice's index and absent for 0.
 * Order within a choice: `start` first of all, `finish` after the choice's content, `usage` any time (last one wins).
 */
export type StreamPart =
  | {
      readonly type: 'start';
      readonly id?: string;
      readonly created?: number;
      readonly model?: string;
      readonly extras?: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'text_delta'; readonly text: string; readonly choice?: number; readonly logprobs?: unknown }
  | { readonly type: 'reasoning_delta'; readonly text: string; readonly choice?: number }
  /** Ends the current reasoning block with its signature. */
  | { readonly type: 'reasoning_signature'; readonly signature: string; readonly origin: string; readonly choice?: number }
  /** A whole block of encrypted reasoning. */
  | { readonly type: 'reasoning_encrypted'; readonly encrypted: string; readonly origin: string; readonly choice?: number }
  /** `index` counts tool calls of the choice from 0, whatever the provider counts. */
  | {
      readonly type: 'tool_call_start';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly signature?: string;
      readonly choice?: number;
    }
  | { readonly type: 'tool_call_delta'; readonly index: number; readonly arguments: string; readonly choice?: number }
  /** The call is whole; its argument pieces join to JSON text (`{}` was emitted when there were none). */
  | { readonly type: 'tool_call_end'; readonly index: number; readonly choice?: number }
  | { readonly type: 'refusal_delta'; readonly text: string; readonly choice?: number }
  | { readonly type: 'citation'; readonly citation: CitationPart; readonly choice?: number }
  | { readonly type: 'media'; readonly media: MediaPart; readonly choice?: number }
  | { readonly type: 'native'; readonly native: NativePart; readonly choice?: number }
  | { readonly type: 'finish'; readonly finish: Finish; readonly choice?: number }
  | { readonly type: 'usage'; readonly usage: Usage };

export type StreamPartOf<T extends StreamPart['type']> = Extract<StreamPart, { type: T }>;

/** One vector for each input, in order. */
export interface EmbeddingsAnswer {
  readonly model?: string;
  /** Numbers, or the base64 text the provider sent when base64 was asked for. */
  readonly vectors: readonly (readonly number[] | string)[];
  readonly usage?: Usage;
}

/** A picture that a model made. */
export interface MadeImage {
  /** base64; absent where {@link url} tells where it is. */
  readonly data?: string;
  readonly url?: string;
  /** What the model made of the prompt, where it says so. */
  readonly revisedPrompt?: string;
}

export interface ImagesAnswer {
  readonly images: readonly MadeImage[];
  readonly usage?: Usage;
}
