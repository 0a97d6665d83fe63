import type { Clock } from '../core/clock.ts';
import { TooManyLogInsError } from '../core/errors.ts';

/** Failures of one address in one minute (ruling K6). */
const MOST = 10;
const WINDOW_MS = 60_000;
/** Addresses remembered at most: the oldest are forgotten first. */
const MOST_ADDRESSES = 10_000;

interface Failures {
  readonly since: number;
  count: number;
}

/** Slows down whoever guesses passwords, and nobody else. */
export class LogInGuard {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws {TooManyLogInsError} after ten failures in a minute */
  check(address: string): void {
    const failures = this.#of(address);
    if (failures && failures.count >= MOST) throw new TooManyLogInsError(failures.since + WINDOW_MS - this.#clock.elapsed());
  }

  failed(address: string): void {
    const failures = this.#of(address);
    if (failures) {
      failures.count += 1;
      return;
    }
    const [oldest] = this.#failures.keys();
    if (this.#failures.size >= MOST_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
    this.#failures.set(address, { since: this.#clock.elapsed(), count: 1 });
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  #of(address: string): Failures | null {
    const failures = this.#failures.get(address);
    if (!failures) return null;
    if (this.#clock.elapsed() - failures.since < WINDOW_MS) return failures;
    this.#failures.delete(address);
    return null;
  }
}
