import { GatewayError } from '../core/errors.ts';
import { ProviderError } from '../core/provider-error.ts';
import { statusOf } from './cooldowns.ts';

export type DeploymentState = 'ok' | 'degraded' | 'cooldown' | 'down' | 'unknown';

const BUCKET_MS = 300_000;
/** An hour. */
const BUCKETS = 12;
const SAMPLES = 32;
/** Outcomes that a share of failures is taken over. */
const HISTORY = 16;
const LEAST_HISTORY = 4;
const DOWN_AFTER = 3;
/** A deployment that failed now and then counts as well again when it has not failed for so long. */
const FORGOTTEN_MS = 900_000;
const LONGEST_REASON = 300;

/** Refusals that no further try cures: the key, or what it may spend. */
const FINAL: ReadonlySet<number> = new Set([401, 402, 403]);

/** What the last hour was like for one deployment. A few numbers, changed in place: it stands on the path of every call. */
export class OutcomeRecord {
  readonly deployment: string;
  readonly provider: string;
  state: DeploymentState = 'unknown';
  /** When the state began, milliseconds since 1970. */
  since = 0;
  /** The last failure's words, shortened; null: it never failed. */
  reason: string | null = null;
  /** The last failure's status; 0 for none. */
  status = 0;
  lastAt = 0;
  restsUntil = 0;
  readonly #calls = new Uint32Array(BUCKETS);
  readonly #errors = new Uint32Array(BUCKETS);
  readonly #latencies = new Float32Array(SAMPLES);
  #bucket = 0;
  #samples = 0;
  /** The last outcomes, the newest in the lowest bit; 1 is a failure. */
  #history = 0;
  #outcomes = 0;
  #failedInARow = 0;
  #lastFailureAt = 0;

  constructor(deployment: string, provider: string) {
    this.deployment = deployment;
    this.provider = provider;
  }

  /** @param ms from the request to the first piece of the answer */
  succeeded(now: number, ms: number): void {
    this.#count(now, 0);
    this.#failedInARow = 0;
    this.restsUntil = 0;
    this.#latencies[this.#samples++ % SAMPLES] = ms;
  }

  /** @param restMs for how long it is not called now */
  failed(now: number, error: unknown, restMs: number): void {
    this.#count(now, 1);
    this.#fail(now, error, restMs);
  }

  /** An answer that had begun, and was counted as one, broke off. */
  broke(now: number, error: unknown): void {
    this.#turn(now);
    const at = this.#bucket % BUCKETS;
    this.#errors[at] = (this.#errors[at] ?? 0) + 1;
    this.#history |= 1;
    this.#fail(now, error, 0);
  }

  /** What it is like now. */
  stateAt(now: number): DeploymentState {
    if (this.restsUntil > now) return 'cooldown';
    if (this.#outcomes === 0) return 'unknown';
    if (this.#failedInARow >= DOWN_AFTER || (this.#failedInARow > 0 && FINAL.has(this.status))) return 'down';
    const shaky = this.#failedInARow > 0 || this.#failsOften();
    return shaky && now - this.#lastFailureAt < FORGOTTEN_MS ? 'degraded' : 'ok';
  }

  calls(now: number): number {
    this.#turn(now);
    return this.#calls.reduce((sum, count) => sum + count, 0);
  }

  errors(now: number): number {
    this.#turn(now);
    return this.#errors.reduce((sum, count) => sum + count, 0);
  }

  /** Milliseconds of the last answers. */
  latencies(): readonly number[] {
    return [...this.#latencies.subarray(0, Math.min(this.#samples, SAMPLES))];
  }

  #fail(now: number, error: unknown, restMs: number): void {
    this.#failedInARow++;
    this.#lastFailureAt = now;
    this.restsUntil = restMs > 0 ? now + restMs : 0;
    this.status = failedStatus(error);
    this.reason = error instanceof Error ? error.message.slice(0, LONGEST_REASON) : 'The call failed.';
  }

  #failsOften(): boolean {
    const seen = Math.min(this.#outcomes, HISTORY);
    let failures = 0;
    for (let bits = this.#history; bits !== 0; bits &= bits - 1) failures++;
    return seen >= LEAST_HISTORY && failures * 4 >= seen;
  }

  #count(now: number, failures: 0 | 1): void {
    this.#turn(now);
    const at = this.#bucket % BUCKETS;
    this.#calls[at] = (this.#calls[at] ?? 0) + 1;
    if (failures === 1) this.#errors[at] = (this.#errors[at] ?? 0) + 1;
    this.#history = ((this.#history << 1) | failures) & ((1 << HISTORY) - 1);
    this.#outcomes++;
    this.lastAt = now;
  }

  /** Empties the buckets of the time that passed. */
  #turn(now: number): void {
    const bucket = Math.floor(now / BUCKET_MS);
    if (bucket === this.#bucket) return;
    const passed = Math.min(BUCKETS, Math.max(0, bucket - this.#bucket));
    for (let step = 1; step <= passed; step++) {
      this.#calls[(this.#bucket + step) % BUCKETS] = 0;
      this.#errors[(this.#bucket + step) % BUCKETS] = 0;
    }
    if (passed === BUCKETS) {
      this.#calls.fill(0);
      this.#errors.fill(0);
    }
    this.#bucket = bucket;
  }
}

/** Failures that say something of the deployment. What is wrong with a request says nothing of it. */
export function countsAgainst(error: unknown): boolean {
  const status = statusOf(error);
  return FINAL.has(status) || status === 404 || status === 408 || status === 429 || status >= 500;
}

function failedStatus(error: unknown): number {
  if (error instanceof ProviderError) return error.status;
  return error instanceof GatewayError ? statusOf(error) : 0;
}
