import { closingQuote } from '../../../core/json-text.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import { appendedText, placeOf } from './learn-skeleton.ts';

/**
 * What stays the same in the events of a stream that only go on with the text of a choice. Such an event that differs from one
 * that was read in its text alone says nothing else, and need not be parsed: most of what a stream costs is the parsing.
 */
export class TextShape {
  readonly #before: string;
  readonly #after: string;

  private constructor(before: string, after: string) {
    this.#before = before;
    this.#after = after;
  }

  /** @param chunk the parsed data; null: it does more than that, or its text is not found */
  static of(data: string, chunk: JsonObject): TextShape | null {
    const said = appendedText(chunk);
    const place = said?.name === 'content' ? placeOf(data, said.holder[said.name] as string) : null;
    return place && new TextShape(data.slice(0, place.start), data.slice(place.end));
  }

  /** The text of an event of this shape; null: it has another. */
  textOf(data: string): string | null {
    const { length } = this.#before;
    if (data.slice(0, length) !== this.#before) return null;
    const end = closingQuote(data, length);
    return end !== -1 && data.slice(end) === this.#after ? unescaped(data.slice(length, end)) : null;
  }
}

const ESCAPED = /[\\\x00-\x1f]/;

function unescaped(text: string): string | null {
  if (!ESCAPED.test(text)) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // Whoever parses the whole event says what is wrong with it.
    return null;
  }
}
