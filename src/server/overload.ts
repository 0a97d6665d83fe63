import { GatewayError } from '../core/errors.ts';

/** 503: more work than this machine can do arrives; what runs goes first. */
export class OverloadedError extends GatewayError {
  override readonly name = 'OverloadedError';
  readonly type = 'overloaded_error';
  constructor() {
    super('The gateway is overloaded. Try again in a second.', { retryAfterMs: 1000, shouldRetry: true });
  }
}

/** A turn of the event loop longer than this, milliseconds, has more calls in it than the machine can keep up with. */
const LONG_TURN_MS = 25;
/** With fewer calls under way it is not they that make the loop late: turning them away would help nobody. */
const ENOUGH_CALLS = 128;

/**
 * Turns new calls away when the event loop cannot keep up. The sign is the length of its turns, which grows with the
 * queue in front of the process and needs no tuning to a machine: a call is refused when the turn that brings it is
 * long already and so was the one before (a single long one is a pause, such as a garbage collection). What is refused
 * costs almost nothing, so turns stay about this long however much arrives, and service is normal as soon as it ends.
 */
export class Overload {
  readonly #running: () => number;
  readonly #now: () => number;
  /** When the first call of this turn came, milliseconds; null: none yet. */
  #turnBegan: number | null = null;
  #wasLong = false;

  /**
   * @param running calls under way
   * @param now milliseconds of a clock that never goes back
   */
  constructor(running: () => number, now: () => number) {
    this.#running = running;
    this.#now = now;
  }

  /** The refusal for a call that came just now, or null. */
  readonly refusal = (): GatewayError | null => {
    if (this.#turnBegan === null) {
      this.#turnBegan = this.#now();
      setImmediate(this.#turnEnds);
      return null;
    }
    const refused = this.#wasLong && this.#running() >= ENOUGH_CALLS && this.#isLong(this.#turnBegan);
    return refused ? new OverloadedError() : null;
  };

  readonly #turnEnds = (): void => {
    this.#wasLong = this.#turnBegan !== null && this.#isLong(this.#turnBegan);
    this.#turnBegan = null;
  };

  #isLong(began: number): boolean {
    return this.#now() - began > LONG_TURN_MS;
  }
}
