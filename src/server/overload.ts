import { GatewayError } from '../core/errors.ts';

/** 503: more work than this machine can do arrives; what runs goes first. */
export class OverloadedError extends GatewayError {
  override readonly name = 'OverloadedError';
  readonly type = 'overloaded_error';
  constructor() {
    super('The gateway is overloaded. Try again in a second.', { retryAfterMs: 1000, shouldRetry: true });
  }
}

/** Work in one turn of the event loop, milliseconds, above which more calls arrive than the machine can keep up with. */
const LONG_TURN_MS = 20;
/** It keeps up again when a turn has no more work than this. */
const SHORT_TURN_MS = 8;
/** While it cannot keep up, calls are let in for so long in each turn; what they need later comes to as much again. */
const ADMITTING_MS = 3;
/** With fewer calls that wait for an answer it is not they that make the loop late: turning them away would help nobody. */
const ENOUGH_CALLS = 70;

export interface OverloadParts {
  /** Calls whose answer has not begun; streams that run make turns long too, but they keep up by writing more at once. */
  readonly waiting: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds that the event loop has waited for something to do, in all. */
  readonly idle: () => number;
}

/**
 * Turns new calls away when the event loop cannot keep up. The sign is the work in its turns, which grows with the queue in
 * front of the process and needs no tuning to a machine. A refusal costs a small part of a call, so turns stay short
 * however much arrives, nobody waits long for either answer, and service is normal as soon as it ends.
 */
export class Overload {
  readonly #parts: OverloadParts;
  /** When the first call of this turn came, and the loop's idle time then. */
  #began: number;
  #idle: number;
  /** Calls came in this turn already. */
  #inTurn = false;
  #strained = false;

  constructor(parts: OverloadParts) {
    this.#parts = parts;
    this.#began = parts.now();
    this.#idle = parts.idle();
  }

  /** Whether a call that came just now must be turned away. */
  readonly refuses = (): boolean => {
    const now = this.#parts.now();
    if (this.#inTurn) return this.#strained && now - this.#began > ADMITTING_MS && this.#parts.waiting() >= ENOUGH_CALLS;
    this.#inTurn = true;
    setImmediate(this.#turnEnds);
    const idle = this.#parts.idle();
    const work = now - this.#began - (idle - this.#idle);
    this.#strained = work > (this.#strained ? SHORT_TURN_MS : LONG_TURN_MS);
    this.#began = now;
    this.#idle = idle;
    return false;
  };

  readonly #turnEnds = (): void => {
    this.#inTurn = false;
  };
}
