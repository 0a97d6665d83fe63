/** Places in JSON text, found without parsing. The text is known to be JSON, or is parsed beside. */

const BACKSLASH = 92;
const QUOTE = 34;

/** Index of the quote that closes a string whose content begins at `from`; -1 when none does. */
export function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && isEscaped(text, at, from)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - slashes > from && text.charCodeAt(at - slashes - 1) === BACKSLASH) slashes += 1;
  return slashes % 2 === 1;
}

/** Where a string stands: `text.slice(start, end)` is its content between the quotes, escapes kept. */
export interface StringPlace {
  readonly start: number;
  readonly end: number;
}

/**
 * The string value of a member of the outermost object, whatever stands before and inside the other members.
 *
 * @param key member name, plain ASCII
 * @returns null when there is no such member, or it is no string
 */
export function topLevelString(text: string, key: string): StringPlace | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
    else if (code === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (end === -1) return null;
      if (depth === 1 && end - at - 1 === key.length && text.startsWith(key, at + 1)) {
        const value = valueAfter(text, end + 1);
        if (value !== -1) return text.charCodeAt(value) === QUOTE ? placeAt(text, value + 1) : null;
      }
      at = end;
    }
  }
  return null;
}

const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COLON = 58;

/** The value's first character when a colon follows, so that what stood before was a key; else -1. */
export function valueAfter(text: string, from: number): number {
  const colon = skipBlank(text, from);
  return text.charCodeAt(colon) === COLON ? skipBlank(text, colon + 1) : -1;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}

function placeAt(text: string, start: number): StringPlace | null {
  const end = closingQuote(text, start);
  return end === -1 ? null : { start, end };
}
