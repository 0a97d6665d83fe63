import type { Framing } from '../../core/dialect.ts';
import type { EventParser } from './event-parser.ts';
import { NdjsonParser } from './ndjson.ts';
import { SseParser } from './sse.ts';

/** A parser for one stream of this framing. */
export function parserFor(framing: Framing): EventParser {
  return framing === 'sse' ? new SseParser() : new NdjsonParser();
}
