import type { Clock } from '../../core/clock.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { VirtualKey } from '../../identity/virtual-key.ts';
import type { EventQueue } from '../bridge/event-queue.ts';
import { momentOrNull } from '../snapshot/amounts.ts';
import { nameOfKey } from '../snapshot/budgets.ts';

const DAY_MS = 86_400_000;
/** A key's end is told of this long before. */
const NOTICES_MS = [7 * DAY_MS, DAY_MS, 0];

/** Tells of keys that are made, blocked, about to expire and expired. */
export class KeyWatch {
  readonly #clock: Clock;
  readonly #ring: KeyRing;
  readonly #events: EventQueue;
  readonly #known = new Set<string>();
  readonly #blocked = new Set<string>();
  #sweptAt: number;

  constructor(clock: Clock, ring: KeyRing, events: EventQueue) {
    this.#clock = clock;
    this.#ring = ring;
    this.#events = events;
    this.#sweptAt = clock.now();
  }

  /** Keys that were there before are no news. */
  start(): void {
    for (const key of this.#ring.all()) this.#note(key);
    this.#sweptAt = this.#clock.now();
  }

  changed(key: VirtualKey | null): void {
    if (!key || key.fields.successor !== null) return;
    const { publicId, blocked } = key.fields;
    if (!this.#known.has(publicId)) this.#tell('key_created', key);
    if (blocked && !this.#blocked.has(publicId)) this.#tell('key_blocked', key);
    this.#note(key);
  }

  /** Looks for keys that came closer to their end since the last look. */
  sweep(): void {
    const [since, now] = [this.#sweptAt, this.#clock.now()];
    this.#sweptAt = now;
    for (const key of this.#ring.all()) {
      const { expires, successor } = key.fields;
      if (expires === null || successor !== null) continue;
      const passed = NOTICES_MS.findLast((notice) => expires - notice > since && expires - notice <= now);
      if (passed !== undefined) this.#tell(passed === 0 ? 'key_expired' : 'key_expiring', key);
    }
  }

  #note({ fields: { publicId, blocked } }: VirtualKey): void {
    this.#known.add(publicId);
    if (blocked) this.#blocked.add(publicId);
    else this.#blocked.delete(publicId);
  }

  #tell(type: 'key_created' | 'key_blocked' | 'key_expiring' | 'key_expired', key: VirtualKey): void {
    const { publicId, expires } = key.fields;
    this.#events.add(type, { kind: 'key', id: publicId, name: nameOfKey(key) }, { expires_at: momentOrNull(expires) });
  }
}
