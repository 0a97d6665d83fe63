/**
 * Counts within a window of fixed length that begins with its first use. Times are `clock.elapsed()`: setting the system
 * clock moves no window.
 */
export class RateWindow {
  /** -Infinity before the first use. */
  startedAt = -Infinity;
  /** Used for certain. */
  used = 0;
  /** Reserved by calls that began in this window and still run. */
  reserved = 0;

  /** Begins anew when the window has ended: exactly at its edge it has. */
  roll(elapsed: number, windowMs: number): void {
    if (elapsed < this.startedAt + windowMs) return;
    this.startedAt = -Infinity;
    this.used = 0;
    this.reserved = 0;
  }

  /** @returns the window's start: names it when the call ends */
  reserve(amount: number, elapsed: number): number {
    this.#begin(elapsed);
    this.reserved += amount;
    return this.startedAt;
  }

  use(amount: number, elapsed: number): number {
    this.#begin(elapsed);
    this.used += amount;
    return this.startedAt;
  }

  /** Undoes `use`, when the window is still the same. */
  unuse(amount: number, startedAt: number): void {
    if (startedAt === this.startedAt) this.used -= amount;
  }

  /**
   * Replaces a reservation by what was really used. When its window is over, what it did not cover counts in the window
   * that runs now.
   */
  settle(reserved: number, real: number, startedAt: number, elapsed: number): void {
    if (startedAt === this.startedAt) {
      this.reserved -= reserved;
      this.used += real;
    } else if (real > reserved) {
      this.use(real - reserved, elapsed);
    }
  }

  /** Milliseconds until the window ends; its whole length when none runs. */
  endsIn(elapsed: number, windowMs: number): number {
    return this.startedAt === -Infinity ? windowMs : this.startedAt + windowMs - elapsed;
  }

  #begin(elapsed: number): void {
    if (this.startedAt === -Infinity) this.startedAt = elapsed;
  }
}
