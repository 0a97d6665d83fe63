import { MAX_EVENT_LENGTH, tooLong } from '../../framing/line-splitter.ts';
import { isWholeEvent } from '../../framing/whole-json.ts';

/**
 * Cuts a stream into its events without taking them apart: each is the text of one event with the blank line that ends
 * it, so that what needs no change goes on byte for byte. Line ends become `\n`, which JSON text never holds.
 */
export class RawEvents {
  /** What no blank line ended yet; looked at only when one comes, so that a long event costs its length once. */
  #tail = '';
  /** Characters behind the last newline. */
  #sinceNewline = Infinity;
  /** The last chunk ended with `\r`, which may be half of `\r\n`: it waits. */
  #halfNewline = false;
  /** This server was seen to leave out blank lines. */
  #sparse = false;

  /** @param chunk latin1 @throws {MalformedAnswerError} when an event grows beyond 16 MB */
  push(chunk: string): readonly string[] {
    if (this.#tail === '' && !this.#halfNewline && isOneEvent(chunk)) return [chunk];
    const text = this.#normal(chunk);
    const events: string[] = [];
    const before = this.#sinceNewline;
    const newline = text.lastIndexOf('\n');
    this.#sinceNewline = newline === -1 ? before + text.length : text.length - newline - 1;
    this.#tail += text;
    if (text.includes('\n\n') || (before === 0 && text.startsWith('\n'))) this.#takeWhole(events);
    if (this.#tail.length > MAX_EVENT_LENGTH) throw tooLong();
    if (this.#tail !== '' && (newline !== -1 || before < LONGEST_FIELD)) this.#takeSparse(events);
    return events;
  }

  /** The last event, when it is whole although no blank line ended it. */
  end(): string[] {
    const rest = this.#tail.trim();
    this.#tail = '';
    return rest === '' ? [] : apart(`${rest}\n\n`).filter((event) => isWholeEvent(dataOf(event).data));
  }

  #normal(chunk: string): string {
    if (!this.#halfNewline && !chunk.includes('\r')) return chunk;
    const text = this.#halfNewline ? `\r${chunk}` : chunk;
    this.#halfNewline = text.endsWith('\r');
    return (this.#halfNewline ? text.slice(0, -1) : text).replace(/\r\n?/g, '\n');
  }

  #takeWhole(events: string[]): void {
    const text = this.#tail;
    let at = skipNewlines(text, 0);
    for (let end = text.indexOf('\n\n', at); end !== -1; end = text.indexOf('\n\n', at)) {
      events.push(...apart(text.slice(at, end + 2)));
      at = skipNewlines(text, end + 2);
    }
    this.#tail = text.slice(at);
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
    this.#tail = isWhole ? '' : last;
  }
}

/** `event:`, the longest word that begins an event. */
const LONGEST_FIELD = 6;
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
