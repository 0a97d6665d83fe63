import { MalformedAnswerError } from '../../core/provider-error.ts';

/** Longest event or line we are willing to hold, in characters: 16 MiB. */
export const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Cuts text into lines that end with `\n`, `\r\n` or `\r`, however the chunks were cut. Bytes are UTF-8 and may be cut
 * inside a character. A byte order mark at the very beginning vanishes.
 */
export class LineSplitter {
  #decoder: TextDecoder | null = null;
  #tail = '';
  #begun = false;
  /** The last chunk ended with `\r`: a `\n` that begins the next one belongs to it. */
  #afterCarriageReturn = false;

  /** @throws {MalformedAnswerError} when a line grows beyond {@link MAX_EVENT_LENGTH} */
  push(chunk: string | Uint8Array): string[] {
    return this.#split(typeof chunk === 'string' ? chunk : this.#decode(chunk, true));
  }

  /** The text after the last line end; empty when there is none. */
  end(): string {
    const tail = this.#decoder ? this.#tail + this.#decoder.decode() : this.#tail;
    this.#tail = '';
    return tail;
  }

  #decode(bytes: Uint8Array, stream: boolean): string {
    this.#decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
    return this.#decoder.decode(bytes, { stream });
  }

  #split(chunk: string): string[] {
    const lines: string[] = [];
    let at = this.#startOf(chunk);
    // Only the new chunk is searched: a line that arrives in many pieces costs its length once.
    let carriageReturn = chunk.indexOf('\r', at);
    for (;;) {
      const lineFeed = chunk.indexOf('\n', at);
      const stopsAtReturn = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed);
      const stop = stopsAtReturn ? carriageReturn : lineFeed;
      if (stop === -1) break;
      lines.push(this.#tail + chunk.slice(at, stop));
      this.#tail = '';
      at = stop + 1;
      if (!stopsAtReturn) continue;
      if (at === chunk.length) this.#afterCarriageReturn = true;
      else if (chunk.charCodeAt(at) === LINE_FEED) at += 1;
      carriageReturn = chunk.indexOf('\r', at);
    }
    this.#keep(at === 0 ? chunk : chunk.slice(at));
    return lines;
  }

  #startOf(chunk: string): number {
    if (chunk === '') return 0;
    if (!this.#begun) {
      this.#begun = true;
      return chunk.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    }
    const skip = this.#afterCarriageReturn && chunk.charCodeAt(0) === LINE_FEED;
    this.#afterCarriageReturn = false;
    return skip ? 1 : 0;
  }

  #keep(rest: string): void {
    this.#tail += rest;
    if (this.#tail.length > MAX_EVENT_LENGTH) throw tooLong();
  }
}

const LINE_FEED = 10;
const BYTE_ORDER_MARK = 0xfeff;

export function tooLong(): MalformedAnswerError {
  return new MalformedAnswerError(`The provider sent a stream event of more than ${MAX_EVENT_LENGTH / 1_048_576} MB.`, 'shape');
}
