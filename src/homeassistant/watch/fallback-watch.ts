import type { Clock } from '../../core/clock.ts';
import { isObject } from '../../core/json-object.ts';
import type { SpendRecord } from '../../core/spend-record.ts';
import type { EventQueue } from '../bridge/event-queue.ts';
import { modelIdOf } from '../snapshot/ids.ts';

const PAUSE_MS = 300_000;
/** Pairs of models that are remembered. */
const MOST = 500;

interface Pair {
  readonly from: string;
  readonly to: string;
  reason: string;
  count: number;
  toldAt: number;
}

/** Tells which models stood in for which: the first time at once, then summed up, every five minutes at most. */
export class FallbackWatch {
  readonly #clock: Clock;
  readonly #events: EventQueue;
  readonly #pairs = new Map<string, Pair>();

  constructor(clock: Clock, events: EventQueue) {
    this.#clock = clock;
    this.#events = events;
  }

  booked({ metadata, model_group: to, status }: SpendRecord): void {
    const from = metadata['requested_model'];
    if (status !== 'success' || metadata['attempted_fallbacks'] === undefined || typeof from !== 'string' || from === to) return;
    const key = JSON.stringify([from, to]);
    let pair = this.#pairs.get(key);
    if (!pair) {
      if (this.#pairs.size >= MOST) return;
      pair = { from, to, reason: '', count: 0, toldAt: -Infinity };
      this.#pairs.set(key, pair);
    }
    pair.count++;
    pair.reason = reasonOf(metadata);
    this.#tellWhenDue(pair);
  }

  sweep(): void {
    for (const pair of this.#pairs.values()) this.#tellWhenDue(pair);
  }

  #tellWhenDue(pair: Pair): void {
    const now = this.#clock.now();
    if (pair.count === 0 || now - pair.toldAt < PAUSE_MS) return;
    const { from, to, reason, count } = pair;
    const data = { from_model: from, to_model: to, reason, count };
    this.#events.add('fallback_used', { kind: 'model', id: modelIdOf(from), name: from }, data);
    pair.count = 0;
    pair.toldAt = now;
  }
}

/** Class of the failure that the fallback was for. */
function reasonOf({ attempts }: SpendRecord['metadata']): string {
  const failed = Array.isArray(attempts) ? attempts.find((attempt) => isObject(attempt) && typeof attempt['error'] === 'string') : null;
  return isObject(failed) ? String(failed['error']) : 'unknown';
}
