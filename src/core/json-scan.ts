/**
 * Finds the top-level members of a JSON object without building values, so that a body can be forwarded as it came
 * (performance rule 1). Works on latin1 text, one character a byte: V8 searches and cuts such strings faster than it
 * does buffers. Checks the grammar between strings; inside strings only the end is looked for.
 */

/** Where one top-level member stands: `text.slice(keyStart, valueEnd)` is `"key": value`. */
export interface Member {
  readonly name: string;
  /** Index of the key's opening quote. */
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface Scan {
  readonly members: readonly Member[];
  /** Index of the closing brace. */
  readonly end: number;
}

/** Not JSON, or JSON beyond the limits. `at` is a byte index. */
export class JsonScanError extends Error {
  override readonly name = 'JsonScanError';
  readonly at: number;
  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Ruling E8. */
export const MAX_DEPTH = 128;
export const MAX_KEYS = 10_000;

/** Below this a plain loop finds the end of a string sooner than the native search does. */
const SHORT_STRING = 16;

/**
 * @param text the body's bytes as latin1
 * @throws {JsonScanError} when the text is no JSON object, or nest or grow beyond the limits
 */
export function scanObject(text: string): Scan {
  return new Scanner(text).object();
}

class Scanner {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  object(): Scan {
    const members: Member[] = [];
    let at = this.#blank(startOf(this.#text));
    if (this.#text.charCodeAt(at) !== OPEN_BRACE) {
      const end = this.#blank(this.#value(at, 1));
      if (end < this.#text.length) throw new JsonScanError('Extra data', end);
      throw new JsonScanError('expected an object', at);
    }
    at = this.#blank(at + 1);
    if (this.#text.charCodeAt(at) !== CLOSE_BRACE) {
      for (;;) {
        const keyStart = at;
        if (this.#text.charCodeAt(at) !== QUOTE) throw new JsonScanError('Expecting property name enclosed in double quotes', at);
        const keyEnd = this.#string(at);
        at = this.#colon(keyEnd);
        const valueStart = at;
        at = this.#value(at, 1);
        members.push({ name: nameOf(this.#text, keyStart, keyEnd), keyStart, valueStart, valueEnd: at });
        if (members.length > MAX_KEYS) throw new JsonScanError(`an object has more than ${MAX_KEYS} members`, keyStart);
        at = this.#blank(at);
        if (this.#text.charCodeAt(at) === CLOSE_BRACE) break;
        at = this.#comma(at);
      }
    }
    const end = at;
    at = this.#blank(at + 1);
    if (at < this.#text.length) throw new JsonScanError('Extra data', at);
    return { members, end };
  }

  /** Skips one value; returns the index after it. */
  #value(at: number, depth: number): number {
    const byte = this.#text.charCodeAt(at);
    if (byte === QUOTE) return this.#string(at);
    if (byte === OPEN_BRACE) return this.#container(at, depth + 1, CLOSE_BRACE);
    if (byte === OPEN_BRACKET) return this.#container(at, depth + 1, CLOSE_BRACKET);
    if (byte === 0x74 && this.#text.startsWith('true', at)) return at + 4;
    if (byte === 0x66 && this.#text.startsWith('false', at)) return at + 5;
    if (byte === 0x6e && this.#text.startsWith('null', at)) return at + 4;
    return this.#number(at);
  }

  #container(open: number, depth: number, close: number): number {
    if (depth > MAX_DEPTH) throw new JsonScanError(`nesting is deeper than ${MAX_DEPTH}`, open);
    let at = this.#blank(open + 1);
    if (this.#text.charCodeAt(at) === close) return at + 1;
    for (let count = 1; ; count++) {
      if (close === CLOSE_BRACE) {
        if (this.#text.charCodeAt(at) !== QUOTE) throw new JsonScanError('Expecting property name enclosed in double quotes', at);
        if (count > MAX_KEYS) throw new JsonScanError(`an object has more than ${MAX_KEYS} members`, at);
        at = this.#colon(this.#string(at));
      }
      at = this.#blank(this.#value(at, depth));
      if (this.#text.charCodeAt(at) === close) return at + 1;
      at = this.#comma(at);
    }
  }

  /** Skips a string that opens at `open`; returns the index after its closing quote. */
  #string(open: number): number {
    const text = this.#text;
    let at = open + 1;
    const soon = Math.min(at + SHORT_STRING, text.length);
    while (at < soon) {
      const byte = text.charCodeAt(at);
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
    }
    for (;;) {
      at = text.indexOf('"', at);
      if (at === -1) throw new JsonScanError('Unterminated string starting at', open);
      let slashes = at;
      while (text.charCodeAt(slashes - 1) === BACKSLASH) slashes--;
      at++;
      if ((at - 1 - slashes) % 2 === 0) return at;
    }
  }

  #number(start: number): number {
    const text = this.#text;
    let at = start;
    if (text.charCodeAt(at) === 0x2d) at++;
    const digits = at;
    at = skipDigits(text, at);
    if (at === digits || (text.charCodeAt(digits) === 0x30 && at > digits + 1)) throw new JsonScanError('Expecting value', start);
    if (text.charCodeAt(at) === 0x2e) {
      const fraction = at + 1;
      at = skipDigits(text, fraction);
      if (at === fraction) throw new JsonScanError('Expecting value', start);
    }
    if (text.charCodeAt(at) === 0x65 || text.charCodeAt(at) === 0x45) {
      at++;
      if (text.charCodeAt(at) === 0x2b || text.charCodeAt(at) === 0x2d) at++;
      const exponent = at;
      at = skipDigits(text, at);
      if (at === exponent) throw new JsonScanError('Expecting value', start);
    }
    return at;
  }

  #colon(at: number): number {
    const colon = this.#blank(at);
    if (this.#text.charCodeAt(colon) !== COLON) throw new JsonScanError("Expecting ':' delimiter", colon);
    return this.#blank(colon + 1);
  }

  #comma(at: number): number {
    if (this.#text.charCodeAt(at) !== COMMA) throw new JsonScanError("Expecting ',' delimiter", at);
    return this.#blank(at + 1);
  }

  #blank(from: number): number {
    let at = from;
    for (;;) {
      const byte = this.#text.charCodeAt(at);
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
      at++;
    }
  }
}

/** After a UTF-8 byte order mark, if there is one. */
function startOf(text: string): number {
  return text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
}

function skipDigits(text: string, from: number): number {
  let at = from;
  for (;;) {
    const byte = text.charCodeAt(at);
    if (!(byte >= 0x30 && byte <= 0x39)) return at;
    at++;
  }
}

function nameOf(text: string, keyStart: number, keyEnd: number): string {
  const name = text.slice(keyStart + 1, keyEnd - 1);
  if (!/[\\\x80-\xff]/.test(name)) return name;
  try {
    return JSON.parse(`"${Buffer.from(name, 'latin1').toString('utf8')}"`) as string;
  } catch {
    throw new JsonScanError('Invalid \\escape', keyStart);
  }
}
