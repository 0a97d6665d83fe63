import type { StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { Usage } from '../../core/usage.ts';
import { UsageReader } from './told-usage.ts';

/** Reads a stream in its dialect's words as long as it keeps to them, and from then on for its usage alone: it passes either way. */
export class ForgivingReader implements StreamReader {
  #reader: StreamReader;
  readonly #strict: StreamReader;

  constructor(strict: StreamReader) {
    this.#reader = strict;
    this.#strict = strict;
  }

  get finished(): boolean {
    return this.#reader.finished;
  }

  get usageSoFar(): Usage | undefined {
    return this.#reader.usageSoFar;
  }

  push(event: StreamEvent): StreamPart[] {
    return this.#kept((reader) => reader.push(event));
  }

  /** @throws {TruncatedStreamError} */
  end(): StreamPart[] {
    return this.#kept((reader) => reader.end());
  }

  #kept(step: (reader: StreamReader) => StreamPart[]): StreamPart[] {
    try {
      return step(this.#reader);
    } catch (error) {
      if (!(error instanceof MalformedAnswerError) || this.#reader !== this.#strict) throw error;
      this.#reader = new UsageReader();
      return step(this.#reader);
    }
  }
}
