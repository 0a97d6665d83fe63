import { MAX_EVENT_LENGTH, tooLong } from '../../framing/line-splitter.ts';
import { isWholeEvent } from '../../framing/whole-json.ts';

/**
 * Cuts a stream into its events without taking them apart: each is the text of one event with the blank line that ends
 * it, so that what needs no change goes on byte for byte. Line ends become `\n`, which JSON text never holds.
 */
export class RawEvents {
  #tail = '';
  /** Where the search for a blank line goes on: all before was searched. */
  #searched = 0;
  /** This server was seen to leave out blank lines. */
  #sparse = false;

  /** @param chunk latin1 @throws {MalformedAnswerError} when an event grows beyond 16 MB */
  push(chunk: string): readonly string[] {
    if (this.#tail === '' && isOneEvent(chunk)) return [chunk];
    const text = this.#normal(this.#tail + chunk);
    const events: string[] = [];
    let at = skipNewlines(text, 0);
    for (let end = text.indexOf('\n\n', Math.max(at, this.#searched)); end !== -1; end = text.indexOf('\n\n', at)) {
      events.push(...apart(text.slice(at, end + 2)));
      at = skipNewlines(text, end + 2);
    }
    this.#keep(at === 0 ? text : text.slice(at));
    if (this.#tail !== '') this.#takeSparse(events);
    return events;
  }

  /** The last event, when it is whole although no blank line ended it. */
  end(): string[] {
    const rest = this.#tail.replaceAll('\r', '\n').trim();
    this.#tail = '';
    return rest === '' ? [] : apart(`${rest}\n\n`).filter((event) => isWholeEvent(dataOf(event).data));
  }

  #normal(text: string): string {
    if (!text.includes('\r')) return text;
    // A `\r` at the very end may be half of `\r\n`: it waits.
    const waiting = text.endsWith('\r') ? '\r' : '';
    return text.slice(0, text.length - waiting.length).replace(/\r\n?/g, '\n') + waiting;
  }

  #keep(rest: string): void {
    if (rest.length > MAX_EVENT_LENGTH) throw tooLong();
    this.#tail = rest;
    this.#searched = Math.max(0, rest.length - 2);
  }

  /** Events with a single newline between them (OpenRouter, OCI). The last one may still grow, unless this server does so always. */
  #takeSparse(events: string[]): void {
    if (this.#tail.length > MAX_SPARSE) return;
    this.#sparse ||= BETWEEN_EVENTS.test(this.#tail);
    if (!this.#sparse) return;
    const pieces = apart(this.#tail);
    const last = pieces.pop() ?? '';
    const isWhole = last.endsWith('\n') && isWholeEvent(dataOf(last).data);
    events.push(...pieces, ...(isWhole ? [`${last}\n`] : []));
    this.#keep(isWhole ? '' : last);
  }
}

/** Longer tails are one long event; looking into them again and again would cost too much. */
const MAX_SPARSE = 256 * 1024;

function skipNewlines(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 10) at += 1;
  return at;
}

/** One line and the blank line behind it: how nearly all events come. */
function isOneEvent(text: string): boolean {
  return text.indexOf('\n') === text.length - 2 && text.charCodeAt(text.length - 1) === 10;
}

const BETWEEN_EVENTS = /(?:\}|\[DONE\])\n(?:data|event):/;

/** One event for each whole JSON text in the block; usually the block itself. */
function apart(block: string): string[] {
  if (isOneEvent(block) || !BETWEEN_EVENTS.test(block)) return [block];
  const events: string[] = [];
  let event = '';
  for (const line of block.split(/(?<=\n)(?=data:|event:)/)) {
    if (event !== '' && isWholeEvent(dataOf(event).data)) {
      events.push(`${event}\n`);
      event = '';
    }
    event += line;
  }
  return [...events, event];
}

/** The event's data lines joined, and its name. `data` is empty when there are none. */
export function dataOf(event: string): { name: string | null; data: string } {
  if (event.startsWith('data: ') && isOneEvent(event)) return { name: null, data: event.slice(6, -2) };
  let name: string | null = null;
  const data: string[] = [];
  for (const line of event.split('\n')) {
    const found = FIELD.exec(line);
    if (found?.[1] === 'data') data.push(found[2] ?? '');
    else if (found) name = found[2] ?? '';
  }
  return { name, data: data.join('\n') };
}

/** A byte order mark, as latin1, may stand before the first field. */
const FIELD = /^(?:\u00ef\u00bb\u00bf)?(data|event)(?:: ?(.*))?$/;
