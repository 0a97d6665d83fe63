import type { Caller } from '../core/caller.ts';
import type { JsonDocument } from '../core/json-document.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { StreamForm } from '../dialects/gemini/content/frames.ts';
import type { FallbackTarget } from '../router/fallbacks.ts';
import type { Client } from './client.ts';
import type { Upload } from './upload.ts';

/** What a call is for; each has its codecs in `exchange/codecs/`. */
export type Operation =
  | 'chat'
  | 'messages'
  | 'responses'
  | 'generate'
  | 'embed'
  | 'completions'
  | 'embeddings'
  | 'moderations'
  | 'rerank'
  | 'speech'
  | 'transcription'
  | 'image_generation'
  | 'image_edit';

/** What a row may tell of: an operation, or a request that passed as it was. */
export type CallKind = Operation | 'passed';

const CALL_TYPE = {
  chat: 'acompletion',
  messages: 'anthropic_messages',
  responses: 'aresponses',
  generate: 'agenerate_content',
  embeddings: 'aembedding',
  embed: 'aembedding',
  speech: 'aspeech',
  transcription: 'atranscription',
  completions: 'atext_completion',
  moderations: 'amoderation',
  rerank: 'arerank',
  image_generation: 'aimage_generation',
  image_edit: 'aimage_edit',
  passed: 'pass_through_endpoint',
} as const satisfies Record<CallKind, string>;

/** Name of the operation in spend rows, as LiteLLM's users know it. */
export function callTypeOf({ operation, stream }: Pick<BookedCall, 'operation' | 'stream'>): string {
  return operation === 'generate' && stream ? 'agenerate_content_stream' : CALL_TYPE[operation];
}

/** The operation's path as errors name it: of OpenAI's without `/v1`. */
export const OPERATION_PATH = {
  chat: '/chat/completions',
  messages: '/v1/messages',
  responses: '/responses',
  generate: '/v1beta/models/{model}:generateContent',
  embeddings: '/embeddings',
  embed: '/v1beta/models/{model}:embedContent',
  speech: '/audio/speech',
  transcription: '/audio/transcriptions',
  completions: '/completions',
  moderations: '/moderations',
  rerank: '/rerank',
  image_generation: '/images/generations',
  image_edit: '/images/edits',
} as const satisfies Record<Operation, string>;

/** What request headers, body extras, key and settings say about how to make this call. */
export interface CallOptions {
  /** Whole call, milliseconds; null: deployment and settings decide (ruling E3). */
  readonly timeoutMs: number | null;
  readonly streamTimeoutMs: number | null;
  readonly retries: number | null;
  /** Targets the client itself names; null: the configuration's lists. */
  readonly fallbacks: readonly FallbackTarget[] | null;
  readonly fallbacksOff: boolean;
  readonly dropParams: boolean | null;
  readonly additionalDropParams: readonly string[];
  readonly allowedParams: readonly string[];
  /** Answer to give without asking anybody; undefined: none. */
  readonly mock: unknown;
  /** The error that the first group is made to fail with (`mock_testing_*`); null: none. */
  readonly failFirstGroup: Error | null;
  /** Headers for the provider that the client asked to pass (`x-pass-*`, `extra_headers`). Lower case names. */
  readonly upstreamHeaders: Readonly<Record<string, string>>;
  /** Headers of the client's own dialect (`anthropic-beta`), for a provider that speaks it too; lower case names. Absent: none. */
  readonly dialectHeaders?: Readonly<Record<string, string>>;
  /** Whether a streaming client asked for the usage chunk. */
  readonly includeUsage: boolean;
}

/** Facts for the spend row that say nothing about how to make the call. */
export interface CallOrigin {
  readonly endUser: string | null;
  readonly sessionId: string | null;
  readonly tags: readonly string[];
  /** `metadata.spend_logs_metadata` or its header. */
  readonly notes: JsonObject | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Route as the client called it, e.g. `/v1/chat/completions`. */
  readonly route: string;
}

/** What of a call is measured, held for and booked. */
export interface BookedCall {
  readonly requestId: string;
  readonly callId: string;
  readonly operation: CallKind;
  readonly caller: Caller;
  /** Model as the client named it. */
  readonly model: string;
  /** After the key's aliases. */
  readonly groupName: string;
  /** The request's members; of a form its text fields. */
  readonly body: JsonDocument;
  /** Whether the answer leaves as it arrives; speech always does. */
  readonly stream: boolean;
  readonly origin: CallOrigin;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** `clock.elapsed()` at arrival. */
  readonly arrivedAt: number;
}

/** One call of a client, parsed and authorised. Immutable. */
export interface Call extends BookedCall {
  readonly operation: Operation;
  /** The file that comes with the body; absent: none does. */
  readonly upload?: Upload;
  /** How a stream is framed, where the client's dialect knows two ways; absent: as server-sent events. */
  readonly streamForm?: StreamForm;
  readonly options: CallOptions;
  readonly client: Client;
}
