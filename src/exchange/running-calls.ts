import { TimeoutError } from '../core/errors.ts';
import { NOTHING_USED, type Meter } from './meter.ts';

/** What a call may be late before its reservation is taken from it, milliseconds. */
const LEASE_GRACE_MS = 60_000;

/** Calls that hold something. */
export class RunningCalls {
  readonly #meters = new Set<Meter>();

  add(meter: Meter): void {
    this.#meters.add(meter);
  }

  readonly ended = (meter: Meter): void => {
    this.#meters.delete(meter);
  };

  /**
   * Settles calls that should have ended long ago and did not: no reservation outlives its lease (reliability I4). Every wait
   * of a call has a bound of its own, so whatever is found here is a fault of ours.
   *
   * @param now `clock.elapsed()`
   * @returns how many there were
   */
  sweep(now: number, { callMs, idleMs }: { readonly callMs: number; readonly idleMs: number }): number {
    const bound = now - Math.max(callMs, idleMs) - LEASE_GRACE_MS;
    let found = 0;
    for (const meter of this.#meters) {
      if (!meter.silentSince(bound)) continue;
      void meter.fail(new TimeoutError('total', callMs), NOTHING_USED);
      found++;
    }
    return found;
  }
}
