import { crc32 } from 'node:zlib';
import type { StreamEvent } from '../../core/dialect.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../core/provider-error.ts';
import type { EventParser } from './event-parser.ts';
import { MAX_EVENT_LENGTH, tooLong } from './line-splitter.ts';

/** Two lengths and their checksum stand before the headers, the checksum of the whole behind the payload; big endian. */
const PRELUDE = 12;
const TRAILER = 4;

/** Stands before the name of an event that reports a failure, e.g. `exception:throttlingException`. */
export const EXCEPTION = 'exception:';

/**
 * Reads `application/vnd.amazon.eventstream`, cut anywhere. The name of an event is its `:event-type`; exceptions bear
 * {@link EXCEPTION} before theirs. An error without a type of its own is `exception:` and its code, its words as JSON.
 */
export class AwsEventStreamParser implements EventParser {
  readonly #frames = new AwsFrames();

  /** @throws {MalformedAnswerError} for a checksum that is wrong, and for a message of more than 16 MB */
  push(chunk: string | Uint8Array): StreamEvent[] {
    return this.#frames.push(chunk).map(({ event, payload }) => ({ event, data: payload.toString('utf8') }));
  }

  /** @throws {TruncatedStreamError} when the stream broke off inside a message */
  end(): StreamEvent[] {
    this.#frames.end();
    return [];
  }
}

/** A message of the stream: its name as {@link AwsEventStreamParser} has it, its payload as it came. */
interface AwsFrame {
  readonly event: string | null;
  readonly payload: Buffer;
}

/**
 * Cuts bytes into messages.
 *
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html#streaming-event-stream (2026-11-26)
 */
export class AwsFrames {
  #held: Buffer = Buffer.alloc(0);

  /** @throws {MalformedAnswerError} for a checksum that is wrong, and for a message of more than 16 MB */
  push(chunk: string | Uint8Array): AwsFrame[] {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk;
    this.#held = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    const frames: AwsFrame[] = [];
    for (let length = this.#nextLength(); length !== null; length = this.#nextLength()) {
      frames.push(frameOf(this.#held.subarray(0, length)));
      this.#held = this.#held.subarray(length);
    }
    return frames;
  }

  /** @throws {TruncatedStreamError} when the stream broke off inside a message */
  end(): void {
    if (this.#held.length > 0) throw new TruncatedStreamError('The provider closed the stream inside a message.');
  }

  /** Bytes of the next message; null: it is not all here. */
  #nextLength(): number | null {
    if (this.#held.length < PRELUDE) return null;
    if (crc32(this.#held.subarray(0, 8)) !== this.#held.readUInt32BE(8)) throw broken('the checksum of its lengths is wrong');
    const length = this.#held.readUInt32BE(0);
    if (length > MAX_EVENT_LENGTH) throw tooLong();
    if (length < PRELUDE + TRAILER + this.#held.readUInt32BE(4)) throw broken('its lengths contradict each other');
    return this.#held.length < length ? null : length;
  }
}

function frameOf(message: Buffer): AwsFrame {
  const end = message.length - TRAILER;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) throw broken('its checksum is wrong');
  const headersEnd = PRELUDE + message.readUInt32BE(4);
  const headers = headersIn(message.subarray(PRELUDE, headersEnd));
  const payload = message.subarray(headersEnd, end);
  const type = headers.get(':message-type');
  if (type === 'exception') return { event: EXCEPTION + (headers.get(':exception-type') ?? ''), payload };
  if (type !== 'error') return { event: headers.get(':event-type') ?? null, payload };
  const words = JSON.stringify({ message: headers.get(':error-message') ?? '' });
  return { event: EXCEPTION + (headers.get(':error-code') ?? ''), payload: Buffer.from(words) };
}

/** Lengths of the values whose type tells it; 6 and 7 (bytes and text) have their length before them. */
const LENGTH_OF_TYPE: readonly number[] = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];
const TEXT = 7;

/** The headers that are text; others are stepped over. */
function headersIn(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  try {
    for (let at = 0; at < bytes.length;) {
      const nameEnd = at + 1 + bytes.readUInt8(at);
      const name = bytes.toString('utf8', at + 1, nameEnd);
      const type = bytes.readUInt8(nameEnd);
      const fixed = LENGTH_OF_TYPE[type];
      if (fixed === undefined) throw broken(`a header has the unknown type ${type}`);
      const start = nameEnd + (fixed === -1 ? 3 : 1);
      at = start + (fixed === -1 ? bytes.readUInt16BE(nameEnd + 1) : fixed);
      if (at > bytes.length) throw broken('a header is cut off');
      if (type === TEXT) headers.set(name, bytes.toString('utf8', start, at));
    }
  } catch (error) {
    throw error instanceof RangeError ? broken('a header is cut off', error) : error;
  }
  return headers;
}

function broken(why: string, cause?: unknown): MalformedAnswerError {
  return new MalformedAnswerError(`The provider sent a broken message in its event stream: ${why}.`, 'shape', cause);
}
