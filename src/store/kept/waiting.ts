/** A text that is not on the disk yet. */
export interface WaitingText {
  readonly text: string | null;
}

/** Texts that wait to be written, oldest first. */
export class Waiting<T extends WaitingText> {
  readonly #mostBytes: number;
  #entries: T[] = [];
  #bytes = 0;

  /** @param mostBytes beyond it the oldest goes */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** @returns what there is no room for any more */
  push(entry: T): T[] {
    this.#entries.push(entry);
    this.#bytes += sizeOf(entry);
    let lost = 0;
    while (this.#bytes > this.#mostBytes && lost < this.#entries.length - 1) {
      const oldest = this.#entries[lost++];
      if (oldest) this.#bytes -= sizeOf(oldest);
    }
    return lost === 0 ? [] : this.#entries.splice(0, lost);
  }

  /** At least one, then as many as `bytes` hold. */
  take(bytes: number): T[] {
    let [count, size] = [0, 0];
    for (const entry of this.#entries) {
      if (count > 0 && size + sizeOf(entry) > bytes) break;
      count++;
      size += sizeOf(entry);
    }
    this.#bytes -= size;
    return this.#entries.splice(0, count);
  }

  putBack(entries: readonly T[]): void {
    this.#entries.unshift(...entries);
    for (const entry of entries) this.#bytes += sizeOf(entry);
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }
}

function sizeOf({ text }: WaitingText): number {
  return text?.length ?? 0;
}
