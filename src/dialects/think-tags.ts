const OPEN = '<think>';
const CLOSE = '</think>';

export interface TaggedPiece {
  readonly type: 'reasoning' | 'text';
  /** Never empty. */
  readonly text: string;
}

type Place = 'before' | 'opened' | 'inside' | 'closed' | 'after';

/**
 * Parts a model's text into the thought between `<think>` and `</think>` and the answer behind it, however the stream cut
 * the tags. A thought counts only at the very beginning: later tags are text about tags. White space next to the tags is
 * layout and vanishes. Joined pieces are the same for every way of cutting the input.
 */
export class ThinkTags {
  #place: Place;
  /** Text that may turn out to be a tag or its white space. */
  #held = '';

  /** @param opened the prompt itself ended with `<think>`, so the text begins inside */
  constructor({ opened = false }: { readonly opened?: boolean } = {}) {
    this.#place = opened ? 'opened' : 'before';
  }

  push(text: string): TaggedPiece[] {
    this.#held += text;
    const pieces: TaggedPiece[] = [];
    while (this.#advance(pieces));
    return pieces;
  }

  /** The text ended. What was held back belongs to where it stood. */
  end(): TaggedPiece[] {
    const pieces: TaggedPiece[] = [];
    const type = this.#place === 'inside' ? 'reasoning' : 'text';
    if (this.#place !== 'opened' && this.#place !== 'closed') this.#release(pieces, type, this.#held.length);
    this.#held = '';
    this.#place = 'after';
    return pieces;
  }

  /** One step; false when more text is needed first. */
  #advance(pieces: TaggedPiece[]): boolean {
    switch (this.#place) {
      case 'before':
        return this.#findOpening(pieces);
      case 'opened':
        return this.#skipSpaceTo('inside');
      case 'inside':
        return this.#findClosing(pieces);
      case 'closed':
        return this.#skipSpaceTo('after');
      case 'after':
      default:
        this.#release(pieces, 'text', this.#held.length);
        return false;
    }
  }

  #findOpening(pieces: TaggedPiece[]): boolean {
    const start = this.#held.trimStart();
    if (OPEN.startsWith(start)) {
      if (start !== OPEN) return false;
    } else if (!start.startsWith(OPEN)) {
      this.#release(pieces, 'text', this.#held.length);
      this.#place = 'after';
      return false;
    }
    this.#held = start.slice(OPEN.length);
    this.#place = 'opened';
    return true;
  }

  #findClosing(pieces: TaggedPiece[]): boolean {
    const at = this.#held.indexOf(CLOSE);
    if (at === -1) {
      this.#release(pieces, 'reasoning', this.#held.length - beginningOfTag(this.#held));
      return false;
    }
    this.#release(pieces, 'reasoning', at);
    this.#held = this.#held.slice(CLOSE.length);
    this.#place = 'closed';
    return true;
  }

  #skipSpaceTo(next: Place): boolean {
    this.#held = this.#held.trimStart();
    if (this.#held === '') return false;
    this.#place = next;
    return true;
  }

  #release(pieces: TaggedPiece[], type: TaggedPiece['type'], length: number): void {
    if (length === 0) return;
    pieces.push({ type, text: this.#held.slice(0, length) });
    this.#held = this.#held.slice(length);
  }
}

/** How many characters at the end of the text could begin `</think>`. */
function beginningOfTag(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(CLOSE.slice(0, length))) return length;
  }
  return 0;
}
