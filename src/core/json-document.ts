import { InvalidRequestError } from './errors.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { JsonScanError, scanObject, type Member, type Scan } from './json-scan.ts';

/** A change to a top-level member: JSON text to stand as its value, or `null` to take the member out. */
export type Edits = ReadonlyMap<string, string | null>;

/**
 * A JSON object that a client sent: its bytes, an index of its top-level members, and values parsed when asked for.
 */
export class JsonDocument {
  /** The bytes as latin1 text, one character a byte. */
  readonly #text: string;
  readonly #scan: Scan;
  readonly #members = new Map<string, Member>();
  readonly #values = new Map<string, unknown>();
  #whole: JsonObject | null = null;
  #repeats = false;

  private constructor(text: string, scan: Scan) {
    this.#text = text;
    this.#scan = scan;
    for (const member of scan.members) {
      if (this.#members.has(member.name)) {
        this.#repeats = true;
        // Two readers could each take another one: a way around the check of the model (ruling E8).
        if (member.name === 'model') throw new InvalidRequestError("Invalid JSON payload: duplicate member 'model'.", 'model');
      }
      this.#members.set(member.name, member);
    }
  }

  /** @throws {InvalidRequestError} with the place of the first fault */
  static read(bytes: Buffer): JsonDocument {
    const text = bytes.toString('latin1');
    try {
      return new JsonDocument(text, scanObject(text));
    } catch (error) {
      if (error instanceof JsonScanError) throw syntaxError(text, error);
      throw error;
    }
  }

  static of(value: JsonObject): JsonDocument {
    return JsonDocument.read(Buffer.from(JSON.stringify(value)));
  }

  get size(): number {
    return this.#text.length;
  }

  /** The whole body as it came, one character a byte. */
  get latin1(): string {
    return this.#text;
  }

  names(): IterableIterator<string> {
    return this.#members.keys();
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Whether the member starts with this byte: a cheap look at its type (`[`, `{`, `"`). */
  startsWith(name: string, character: string): boolean {
    const member = this.#members.get(name);
    return member !== undefined && this.#text[member.valueStart] === character;
  }

  /** The member's value; `undefined` when absent. The last one counts when a name repeats. */
  value(name: string): unknown {
    const member = this.#members.get(name);
    if (!member) return undefined;
    if (this.#whole) return this.#whole[name];
    if (this.#values.has(name)) return this.#values.get(name);
    const value = parsed(this.#text.slice(member.valueStart, member.valueEnd));
    this.#values.set(name, value);
    return value;
  }

  /** The whole object, parsed. Do not change it. */
  whole(): JsonObject {
    if (this.#whole) return this.#whole;
    const value = parsed(this.#text);
    if (!isObject(value)) throw new InvalidRequestError('Invalid JSON payload: expected an object', 'request_body');
    this.#whole = value;
    return value;
  }

  /** The body as it came. */
  get bytes(): Buffer {
    return Buffer.from(this.#text, 'latin1');
  }

  /**
   * The body with some members changed, taken out or added; everything else byte for byte as it came.
   * New members are appended. When names repeat, the object is written anew so that every reader sees the same.
   */
  edited(edits: Edits): Buffer {
    if (this.#repeats) return JsonDocument.of(this.whole()).edited(edits);
    let output = this.#removes(edits) ? this.#assembled(edits) : this.#replaced(edits);
    let separator = output.endsWith('{') ? '' : ',';
    for (const [name, text] of edits) {
      if (text === null || this.#members.has(name)) continue;
      output += `${separator}${JSON.stringify(name)}:${latin1(text)}`;
      separator = ',';
    }
    return Buffer.from(`${output}}`, 'latin1');
  }

  #removes(edits: Edits): boolean {
    for (const [name, text] of edits) if (text === null && this.#members.has(name)) return true;
    return false;
  }

  /** Only values change: everything between them stays, blanks too. Lacks the closing brace. */
  #replaced(edits: Edits): string {
    let output = '';
    let from = 0;
    for (const member of this.#scan.members) {
      const text = edits.get(member.name);
      if (typeof text !== 'string') continue;
      output += this.#text.slice(from, member.valueStart) + latin1(text);
      from = member.valueEnd;
    }
    return output + this.#text.slice(from, this.#scan.end);
  }

  /** Some members go: the others are set side by side anew. Lacks the closing brace. */
  #assembled(edits: Edits): string {
    let output = '{';
    for (const member of this.#scan.members) {
      const text = edits.get(member.name);
      if (text === null) continue;
      const end = text === undefined ? member.valueEnd : member.valueStart;
      output += (output === '{' ? '' : ',') + this.#text.slice(member.keyStart, end) + (text === undefined ? '' : latin1(text));
    }
    return output;
  }
}

const NOT_ASCII = /[\x80-\uffff]/;

/** Only such numbers can be more than a double holds. */
const LONG_NUMBER = /\d{16}/;

/** Whole numbers beyond 2^53 stay as they are written (data-plane 3). */
function keptNumber(this: unknown, _key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && source !== undefined ? JSON.rawJSON(source) : value;
}

/** Text as one character a byte of its UTF-8. */
function latin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}

/** The value of JSON text that stands one character a byte. */
function parsed(text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  try {
    const json = NOT_ASCII.test(text) ? Buffer.from(text, 'latin1').toString('utf8').replace(/^\ufeff/, '') : text;
    return LONG_NUMBER.test(json) ? JSON.parse(json, keptNumber) : JSON.parse(json);
  } catch (error) {
    throw new InvalidRequestError(`Invalid JSON payload: ${error instanceof Error ? error.message.slice(0, 200) : 'not JSON'}`, 'request_body');
  }
}

function syntaxError(text: string, error: JsonScanError): InvalidRequestError {
  if (error.message === 'expected an object') return new InvalidRequestError('Invalid JSON payload: expected an object', 'request_body');
  const before = Buffer.from(text.slice(0, error.at), 'latin1').toString('utf8');
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return new InvalidRequestError(`Invalid JSON payload: ${error.message}: line ${line} column ${column} (char ${before.length})`, 'request_body');
}
