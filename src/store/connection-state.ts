import type { Clock } from '../core/clock.ts';

export interface ConnectionState {
  /** `starting` until the first connection; `away` from a failed try until the next good one. */
  readonly status: 'starting' | 'connected' | 'away';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** One line for the operator; `null` while connected or before the first try. */
  readonly why: string | null;
}

/** Holds the {@link ConnectionState} and tells who asked when its status changes. */
export class ConnectionStates {
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#state = { status: 'starting', since: clock.now(), why: null };
  }

  get current(): ConnectionState {
    return this.#state;
  }

  connected(): void {
    this.#become('connected', null);
  }

  /** A try failed. Before the first connection the status stays `starting`, and says why. */
  failed(why: string): void {
    this.#become(this.#state.status === 'starting' ? 'starting' : 'away', why);
  }

  /** @returns how to stop listening */
  onChange(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #become(status: ConnectionState['status'], why: string | null): void {
    const changed = status !== this.#state.status;
    if (!changed && why === this.#state.why) return;
    this.#state = { status, since: changed ? this.#clock.now() : this.#state.since, why };
    for (const listener of this.#listeners) listener(this.#state);
  }
}
