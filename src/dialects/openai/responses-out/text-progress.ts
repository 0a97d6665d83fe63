/** A text that comes in pieces and, from most providers, once more as a whole. */
export class TextProgress {
  #text = '';

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** @returns the piece, as text; `''` when it is none */
  add(piece: unknown): string {
    if (typeof piece !== 'string') return '';
    this.#text += piece;
    return piece;
  }

  /** @returns what the whole has beyond the pieces; `''` when the pieces said something else */
  complete(whole: unknown): string {
    if (typeof whole !== 'string' || whole.length <= this.#text.length || !whole.startsWith(this.#text)) return '';
    return this.add(whole.slice(this.#text.length));
  }
}
