import type { Framing } from '../../core/dialect.ts';
import { AwsEventStreamParser } from './aws-event-stream.ts';
import { AwsPayloadParser } from './aws-payload.ts';
import type { EventParser } from './event-parser.ts';
import { NdjsonParser } from './ndjson.ts';
import { PlainTextParser } from './plain-text.ts';
import { SseParser } from './sse.ts';

const PARSERS: Readonly<Record<Framing, () => EventParser>> = {
  sse: () => new SseParser(),
  ndjson: () => new NdjsonParser(),
  'aws-event-stream': () => new AwsEventStreamParser(),
  'aws-payload': () => new AwsPayloadParser(),
  text: () => new PlainTextParser(),
};

/** A parser for one stream of this framing. */
export function parserFor(framing: Framing): EventParser {
  return PARSERS[framing]();
}
