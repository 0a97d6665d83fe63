/** The time, lent to whoever needs it, so that tests hold it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. May step backwards when the system clock is set. */
  readonly now: () => number;
  /** Milliseconds from an arbitrary start; never steps backwards. Fractions are kept. */
  readonly elapsed: () => number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
};
