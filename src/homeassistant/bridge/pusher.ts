import type { BridgeDelta, BridgeSnapshot } from '../../contract/bridge/snapshot.ts';
import type { BridgePush, PushResult } from '../../contract/bridge/commands.ts';
import type { Clock } from '../../core/clock.ts';

export interface PusherParts {
  readonly clock: Clock;
  readonly gatewayId: string;
  /** @throws when it was not taken */
  readonly send: (push: BridgePush) => Promise<PushResult>;
  readonly make: () => BridgeSnapshot;
  /** When the day ends in Home Assistant's time zone. */
  readonly dayEnd: () => number;
  /** Numbers are pushed this often at most. */
  readonly intervalMs: number;
  /** The bridge does not know us any more: it has to be greeted again. */
  readonly onLost: () => void;
}

/** Changes that come together go together. */
const SOON_MS = 250;
const HEARTBEAT_MS = 30_000;
const FULL_EVERY_MS = 900_000;
const RETRY_MS = 5000;

/** Blocks of a snapshot that a delta may hold. */
const BLOCKS = ['totals', 'budgets', 'providers', 'keys', 'models', 'people'] as const;

/**
 * Tells Home Assistant what changed (home-assistant 16.5, ruling S10): a change of a state within a second, numbers within a second after a
 * quiet time and then once an interval, a sign of life every 30 seconds, everything every quarter of an hour. One message is under
 * way at a time; what it leaves out is in the next.
 */
export class Pusher {
  readonly #parts: PusherParts;
  #timer: NodeJS.Timeout | null = null;
  /** `clock.now()` of the moment that the timer waits for. */
  #due = Infinity;
  #sending = false;
  /** Something changed while a push was under way. */
  #again = false;
  #stopped = false;
  #seq = 0;
  #needFull = true;
  #accepted: Partial<Record<(typeof BLOCKS)[number] | 'gateway', string>> = {};
  #pushedAt = -Infinity;
  #numbersAt = -Infinity;
  #fullAt = -Infinity;

  constructor(parts: PusherParts) {
    this.#parts = parts;
  }

  /** When a push was last taken, `clock.now()`; -Infinity: never. */
  get acceptedAt(): number {
    return this.#pushedAt;
  }

  /** Sends everything. */
  start(): void {
    this.#at(this.#parts.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** @param what a state that people and automations wait for, or numbers */
  changed(what: 'state' | 'numbers'): void {
    const now = this.#parts.clock.now();
    this.#at(what === 'state' ? now + SOON_MS : Math.max(now + SOON_MS, this.#numbersAt + this.#parts.intervalMs));
  }

  /** Everything goes with the next push. */
  needFull(): void {
    this.#needFull = true;
    this.#at(this.#parts.clock.now() + SOON_MS);
  }

  #at(due: number): void {
    if (this.#stopped || due >= this.#due) return;
    this.#due = due;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#due = Infinity;
        void this.#push();
      },
      Math.max(0, due - this.#parts.clock.now()),
    );
    this.#timer.unref();
  }

  async #push(): Promise<void> {
    if (this.#stopped) return;
    if (this.#sending) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    try {
      await this.#pushOnce();
    } finally {
      this.#sending = false;
      this.#next();
    }
  }

  async #pushOnce(): Promise<void> {
    const { clock, gatewayId, make, send } = this.#parts;
    const now = clock.now();
    const full = this.#needFull || now - this.#fullAt >= FULL_EVERY_MS;
    const snapshot = make();
    const prints = printsOf(snapshot);
    const changed = BLOCKS.filter((block) => prints[block] !== this.#accepted[block]);
    const quiet = changed.length === 0 && prints.gateway === this.#accepted.gateway;
    if (!full && quiet && now - this.#pushedAt < HEARTBEAT_MS - SOON_MS) return;
    const seq = ++this.#seq;
    try {
      const answer = await send(
        full
          ? { gateway_id: gatewayId, seq, kind: 'full', data: snapshot }
          : { gateway_id: gatewayId, seq, kind: 'delta', data: deltaOf(snapshot, changed) },
      );
      if (this.#stopped) return;
      this.#needFull = answer.need_full || !answer.accepted;
      if (!answer.accepted) return;
      this.#accepted = prints;
      this.#pushedAt = clock.now();
      if (full) this.#fullAt = now;
      if (changed.length > 0) this.#numbersAt = now;
    } catch (error) {
      if (this.#stopped) return;
      this.#needFull = true;
      if (isForgotten(error)) this.#parts.onLost();
      else this.#at(clock.now() + RETRY_MS);
    }
  }

  /** What is due without anything happening. */
  #next(): void {
    const now = this.#parts.clock.now();
    if (this.#again) this.#at(now + SOON_MS);
    this.#again = false;
    this.#at(this.#needFull ? now + RETRY_MS : Math.min(this.#pushedAt + HEARTBEAT_MS, this.#turnOf(now)));
  }

  /** Just behind the end of the day, unless that is past. */
  #turnOf(now: number): number {
    const end = this.#parts.dayEnd();
    return end > now ? end + SOON_MS : Infinity;
  }
}

function deltaOf(snapshot: BridgeSnapshot, changed: readonly (typeof BLOCKS)[number][]): BridgeDelta {
  const blocks = Object.fromEntries(changed.map((block) => [block, snapshot[block]]));
  return { at: snapshot.at, gateway: snapshot.gateway, ...blocks, ...(snapshot.truncated ? { truncated: true } : {}) };
}

/** Blocks as text, to see whether they changed. What only passes is no change: time, and calls under way. */
function printsOf(snapshot: BridgeSnapshot): Partial<Record<(typeof BLOCKS)[number] | 'gateway', string>> {
  const { uptime_s: _uptime, ...gateway } = snapshot.gateway;
  const { in_flight: _open, projected_month: _projected, ...totals } = snapshot.totals;
  return {
    gateway: JSON.stringify(gateway),
    totals: JSON.stringify(totals),
    budgets: JSON.stringify(snapshot.budgets),
    providers: JSON.stringify(snapshot.providers),
    keys: JSON.stringify(snapshot.keys),
    models: JSON.stringify(snapshot.models),
    people: JSON.stringify(snapshot.people ?? []),
  };
}

const FORGOTTEN: ReadonlySet<string> = new Set(['not_found', 'not_configured', 'unknown_command', 'unauthorized']);

function isForgotten(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FORGOTTEN.has(String(error.code));
}
