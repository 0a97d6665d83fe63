import type { StreamEvent } from '../../core/dialect.ts';
import type { EventParser } from './event-parser.ts';
import { LineSplitter } from './line-splitter.ts';
import { isWholeEvent } from './whole-json.ts';

/** Reads JSON lines, cut anywhere; blank lines are dropped. The JSON itself is the reader's business. */
export class NdjsonParser implements EventParser {
  readonly #lines = new LineSplitter();

  /** @throws {MalformedAnswerError} when a line grows beyond 16 MB */
  push(chunk: string | Uint8Array): StreamEvent[] {
    return this.#lines.push(chunk).filter(isNotBlank).map(eventOf);
  }

  /** The last line when it is whole JSON, although no newline ended it. */
  end(): StreamEvent[] {
    const rest = this.#lines.end().trim();
    return isWholeEvent(rest) ? [eventOf(rest)] : [];
  }
}

const isNotBlank = (line: string): boolean => line.trim() !== '';
const eventOf = (line: string): StreamEvent => ({ event: null, data: line });
