import { isObject } from '../../../core/json-object.ts';

/** How the arguments of a custom tool begin. */
const BEGIN = /^\s*\{\s*"input"\s*:\s*"/;
/** Arguments that have not begun so by then are of another form. */
const MOST_BEFORE = 64;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * The text for a custom tool out of the arguments `{"input": "..."}`, piece by piece. What a model writes in another form waits for
 * its end and is told as it is.
 */
export class CustomText {
  #held = '';
  #stage: 'before' | 'inside' | 'behind' = 'before';
  #isWhole = false;

  /** Characters that wait for more. */
  get held(): number {
    return this.#held.length;
  }

  /** The arguments were not cut off. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  push(text: string): string {
    if (this.#stage === 'behind') return '';
    const isLate = this.#stage === 'before' && this.#held.length > MOST_BEFORE;
    this.#held += text;
    if (isLate) return '';
    if (this.#stage === 'before') {
      const begin = BEGIN.exec(this.#held);
      if (!begin) return '';
      this.#stage = 'inside';
      this.#held = this.#held.slice(begin[0].length);
    }
    return this.#inside();
  }

  /** What still waited. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    if (this.#stage !== 'before') return this.#stage === 'behind' ? '' : rest;
    this.#stage = 'behind';
    const value = parsed(rest);
    this.#isWhole = value !== undefined;
    if (isObject(value) && typeof value['input'] === 'string') return value['input'];
    return typeof value === 'string' ? value : rest;
  }

  #inside(): string {
    const piece = this.#held.slice(0, endOfPiece(this.#held));
    this.#held = this.#held.slice(piece.length);
    if (this.#held.startsWith('"')) {
      this.#stage = 'behind';
      this.#isWhole = true;
      this.#held = '';
    }
    return piece.replaceAll(ESCAPE, (_, code: string | undefined, character: string) =>
      code === undefined ? (ESCAPED[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}

/** How far a JSON string goes: up to its end, or up to an escape that is cut. */
function endOfPiece(text: string): number {
  let at = 0;
  while (at < text.length && text[at] !== '"') {
    const next = at + (text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2);
    if (next > text.length) break;
    at = next;
  }
  return at;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
