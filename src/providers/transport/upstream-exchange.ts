import type { Dispatcher } from 'undici';
import { ClientGoneError, TimeoutError } from '../../core/errors.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { connectionError } from './connection-error.ts';
import type { Deadlines, Watched } from './deadlines.ts';
import type { StreamedBody } from './streamed-body.ts';

/** How long each phase of one upstream call may take, milliseconds. */
export interface Timeouts {
  /** Start to response headers and first body byte. */
  readonly firstByteMs: number;
  /** Start to the end of the answer; null for a stream, which may run as long as it moves. */
  readonly totalMs: number | null;
  /** Between two reads of a stream once it runs. */
  readonly idleMs: number;
  /** How much of the caller's time-out was spent before: an error names all of it. Absent: nothing. */
  readonly spentMs?: { readonly firstByte: number; readonly total: number };
}

type Headers = Readonly<Record<string, string>>;

/** A stream is paused when this much of it waits unread, and resumed below half of it. */
const BUFFER_LIMIT = 1_048_576;

/** How long a provider may go on after the end of its answer. */
const DRAIN_MS = 1000;

/**
 * One HTTP exchange with a provider: undici's handler on one side, promises on the other.
 * Ends exactly once: in order, by failure, by time-out, or by {@link abort}.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler, Watched {
  /** Whether all of the request left for the provider: from then on its prompt is billed (ruling M4). */
  sent = false;
  status = 0;
  headers: Headers = {};
  /** `clock.elapsed()` of the first body byte; 0 before. */
  firstByteAt = 0;

  readonly #timeouts: Timeouts;
  readonly #deadlines: Deadlines;
  readonly #elapsed: () => number;
  readonly #source: StreamedBody | null;
  /** Moved on by the time that the request's own source takes. */
  #startedAt: number;
  #checkedAt: number;
  #connected = false;
  readonly #opened = Promise.withResolvers<void>();
  #controller: Dispatcher.DispatchController | null = null;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #reader: PromiseWithResolvers<Buffer | null> | null = null;
  #lastReadAt = 0;
  #paused = false;
  #draining = false;
  #drainBy = 0;
  #ended = false;
  #error: Error | null = null;

  /** @param source of a body that is not here yet; null: it is */
  constructor(timeouts: Timeouts, deadlines: Deadlines, elapsed: () => number, source: StreamedBody | null = null) {
    this.#timeouts = timeouts;
    this.#deadlines = deadlines;
    this.#elapsed = elapsed;
    this.#source = source;
    this.#startedAt = elapsed();
    this.#checkedAt = this.#startedAt;
    deadlines.watch(this);
  }

  /** Response headers are here. Rejects with what went wrong before. */
  opened(): Promise<void> {
    return this.#opened.promise;
  }

  /**
   * All that has arrived since the last call, as one piece; waits when nothing has. `null` at the end.
   * One reader at a time.
   */
  read(): Promise<Buffer | null> | Buffer {
    if (this.#chunks.length > 0) return this.#take();
    if (this.#error) throw this.#error;
    if (this.#ended) return END;
    this.#reader = Promise.withResolvers<Buffer | null>();
    return this.#reader.promise;
  }

  /** The whole body; at once when it is here already. @throws {MalformedAnswerError} when it is larger than `limit` bytes */
  whole(limit: number): Promise<Buffer> | Buffer {
    const isHere = this.#ended && !this.#error && this.#chunks.length > 0 && this.#buffered <= limit;
    return isHere ? this.#take() : this.#gathered(limit);
  }

  async #gathered(limit: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = await this.read();
      if (piece === null) return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      size += piece.length;
      if (size > limit) {
        this.abort();
        throw new MalformedAnswerError(`The provider's answer is larger than ${Math.floor(limit / 1_048_576)} MB.`, 'shape');
      }
      pieces.push(piece);
    }
  }

  /** Ends the exchange from our side; the connection is closed. Nothing happens when it is over. */
  abort(reason: Error = new ClientGoneError('the call was given up')): void {
    if (this.#ended) return;
    this.#finish(reason);
    this.#controller?.abort(reason);
  }

  /** Nobody reads on: what still comes is thrown away, so that the connection serves the next call. */
  drain(): void {
    this.#draining = true;
    this.#chunks = [];
    this.#buffered = 0;
    this.#drainBy = this.#elapsed() + DRAIN_MS;
    if (this.#paused) {
      this.#paused = false;
      this.#controller?.resume();
    }
  }

  check(now: number): boolean {
    if (this.#ended) return false;
    const { firstByteMs, totalMs, idleMs, spentMs = NONE_SPENT } = this.#timeouts;
    if (this.#source?.waits) this.#startedAt += now - this.#checkedAt;
    this.#checkedAt = now;
    const running = now - this.#startedAt;
    if (this.#draining) {
      if (now >= this.#drainBy) this.abort();
      return !this.#ended;
    }
    if (totalMs !== null && running >= totalMs) this.abort(new TimeoutError('total', totalMs + spentMs.total));
    else if (this.firstByteAt === 0 && running >= firstByteMs)
      this.abort(new TimeoutError(this.#connected ? 'first byte' : 'connect', firstByteMs + spentMs.firstByte));
    // A stream that we paused ourselves waits for the client, not for the provider.
    else if (this.firstByteAt !== 0 && !this.#paused && totalMs === null && now - this.#lastReadAt >= idleMs)
      this.abort(new TimeoutError('idle', idleMs));
    return !this.#ended;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) {
      controller.abort(this.#error ?? new ClientGoneError('the call was given up'));
      return;
    }
    this.#controller = controller;
    this.#connected = true;
    this.sent = this.#source === null;
  }

  onRequestSent(): void {
    this.sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = flat(headers);
    this.#lastReadAt = this.#elapsed();
    this.#opened.resolve();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended || this.#draining) return;
    this.#lastReadAt = this.#elapsed();
    if (this.firstByteAt === 0) this.firstByteAt = this.#lastReadAt;
    const reader = this.#reader;
    if (reader) {
      this.#reader = null;
      reader.resolve(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered > BUFFER_LIMIT && !this.#paused) {
      this.#paused = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    this.#finish(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#ended) return;
    this.#finish(connectionError(error, this.status !== 0));
  }

  #take(): Buffer {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#buffered = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#lastReadAt = this.#elapsed();
      this.#controller?.resume();
    }
    const [first] = chunks;
    return chunks.length === 1 && first ? first : Buffer.concat(chunks);
  }

  #finish(error: Error | null): void {
    this.#ended = true;
    this.#error = error;
    this.#deadlines.unwatch(this);
    this.#source?.stop();
    const reader = this.#reader;
    this.#reader = null;
    if (error) {
      this.#opened.promise.catch(() => undefined);
      this.#opened.reject(error);
      reader?.reject(error);
    } else {
      this.#opened.resolve();
      reader?.resolve(null);
    }
  }
}

const NONE_SPENT = { firstByte: 0, total: 0 };

const END: Promise<null> = Promise.resolve(null);

/** One text for each name; several values are joined as HTTP allows. Nearly always they are so already. */
function flat(headers: Record<string, string | string[] | undefined>): Headers {
  if (isFlat(headers)) return headers;
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) result[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return result;
}

function isFlat(headers: Record<string, string | string[] | undefined>): headers is Record<string, string> {
  for (const name in headers) if (typeof headers[name] !== 'string') return false;
  return true;
}
