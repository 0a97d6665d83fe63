import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HeaderList } from '../core/header-list.ts';
import { MalformedAnswerError } from '../core/provider-error.ts';
import type { StreamForm } from '../dialects/gemini/content/frames.ts';
import type { StreamReply } from '../exchange/reply.ts';

const EVENTS = 'text/event-stream; charset=utf-8';
/** A list of JSON values that grows. */
const LIST = 'application/json; charset=utf-8';
const HEADERS = ['cache-control', 'no-cache', 'x-accel-buffering', 'no'];
const CHUNKED = ['transfer-encoding', 'chunked'];
const CLOSING = ['connection', 'close'];

/** A client that takes nothing for so long is gone, whatever its connection says, milliseconds. */
const STALLED_MS = 300_000;

/**
 * An answer that leaves as it arrives: server-sent events, a list, or audio. Text is latin1, one character a byte.
 *
 * Writes the frames of chunked transfer itself: Node makes four writes of each chunk, this makes one.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #headers: () => HeaderList;
  /** HTTP/1.0 knows no chunks: the stream ends with its connection. */
  readonly #chunked: boolean;
  /** What its text is. */
  readonly #textType: string;
  #sendsText = false;

  /** @param headers of the answer; asked when it begins @param form of its text */
  constructor(request: IncomingMessage, response: ServerResponse, headers: () => HeaderList, form: StreamForm = 'events') {
    this.#response = response;
    this.#headers = headers;
    this.#chunked = request.httpVersionMinor > 0;
    this.#textType = form === 'list' ? LIST : EVENTS;
  }

  /** The client is gone. */
  get gone(): boolean {
    return this.#response.destroyed;
  }

  /** Status and headers are under way. */
  get begun(): boolean {
    return this.#response.headersSent;
  }

  /** What was begun is text, in which an error can be told. */
  get sendsText(): boolean {
    return this.#sendsText;
  }

  /** Sends status and headers, unless they are under way. */
  open(contentType = this.#textType): void {
    const response = this.#response;
    if (response.headersSent) return;
    this.#sendsText = contentType === this.#textType;
    response.writeHead(200, [...this.#headers(), 'content-type', contentType, ...HEADERS, ...(this.#chunked ? CHUNKED : CLOSING)]);
    response.chunkedEncoding = false;
  }

  /** @returns undefined while the socket takes more; else resolves when it does again, or when the client is gone */
  write(text: string): Promise<void> | undefined {
    if (text === '' || this.#response.write(this.#framed(text), 'latin1') || this.gone) return undefined;
    return this.#room();
  }

  /** Breaks the connection off: bytes that are not events have no other way to tell that they are not all. */
  breakOff(): void {
    this.#response.destroy();
  }

  /** Ends the stream, with a last text where there is one. */
  end(text = ''): void {
    if (this.gone) return;
    this.#response.end((text === '' ? '' : this.#framed(text)) + (this.#chunked ? '0\r\n\r\n' : ''), 'latin1');
  }

  #framed(text: string): string {
    return this.#chunked ? `${text.length.toString(16)}\r\n${text}\r\n` : text;
  }

  #room(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stalled = setTimeout(() => this.#response.destroy(), STALLED_MS);
    const done = (): void => {
      clearTimeout(stalled);
      this.#response.off('drain', done);
      this.#response.off('close', done);
      resolve();
    };
    this.#response.on('drain', done);
    this.#response.on('close', done);
    return promise;
  }
}

/**
 * Writes a running answer, at the speed its reader takes it (data-plane 10.5).
 *
 * @param errorEvent the event that tells an error in the client's dialect, latin1; nothing follows it (ruling E4)
 * @returns the error that ended the stream, or null
 */
export async function sendStream(events: EventStream, reply: StreamReply, errorEvent: (error: unknown) => string): Promise<unknown> {
  try {
    // A sign of life has promised events.
    if (reply.contentType !== null && events.begun) throw new MalformedAnswerError('The provider answered without events.', 'shape');
    events.open(reply.contentType ?? undefined);
    const full = events.write(reply.first);
    if (full) await full;
    for await (const text of reply.rest) {
      const waits = events.write(text);
      if (waits) await waits;
    }
    events.end();
    return null;
  } catch (error) {
    await reply.rest.return(undefined);
    if (events.sendsText) events.end(errorEvent(error));
    else events.breakOff();
    return error;
  }
}
