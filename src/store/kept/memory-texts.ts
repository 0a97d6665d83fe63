import type { Clock } from '../../core/clock.ts';
import type { KeepingBounds, TextKeeper } from './text-keeper.ts';

interface Entry {
  readonly owner: string;
  readonly text: string;
  readonly until: number;
}

/** Keeps texts in memory alone. What does not fit pushes out the oldest. */
export class MemoryTexts implements TextKeeper {
  readonly #clock: Clock;
  readonly #bounds: KeepingBounds;
  /** Oldest first: a map remembers the order of insertion. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(clock: Clock, bounds: KeepingBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  get empty(): boolean {
    return this.#entries.size === 0;
  }

  put(key: string, owner: string, text: string): void {
    this.#drop(key);
    const entry = { owner, text, until: this.#clock.now() + this.#bounds.lifeMs };
    if (sizeOf(key, entry) > this.#bounds.bytes) return;
    this.#entries.set(key, entry);
    this.#bytes += sizeOf(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#bounds.entries && this.#bytes <= this.#bounds.bytes) break;
      this.#drop(oldest);
    }
  }

  async get(key: string): Promise<string | null> {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (entry.until > this.#clock.now()) return entry.text;
    this.#drop(key);
    return null;
  }

  async remove(key: string): Promise<void> {
    this.#drop(key);
  }

  async removeOf(owner: string): Promise<void> {
    for (const [key, entry] of this.#entries) if (entry.owner === owner) this.#drop(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  sweep(): void {
    for (const [key, { until }] of this.#entries) if (until <= this.#clock.now()) this.#drop(key);
  }

  /** Gives everything away, oldest first. */
  handOver(to: TextKeeper): void {
    for (const [key, { owner, text }] of this.#entries) to.put(key, owner, text);
    this.#entries.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= sizeOf(key, entry);
  }
}

function sizeOf(key: string, { owner, text }: Entry): number {
  return key.length + owner.length + text.length;
}
