import { InvalidRequestError } from './errors.ts';
import { isObject, type JsonObject } from './json-object.ts';
import { JsonScanError, scanObject, type Member, type Scan } from './json-scan.ts';

/** A change to a top-level member: JSON text to stand as its value, or `null` to take the member out. */
export type Edits = ReadonlyMap<string, string | null>;

/**
 * A JSON object that a client sent: its bytes, an index of its top-level members, and values parsed when asked for.
 */
export class JsonDocument {
  readonly #bytes: Buffer;
  /** The bytes as latin1 text, one character a byte. */
  readonly #text: string;
  readonly #scan: Scan;
  readonly #members = new Map<string, Member>();
  readonly #values = new Map<string, unknown>();
  #whole: JsonObject | null = null;
  #repeats = false;

  private constructor(bytes: Buffer, text: string, scan: Scan) {
    this.#bytes = bytes;
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
      return new JsonDocument(bytes, text, scanObject(text));
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
    return this.#bytes;
  }

  /**
   * The body with some members changed, taken out or added; everything else byte for byte as it came.
   * New members are appended. When names repeat, the object is written anew so that every reader sees the same.
   */
  edited(edits: Edits): Buffer {
    if (this.#repeats) return JsonDocument.of(this.whole()).edited(edits);
    const pieces = this.#removes(edits) ? this.#assembled(edits) : this.#replaced(edits);
    let separator = this.#keepsAny(edits) ? ',' : '';
    for (const [name, text] of edits) {
      if (text === null || this.#members.has(name)) continue;
      pieces.push(`${separator}${JSON.stringify(name)}:${latin1(text)}`);
      separator = ',';
    }
    pieces.push('}');
    return this.#joined(pieces);
  }

  #removes(edits: Edits): boolean {
    for (const [name, text] of edits) if (text === null && this.#members.has(name)) return true;
    return false;
  }

  #keepsAny(edits: Edits): boolean {
    for (const name of this.#members.keys()) if (edits.get(name) !== null) return true;
    return false;
  }

  /** Only values change: everything between them stays, blanks too. Lacks the closing brace. */
  #replaced(edits: Edits): Piece[] {
    const pieces: Piece[] = [];
    let from = 0;
    for (const member of this.#scan.members) {
      const text = edits.get(member.name);
      if (typeof text !== 'string') continue;
      pieces.push({ from, to: member.valueStart }, latin1(text));
      from = member.valueEnd;
    }
    pieces.push({ from, to: this.#scan.end });
    return pieces;
  }

  /** Some members go: the others are set side by side anew. Lacks the closing brace. */
  #assembled(edits: Edits): Piece[] {
    const pieces: Piece[] = ['{'];
    for (const { name, keyStart, valueStart, valueEnd } of this.#scan.members) {
      const text = edits.get(name);
      if (text === null) continue;
      if (pieces.length > 1) pieces.push(',');
      pieces.push({ from: keyStart, to: text === undefined ? valueEnd : valueStart });
      if (text !== undefined) pieces.push(latin1(text));
    }
    return pieces;
  }

  /** One copy, whatever the size: text would be joined first and copied again. */
  #joined(pieces: readonly Piece[]): Buffer {
    let size = 0;
    for (const piece of pieces) size += typeof piece === 'string' ? piece.length : piece.to - piece.from;
    const output = Buffer.allocUnsafe(size);
    let at = 0;
    for (const piece of pieces)
      at += typeof piece === 'string' ? output.write(piece, at, 'latin1') : this.#bytes.copy(output, at, piece.from, piece.to);
    return output;
  }
}

/** Bytes of the document, or new text as latin1. */
type Piece = string | { readonly from: number; readonly to: number };

const NOT_ASCII = /[\x80-\uffff]/;

/** Only such numbers can be more than a double holds. */
const LONG_NUMBER = /\d{16}/;

/** Whole numbers beyond 2^53 stay as they are written (data-plane 3). */
function keptNumber(this: unknown, _key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && source !== undefined
    ? JSON.rawJSON(source)
    : value;
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
    const json = NOT_ASCII.test(text)
      ? Buffer.from(text, 'latin1')
          .toString('utf8')
          .replace(/^\ufeff/, '')
      : text;
    return LONG_NUMBER.test(json) ? JSON.parse(json, keptNumber) : JSON.parse(json);
  } catch (error) {
    throw new InvalidRequestError(
      `Invalid JSON payload: ${error instanceof Error ? error.message.slice(0, 200) : 'not JSON'}`,
      'request_body',
    );
  }
}

function syntaxError(text: string, error: JsonScanError): InvalidRequestError {
  if (error.message === 'expected an object') return new InvalidRequestError('Invalid JSON payload: expected an object', 'request_body');
  const before = Buffer.from(text.slice(0, error.at), 'latin1').toString('utf8');
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return new InvalidRequestError(
    `Invalid JSON payload: ${error.message}: line ${line} column ${column} (char ${before.length})`,
    'request_body',
  );
}
