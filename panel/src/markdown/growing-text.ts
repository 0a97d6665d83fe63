import { blocksOf, type Block, type PlacedBlock } from './blocks.ts';

/**
 * The blocks of a text that grows at its end: what stands is not read again, only its end, which may still change. A block that did
 * not change is the same object.
 */
export class GrowingText {
  #text = '';
  #settled: Block[] = [];
  /** Where what may still change begins. */
  #from = 0;

  read(text: string): readonly Block[] {
    if (!text.startsWith(this.#text.slice(0, this.#from)) || text.length < this.#text.length) {
      this.#settled = [];
      this.#from = 0;
    }
    this.#text = text;
    const lines = text.slice(this.#from).split('\n');
    const placed = blocksOf(lines);
    const open = openAt(placed, lines.length - 1);
    const blocks = placed.map(({ block }) => block);
    const all = [...this.#settled, ...blocks];
    this.#settled.push(...blocks.slice(0, open));
    const line = placed[open]?.line ?? 0;
    for (let at = 0; at < line; at += 1) this.#from += (lines[at] ?? '').length + 1;
    return all;
  }
}

/** Which block may still change: the last one; the one before it as well while the last one is but a line that has not ended. */
function openAt(placed: readonly PlacedBlock[], lastLine: number): number {
  const last = placed.length - 1;
  return Math.max(0, placed[last]?.line === lastLine ? last - 1 : last);
}
