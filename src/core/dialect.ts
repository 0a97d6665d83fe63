import type { Answer, EmbeddingsAnswer, ImagesAnswer, StreamPart } from './answer.ts';
import type { Job } from './job.ts';
import type { MediaPart } from './parts.ts';
import type { ProviderError } from './provider-error.ts';
import type { ChatRequest, CompletionRequest, EmbeddingsRequest, ImageRequest } from './request.ts';
import type { Usage } from './usage.ts';
import type { Heard, OutwardSpeech, OutwardTranscription, SpeechRequest, TranscriptionRequest } from './voices.ts';

/** How a provider is spoken to. OpenAI has two: its chat (`openai`) and its Responses. */
export type DialectName =
  | 'openai'
  | 'responses'
  | 'anthropic'
  | 'ollama'
  | 'cohere'
  | 'gemini'
  | 'bedrock'
  | 'vectors'
  | 'pictures'
  | 'watsonx'
  | 'prompted'
  | 'oci'
  | 'a2a'
  | 'coze'
  | 'dify'
  | 'langflow'
  | 'langgraph'
  | 'replicate'
  | 'gigachat'
  | 'sap'
  | 'voices';

/** Who runs a maker's models in its dialect, where that changes the words. */
export type Host = 'vertex';

/** What is known of a model; `null` is "unknown" and never refuses a call. */
export interface Abilities {
  readonly vision: boolean | null;
  readonly tools: boolean | null;
  readonly jsonSchema: boolean | null;
  readonly reasoning: boolean | null;
  readonly audioInput: boolean | null;
  readonly pdfInput: boolean | null;
  readonly promptCaching: boolean | null;
  readonly webSearch: boolean | null;
  readonly maxInputTokens: number | null;
  readonly maxOutputTokens: number | null;
}

/** How parameters that the provider cannot take are handled (data-plane 11.2). */
export interface ParamPolicy {
  /** Drop unsupported OpenAI parameters instead of refusing with `UnsupportedParamsError`. */
  readonly drop: boolean;
  /** Names sent although believed unsupported. */
  readonly allow: readonly string[];
  /** May repair histories the provider would refuse (`modify_params`). */
  readonly modify: boolean;
}

/** Whom a request is encoded for. */
export interface Target {
  /** Catalogue id, e.g. `anthropic`, `ollama_chat`, `groq`. */
  readonly provider: string;
  /** The provider's name of the model, without prefix. */
  readonly model: string;
  readonly abilities: Abilities;
  readonly params: ParamPolicy;
  /** Absent: the dialect's maker itself. */
  readonly host?: Host;
  /** Which wire of a dialect that has several, by the name it has in its table (`dialects/prompted/wires.ts`). */
  readonly wire?: string;
  /** Where in the owner's account the model is called, in words of the dialect; no client can set it. Absent: the key says it. */
  readonly scope?: Readonly<Record<string, string>>;
}

/**
 * How the provider frames its stream. `aws-payload`: AWS's frames, whose payloads join to a stream of another framing; `text`: not at
 * all, the bytes are the text.
 */
export type Framing = 'sse' | 'ndjson' | 'aws-event-stream' | 'aws-payload' | 'text';

/** One event of a stream, framing removed. For NDJSON `data` is the line, for `text` a piece of it, and `event` is null; AWS names failures `exception:<type>`. */
export interface StreamEvent {
  readonly event: string | null;
  readonly data: string;
}

/**
 * Reads a stream. Pure: events in, parts out; no clock, no socket.
 * Throws {@link ProviderError} when the provider reports an error inside the stream.
 */
export interface StreamReader {
  push(event: StreamEvent): StreamPart[];
  /** The connection closed in good order. @throws {TruncatedStreamError} when the answer was not finished */
  end(): StreamPart[];
  /** The provider said the end: nothing that still comes counts, and nobody waits for the connection to close. */
  readonly finished: boolean;
  /** All was said, and what it used is told at the closing question of its job. Absent: no. */
  readonly unsettled?: boolean;
  /** What the provider counted before the end: its input is final, its output is not. Absent: it tells at the end alone. */
  readonly usageSoFar?: Usage | undefined;
}

/** A request in the provider's words, and how to read what comes back. Made once for each attempt. */
export interface OutwardChat {
  /** Path below the base URL, e.g. `/v1/messages`. */
  readonly path: string;
  /** Headers of the dialect itself (`anthropic-version`, `anthropic-beta`); credentials come later. Lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON-able body, `stream` set as asked. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly framing: Framing;
  /** The provider answers by a stream whatever is asked for: a whole answer is read from one. */
  readonly streamsOnly?: boolean;
  /** How the answer is asked for that is made after the request was taken; absent: the first answer is it. */
  readonly job?: Job;
  /** Reads a whole answer from its parsed JSON. @throws {MalformedAnswerError} */
  answer(body: unknown): Answer;
  reader(): StreamReader;
}

/** Tells one answer in the client's dialect. Made anew for each attempt. */
export interface Teller {
  /** The body of a whole answer. */
  whole(answer: Answer): Readonly<Record<string, unknown>>;
  writer(): PartWriter;
}

/** Writes the parts of one stream as server-sent events. */
export interface PartWriter {
  /** @returns events to append, `''` when the part says nothing to the client */
  write(part: StreamPart): string;
  /** The end of the stream. */
  finish(): string;
  /** The end of a stream that broke off, where the dialect tells more than the error. */
  fail?(failure: ToldFailure): string;
}

/** An error as the envelope of OpenAI's API has it. */
export interface ToldFailure {
  readonly message: string;
  readonly type: string;
  /** A symbol, or the HTTP status as text. */
  readonly code: string | null;
  readonly param: string | null;
}

export interface OutwardEmbeddings {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** @param headers of the answer, lower case names: some providers count there */
  answer(body: unknown, headers?: Readonly<Record<string, string>>): EmbeddingsAnswer;
}

export interface OutwardImages {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** @throws {ProviderError} when the provider made nothing */
  answer(body: unknown): ImagesAnswer;
}

/** A host of Google's `generateContent`, to which a client of that API is led as it came (ruling B1). */
export interface ContentHost {
  /** Path of a method of a model. @param method with its query, if it has one */
  readonly methodPath: (model: string, method: string) => string;
  /** How bodies name a model, `models/...`; absent: they do not, and the host knows no `embedContent`. */
  readonly resourceName?: (model: string) => string;
}

/** An HTTP answer with an error status, or an error body inside a 200. */
export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Body text as it came, at most 64 kB. */
  readonly body: string;
}

/** A dialect seen from the gateway outwards: how to speak to a provider. Pure. */
export interface OutwardDialect {
  readonly name: DialectName;
  /** @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said in this dialect */
  chat(request: ChatRequest, target: Target): OutwardChat;
  /** Text to go on from, without a conversation around it. Absent: the dialect has no words for it. @throws as {@link chat} */
  readonly completion?: (request: CompletionRequest, target: Target) => OutwardChat;
  /** Absent: the dialect has no embeddings. */
  readonly embeddings?: (request: EmbeddingsRequest, target: Target) => OutwardEmbeddings;
  /** Present where the provider speaks `generateContent`. */
  readonly content?: (target: Target) => ContentHost;
  /** Most inputs of one embeddings call: of more, the journey makes several calls. Absent: any number goes in one. */
  readonly mostEmbeddingInputs?: number | ((target: Target) => number | undefined);
  /**
   * Pictures, made from words or from other pictures. Absent: the dialect has none.
   *
   * @throws {UnsupportedParamsError | InvalidRequestError}
   */
  readonly images?: (request: ImageRequest, target: Target) => OutwardImages;
  /** Most pictures of one request: of more, the journey makes several requests. Absent: any number. */
  readonly mostImages?: (target: Target) => number;
  /**
   * A text spoken, in words of the provider's own. Absent: the dialect has none.
   *
   * @throws {UnsupportedParamsError | InvalidRequestError}
   */
  readonly speech?: (request: SpeechRequest, target: Target) => OutwardSpeech;
  /** Recordings written down, in words of the provider's own. Absent: the dialect has none. */
  readonly transcription?: {
    /** @throws {UnsupportedParamsError | InvalidRequestError} */
    readonly ask: (request: TranscriptionRequest, target: Target) => OutwardTranscription;
    /** @throws {ProviderError} when the body is no transcript */
    readonly read: (body: unknown, target: Target) => Heard;
  };
  /**
   * Whether the provider cannot take this medium by its URL. The journey then fetches it through the egress policy
   * and hands `chat` the bytes instead.
   *
   * @param host who is asked; absent: the dialect's maker
   */
  mustInline(media: MediaPart, host?: Host): boolean;
  error(reply: ErrorReply): ProviderError;
}
