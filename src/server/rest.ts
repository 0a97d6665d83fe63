export interface RestParts {
  /** Milliseconds that this thread has worked since it began: {@link threadWorkedMs}. */
  readonly workedMs: () => number;
  /** Bytes of memory that the process holds. */
  readonly heldBytes: () => number;
  /** Collects what is not needed any more; null where the program was started without `--expose-gc`. */
  readonly collect: (() => Promise<void>) | null;
}

const LOOK_MS = 1000;
/** Work between two looks that is none: timers, a health check. */
const QUIET_MS = 20;
/** Looks in a row without work. */
const QUIET_LOOKS = 3;
/** What must have come to be held since the last time. A collection takes some 100 ms, and so little is not worth them. */
const WORTH_BYTES = 6_000_000;

/**
 * Gives memory back while nothing happens: V8 keeps the room that a start or a busy minute needed for as long as nobody asks
 * for it, and an idle server should be light.
 */
export class Rest {
  readonly #parts: RestParts;
  #timer: NodeJS.Timeout | null = null;
  #workedMs = 0;
  #quietLooks = 0;
  #lightestBytes = 0;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** One look, as the timer takes it. */
  async look(): Promise<void> {
    const { collect, heldBytes, workedMs } = this.#parts;
    const before = this.#workedMs;
    this.#workedMs = workedMs();
    this.#quietLooks = this.#workedMs - before < QUIET_MS ? this.#quietLooks + 1 : 0;
    if (!collect || this.#quietLooks < QUIET_LOOKS || heldBytes() - this.#lightestBytes < WORTH_BYTES) return;
    this.#quietLooks = 0;
    await collect();
    this.#lightestBytes = heldBytes();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}

/** Milliseconds of work of this thread since it began. Of a processor, not of the clock: on a busy machine a turn of the loop that does little takes long. */
export function threadWorkedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
