import type { ProviderChange } from '../../router/provider-states.ts';
import type { EventQueue } from '../bridge/event-queue.ts';
import { momentOf, momentOrNull } from '../snapshot/amounts.ts';
import { providerIdOf } from '../snapshot/ids.ts';

/** A state must have held this long before anybody is woken for it. */
const HOLD_MS = 30_000;

/** Tells of providers that stay down, and of those that come back. */
export class ProviderWatch {
  readonly #events: EventQueue;
  readonly #nameOf: (id: string) => string;
  readonly #holding = new Map<string, NodeJS.Timeout>();
  readonly #down = new Set<string>();

  constructor(events: EventQueue, nameOf: (id: string) => string) {
    this.#events = events;
    this.#nameOf = nameOf;
  }

  changed(change: ProviderChange): void {
    const { provider, state } = change;
    clearTimeout(this.#holding.get(provider));
    this.#holding.delete(provider);
    const isDown = state === 'down';
    if (isDown === this.#down.has(provider) || (!isDown && state !== 'ok')) return;
    const timer = setTimeout(() => {
      this.#holding.delete(provider);
      this.#held(change);
    }, HOLD_MS);
    timer.unref();
    this.#holding.set(provider, timer);
  }

  stop(): void {
    for (const timer of this.#holding.values()) clearTimeout(timer);
    this.#holding.clear();
  }

  #held({ provider, state, since, until }: ProviderChange): void {
    const isDown = state === 'down';
    if (isDown) this.#down.add(provider);
    else this.#down.delete(provider);
    const subject = { kind: 'provider' as const, id: providerIdOf(provider), name: this.#nameOf(provider) };
    // Not the provider's own words: they may repeat the prompt.
    const data = { reason: isDown ? 'its last calls all failed' : null, since: momentOf(since), until: momentOrNull(until) };
    this.#events.add(isDown ? 'provider_down' : 'provider_recovered', subject, data);
  }
}
