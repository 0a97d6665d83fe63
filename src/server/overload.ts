import { monitorEventLoopDelay } from 'node:perf_hooks';
import { GatewayError } from '../core/errors.ts';

/** 503: more work than this machine can do arrives; what runs goes first. */
export class OverloadedError extends GatewayError {
  override readonly name = 'OverloadedError';
  readonly type = 'overloaded_error';
  constructor() {
    super('The gateway is overloaded. Try again in a second.', { retryAfterMs: 1000, shouldRetry: true });
  }
}

const LOOK_MS = 100;
/** Event-loop delay, milliseconds, above which new calls are turned away (performance rule 7). */
const TOO_LATE_MS = 150;
/** With fewer calls under way it is not they that make the loop late: turning them away would help nobody. */
const ENOUGH_CALLS = 64;

/** Watches how late the event loop is: the one sign of overload that needs no tuning. */
export class Overload {
  #delay: ReturnType<typeof monitorEventLoopDelay> | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #running: () => number;
  #late = false;

  /** @param running calls under way */
  constructor(running: () => number) {
    this.#running = running;
  }

  start(): void {
    this.#delay = monitorEventLoopDelay({ resolution: 10 });
    this.#delay.enable();
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#delay?.disable();
  }

  /** The refusal for a new call, or null. */
  readonly refusal = (): GatewayError | null => (this.#late && this.#running() >= ENOUGH_CALLS ? new OverloadedError() : null);

  #look(): void {
    if (!this.#delay) return;
    this.#late = this.#delay.mean / 1e6 > TOO_LATE_MS;
    this.#delay.reset();
  }
}
