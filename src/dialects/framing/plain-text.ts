import type { StreamEvent } from '../../core/dialect.ts';
import type { EventParser } from './event-parser.ts';

/** Text without any framing: each piece is an event, cut between characters. */
export class PlainTextParser implements EventParser {
  readonly #decoder = new TextDecoder('utf-8');

  push(chunk: string | Uint8Array): StreamEvent[] {
    return piece(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true }));
  }

  end(): StreamEvent[] {
    return piece(this.#decoder.decode());
  }
}

function piece(data: string): StreamEvent[] {
  return data === '' ? [] : [{ event: null, data }];
}
