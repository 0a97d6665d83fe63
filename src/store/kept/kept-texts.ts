import { DiskTexts, type DiskTextsParts } from './disk-texts.ts';
import { MemoryTexts } from './memory-texts.ts';
import type { TextKeeper } from './text-keeper.ts';

/** Where texts are kept, if at all. */
export type Keeping = 'memory' | 'disk' | 'none';

/** Keeps texts where a setting says, which may change at any time. What is on the disk is deleted where it is not to be there. */
export class KeptTexts implements TextKeeper {
  readonly #memory: MemoryTexts;
  readonly #disk: DiskTexts;
  #keeping: Keeping = 'memory';
  #started = false;

  constructor(parts: DiskTextsParts) {
    this.#memory = new MemoryTexts(parts.clock, parts.bounds);
    this.#disk = new DiskTexts(parts);
  }

  /** What memory holds goes along to the disk; back again nothing does. */
  use(keeping: Keeping): void {
    const before = this.#keeping;
    if (keeping === before) return;
    this.#keeping = keeping;
    if (keeping === 'disk') this.#memory.handOver(this.#disk);
    else this.#memory.clear();
    if (this.#started) this.#settle();
  }

  /** When this process alone has the data folder. */
  start(): void {
    this.#started = true;
    this.#settle();
  }

  stop(): Promise<void> {
    return this.#disk.stop();
  }

  get empty(): boolean {
    return this.#keeper?.empty ?? true;
  }

  put(key: string, owner: string, text: string): void {
    this.#keeper?.put(key, owner, text);
  }

  async get(key: string): Promise<string | null> {
    return (await this.#keeper?.get(key)) ?? null;
  }

  async remove(key: string): Promise<void> {
    await this.#keeper?.remove(key);
  }

  async removeOf(owner: string): Promise<void> {
    await this.#keeper?.removeOf(owner);
  }

  sweep(): void {
    this.#keeper?.sweep();
  }

  #settle(): void {
    if (this.#keeping === 'disk') this.#disk.start();
    else this.#disk.discard();
  }

  get #keeper(): TextKeeper | null {
    switch (this.#keeping) {
      case 'memory':
        return this.#memory;
      case 'disk':
        return this.#disk;
      case 'none':
        return null;
    }
  }
}
