import type { Framing } from '../../core/dialect.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { parserFor } from '../../dialects/framing/parser-for.ts';
import type { StreamTranslator } from '../codec.ts';
import { ReadStream, type Voice } from '../codecs/read-stream.ts';
import type { Used } from '../meter.ts';
import type { Reading } from './measured.ts';
import { parsed } from './told-usage.ts';

type Headers = Readonly<Record<string, string>>;

/** What a copy of an answer told when the answer was over, or broke off. */
export interface Heard {
  readonly used: Used;
  /** The answer itself says that it failed; null: it does not. */
  readonly failure: Error | null;
}

/** Listens to an answer on its way to the client. What it keeps is bounded. */
export interface Tap {
  push(chunk: Buffer): void;
  /** @param whole the answer came to its end in good order */
  heard(whole: boolean): Heard;
  /** Bytes of output so far. */
  readonly outputBytes: number;
}

const FRAMINGS: Readonly<Record<string, Framing>> = {
  'text/event-stream': 'sse',
  'application/x-ndjson': 'ndjson',
  'application/vnd.amazon.eventstream': 'aws-event-stream',
};

/** Nothing is said to anybody: the bytes themselves go to the client. */
const SILENT: Voice = { tell: () => '', finish: () => '' };

/** A tap that fits what the provider says its answer is. */
export function tapFor(headers: Headers, reading: Reading): Tap {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const packed = (headers['content-encoding'] ?? 'identity') !== 'identity';
  const framing = Object.hasOwn(FRAMINGS, type) ? FRAMINGS[type] : undefined;
  if (framing !== undefined && !packed) return new StreamTap(framing, reading);
  return new BodyTap(reading, headers, type.endsWith('json') && !packed);
}

/** Reads a stream as it goes by. */
class StreamTap implements Tap {
  readonly #stream: StreamTranslator;
  #failure: Error | null = null;
  #deaf = false;

  constructor(framing: Framing, reading: Reading) {
    this.#stream = reading.translator?.() ?? new ReadStream(parserFor(framing), reading.reader(), SILENT, () => undefined);
  }

  get outputBytes(): number {
    return this.#stream.outputBytes;
  }

  push(chunk: Buffer): void {
    if (!this.#deaf && !this.#stream.done) this.#take(() => this.#stream.push(chunk));
  }

  heard(whole: boolean): Heard {
    if (whole && !this.#deaf && !this.#stream.done) this.#take(() => this.#stream.end());
    return { used: this.#stream, failure: this.#failure };
  }

  #take(step: () => void): void {
    try {
      step();
      if (this.#stream.failure) throw this.#stream.failure;
    } catch (error) {
      this.#deaf = true;
      // What is not understood is not wrong: it passes, and its use is counted from what was.
      if (error instanceof Error && !(error instanceof MalformedAnswerError)) this.#failure = error;
    }
  }
}

/** More of a body than any answer that tells its usage has. */
const LARGEST_KEPT = 16_777_216;

/** Keeps a body to read it when it is here. */
class BodyTap implements Tap {
  readonly #reading: Reading;
  readonly #headers: Headers;
  #kept: Buffer[] | null;
  #size = 0;

  constructor(reading: Reading, headers: Headers, readable: boolean) {
    this.#reading = reading;
    this.#headers = headers;
    this.#kept = readable ? [] : null;
  }

  /** Nothing of pictures and sound is text. */
  get outputBytes(): number {
    return this.#reading.translator === undefined ? this.#size : 0;
  }

  push(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > LARGEST_KEPT) this.#kept = null;
    this.#kept?.push(chunk);
  }

  heard(whole: boolean): Heard {
    const size = this.outputBytes;
    const unknown: Heard = { used: { usage: null, outputBytes: size, keptBytes: size, text: () => '' }, failure: null };
    if (this.#kept === null) return this.#size === 0 ? unknown : { ...unknown, used: { ...unknown.used, ...this.#reading.unread } };
    if (!whole) return unknown;
    try {
      const { text, ...told } = this.#reading.whole(parsed(Buffer.concat(this.#kept).toString('utf8')), this.#headers);
      return { used: { ...told, outputBytes: size, keptBytes: size, text: () => text }, failure: null };
    } catch (error) {
      return error instanceof Error && !(error instanceof MalformedAnswerError) ? { ...unknown, failure: error } : unknown;
    }
  }
}
