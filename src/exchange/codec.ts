import type { Deployment } from '../core/deployment.ts';
import type { ErrorReply, Framing, ToldFailure } from '../core/dialect.ts';
import type { Job } from '../core/job.ts';
import type { ProviderError } from '../core/provider-error.ts';
import type { Usage } from '../core/usage.ts';
import type { TlsCheck } from '../providers/transport/transport.ts';
import type { Upstream } from './upstream.ts';
import type { Call } from './call.ts';
import type { OutgoingUpload } from './codecs/outgoing-upload.ts';

/** A whole answer, ready for the client. */
export interface WholeAnswer {
  readonly body: Buffer;
  readonly usage: Usage | null;
  /** What is billed, and marked, where the price asks for what {@link usage} does not tell. Absent: tokens are counted. */
  readonly guess?: Usage;
  /** Absent: JSON. */
  readonly contentType?: string;
  /** What the model wrote, for counting when the provider did not. Called at most once. */
  text(): string;
}

/** Turns the provider's stream into the client's. Text is latin1: one character a byte. */
export interface StreamTranslator {
  /** The client's bytes for what arrived; `''` when nothing is ready yet. @throws {ProviderError} for an error inside the stream */
  push(chunk: Buffer): string;
  /** The connection closed in good order. @throws {TruncatedStreamError} */
  end(): string;
  /** The answer is whole: what was returned last holds its end. */
  readonly done: boolean;
  /** An error met behind what was returned last: nothing else may follow it. */
  readonly failure: Error | null;
  readonly usage: Usage | null;
  /** As in {@link WholeAnswer}. */
  readonly guess?: Usage;
  /** All was said, and what it used is told elsewhere: at the closing question of its job. Absent: no. */
  readonly unsettled?: boolean;
  /** What the bytes are; absent: server-sent events. */
  readonly contentType?: string;
  /** What the provider counted before the end; its output is not final. Null: nothing yet. */
  readonly early: Usage | null;
  /** Bytes of text, reasoning and arguments seen so far. */
  readonly outputBytes: number;
  /** How many of them stand in {@link text}: it is bounded (ruling M13). */
  readonly keptBytes: number;
  text(): string;
  /** The client's bytes for a stream that breaks off here; null, and absent: its dialect tells the error alone. */
  fail?(failure: ToldFailure): string | null;
}

/** What a provider takes only in several requests: they are made one after another, and fail together unless it is said otherwise. */
export interface RestOfCall {
  readonly requests: readonly Prepared[];
  /** What came before one of them failed is an answer all the same. */
  readonly partly?: boolean;
  /** What those that were answered told of their use: it is paid for, also when a later one fails. Absent where `partly` holds. */
  told?(): readonly Usage[];
  /** The answer of all of them, the first one included; told when each has been read by `whole`. */
  joined(): WholeAnswer;
}

/** A call in one provider's words, and the way back. Made anew for every attempt. */
export interface Prepared {
  /** `https://host:port` */
  readonly origin: string;
  readonly tls: TlsCheck;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | OutgoingUpload;
  /** How the provider frames a stream; `bytes`: not at all, it is the thing itself. */
  readonly framing: Framing | 'bytes';
  /** What the provider does not get of what was asked, a line each; absent: it gets all of it. */
  readonly leftOut?: readonly string[];
  /** Further requests that the one answer needs. */
  readonly rest?: RestOfCall;
  /** How the answer is asked for that is made after the request was taken; absent: the first answer is it. */
  readonly job?: Job;
  /** Of `bytes`: whether an answer leaves as it arrives, whatever was asked for. */
  streams?(headers: Readonly<Record<string, string>>): boolean;
  /** @throws {ProviderError} when the body is no answer */
  whole(body: Buffer, headers: Readonly<Record<string, string>>): WholeAnswer;
  /** What a whole answer still needs before it may leave; absent: nothing. */
  completed?(answer: WholeAnswer): Promise<WholeAnswer>;
  /** The client's whole stream for an answer that came in one body although a stream was asked for; latin1. */
  retold(answer: WholeAnswer): string;
  /** @param headers of the provider's answer, lower case names */
  stream(headers: Readonly<Record<string, string>>): StreamTranslator;
  error(reply: ErrorReply): ProviderError;
}

export interface PrepareContext {
  /** Model name for the client: the one it sent, or after a fallback the upstream's (ruling E6). */
  readonly shownModel: string;
  /** Members that a fallback target replaces; null: none. */
  readonly overrides: Readonly<Record<string, unknown>> | null;
}

/** Knows one operation in one client dialect. */
export interface Codec {
  /**
   * @throws {UnsupportedParamsError | InvalidRequestError} when the provider cannot be asked this
   */
  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared>;
}
