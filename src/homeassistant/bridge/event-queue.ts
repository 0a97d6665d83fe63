import { randomUUIDv7 } from 'node:crypto';
import type { BridgeEvent, BridgeEventType, BridgeSubject } from '../../contract/bridge/events.ts';
import type { Clock } from '../../core/clock.ts';

const MOST = 100;
const LONGEST_MS = 86_400_000;

/** What happened and was not taken yet: Home Assistant may be away when it happens (home-assistant 16.4). */
export class EventQueue {
  readonly #clock: Clock;
  readonly #onEvent: () => void;
  #events: BridgeEvent[] = [];

  /** @param onEvent told of a new one */
  constructor(clock: Clock, onEvent: () => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  add(type: BridgeEventType, subject: BridgeSubject, data: Readonly<Record<string, unknown>>): void {
    const at = new Date(this.#clock.now()).toISOString();
    this.#events.push({ id: randomUUIDv7(), type, at, subject, data });
    if (this.#events.length > MOST) this.#events.shift();
    this.#onEvent();
  }

  /** Oldest first. */
  waiting(): readonly BridgeEvent[] {
    const since = this.#clock.now() - LONGEST_MS;
    this.#events = this.#events.filter(({ at }) => Date.parse(at) >= since);
    return this.#events;
  }

  /** Those behind one of them, for who asks by address; all when it is unknown. They stay until they are old. */
  after(id: string | null): readonly BridgeEvent[] {
    const events = this.waiting();
    const index = events.findIndex((event) => event.id === id);
    return events.slice(index + 1);
  }

  /** Home Assistant has it. */
  accepted(id: string): void {
    this.#events = this.#events.filter((event) => event.id !== id);
  }
}
