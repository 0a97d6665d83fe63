import type { Clock } from '../../core/clock.ts';

/** Something that is over when it takes too long. */
export interface Watched {
  /** Called on every tick with the time of `clock.elapsed()`. Returns false when it need not be watched any more. */
  check(now: number): boolean;
}

/** How exact time-outs are, milliseconds. */
const TICK_MS = 25;

/**
 * One timer for all waits on providers: hundreds of streams get neither a timer nor a closure for each chunk
 * (performance rule 3). Ticks only while something is watched.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch(entry: Watched): void {
    this.#watched.add(entry);
    this.#timer ??= setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  /** The timer goes on until its next tick: a caller who asks one call after another does not start it for each. */
  unwatch(entry: Watched): void {
    this.#watched.delete(entry);
  }

  get size(): number {
    return this.#watched.size;
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const now = this.#clock.elapsed();
    for (const entry of this.#watched) if (!entry.check(now)) this.#watched.delete(entry);
    if (this.#watched.size === 0) this.stop();
  }
}
