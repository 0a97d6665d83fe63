import { blocksOf, type Block } from './blocks.ts';

/**
 * The blocks of a text that grows at its end: what stands is not read again, only its last block, which may still change. A block that did
 * not change is the same object.
 */
export class GrowingText {
  #text = '';
  #settled: Block[] = [];
  /** Where the last block begins. */
  #from = 0;

  read(text: string): readonly Block[] {
    if (!text.startsWith(this.#text.slice(0, this.#from)) || text.length < this.#text.length) {
      this.#settled = [];
      this.#from = 0;
    }
    this.#text = text;
    const lines = text.slice(this.#from).split('\n');
    const placed = blocksOf(lines);
    const open = placed.at(-1);
    if (!open) return this.#settled;
    this.#settled.push(...placed.slice(0, -1).map(({ block }) => block));
    for (let line = 0; line < open.line; line += 1) this.#from += (lines[line] ?? '').length + 1;
    return [...this.#settled, open.block];
  }
}
