import { fromLatin1, toLatin1 } from '../latin1.ts';

/** Most text that is kept for counting; beyond it only bytes are counted (ruling M13). */
const MAX_KEPT = 64 * 1024;
/** Pieces are joined in groups, so that they do not keep the events alive of which they are slices. */
const GROUP = 32;

/** What a model wrote, kept as it stood in the JSON and decoded only when somebody wants it. */
export class OutputRecord {
  #joined = '';
  #pieces: string[] = [];
  #kept = 0;
  #bytes = 0;

  /** Bytes of text, reasoning and arguments so far, kept or not. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many of them are kept. */
  get keptBytes(): number {
    return this.#kept;
  }

  /** @param escaped content of a JSON string, latin1, escapes kept */
  add(escaped: string): void {
    this.#bytes += escaped.length;
    if (this.#kept >= MAX_KEPT) return;
    this.#kept += escaped.length;
    this.#pieces.push(escaped);
    if (this.#pieces.length === GROUP) this.#join();
  }

  addText(text: string): void {
    if (text !== '') this.add(toLatin1(JSON.stringify(text).slice(1, -1)));
  }

  /** The text kept so far, at most about 64 kB, taken out of the record. */
  take(): string {
    this.#join();
    const text = fromLatin1(this.#joined);
    this.#joined = '';
    this.#kept = MAX_KEPT;
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch {
      return text;
    }
  }

  #join(): void {
    this.#joined += this.#pieces.join('');
    this.#pieces = [];
  }
}
