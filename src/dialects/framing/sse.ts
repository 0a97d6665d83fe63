import type { StreamEvent } from '../../core/dialect.ts';
import type { EventParser } from './event-parser.ts';
import { LineSplitter, MAX_EVENT_LENGTH, tooLong } from './line-splitter.ts';
import { isWholeEvent } from './whole-json.ts';

/**
 * Reads server-sent events, cut anywhere. Comments and the fields `id` and `retry` are dropped.
 *
 * Kinder than the standard in two places that real providers need: events that hold whole JSON may be separated by a
 * single newline (OpenRouter, OCI), and the last event may lack its blank line.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class SseParser implements EventParser {
  readonly #lines = new LineSplitter();
  #name: string | null = null;
  #data: string | null = null;
  /** The `event:` line stood behind the data: it may name the next event. */
  #nameFollowsData = false;
  /** This server was seen to leave out blank lines, so whole JSON is an event at once. */
  #sparse = false;

  /** @throws {MalformedAnswerError} when an event grows beyond 16 MB */
  push(chunk: string | Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const line of this.#lines.push(chunk)) this.#take(line, events);
    return events;
  }

  /** The last event when it is whole; half an event is dropped, as the standard says. */
  end(): StreamEvent[] {
    const events: StreamEvent[] = [];
    const rest = this.#lines.end();
    if (rest !== '') this.#take(rest, events);
    if (this.#data !== null && isWholeEvent(this.#data)) this.#dispatch(events);
    return events;
  }

  #take(line: string, events: StreamEvent[]): void {
    if (line === '') return this.#dispatch(events);
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1);
    if (field === 'data') this.#takeData(value, events);
    else if (field === 'event') this.#takeName(value, events);
  }

  #takeData(value: string, events: StreamEvent[]): void {
    if (this.#data !== null && this.#beginsAnother(value)) this.#dispatchEarly(events);
    this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    if (this.#data.length > MAX_EVENT_LENGTH) throw tooLong();
    if (this.#sparse && isWholeEvent(this.#data)) this.#dispatch(events);
  }

  #takeName(value: string, events: StreamEvent[]): void {
    if (this.#data !== null && this.#name !== null && isWholeEvent(this.#data)) this.#dispatchEarly(events);
    this.#nameFollowsData = this.#data !== null;
    this.#name = value;
  }

  #beginsAnother(value: string): boolean {
    return (value.startsWith('{') || value === '[DONE]') && this.#data !== null && isWholeEvent(this.#data);
  }

  /** Ends an event for which no blank line came. */
  #dispatchEarly(events: StreamEvent[]): void {
    this.#sparse = true;
    const nextName = this.#nameFollowsData ? this.#name : null;
    if (this.#nameFollowsData) this.#name = null;
    this.#dispatch(events);
    this.#name = nextName;
  }

  #dispatch(events: StreamEvent[]): void {
    if (this.#data !== null) events.push({ event: this.#name, data: this.#data });
    this.#name = null;
    this.#data = null;
    this.#nameFollowsData = false;
  }
}

const SPACE = 32;
