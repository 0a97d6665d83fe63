import type { StreamEvent } from '../../core/dialect.ts';

/** Removes the framing of a stream. One for each stream; it keeps what a chunk cut in half. */
export interface EventParser {
  /** Takes text, or UTF-8 bytes cut anywhere. @throws {MalformedAnswerError} when an event grows beyond 16 MB */
  push(chunk: string | Uint8Array): StreamEvent[];
  /** The stream closed. */
  end(): StreamEvent[];
}
