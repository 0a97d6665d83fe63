import type { Clock } from '../core/clock.ts';
import { ProviderError, type ProviderErrorClass } from '../core/provider-error.ts';
import { TimeoutError } from '../core/errors.ts';

export interface CooldownSettings {
  readonly disabled: boolean;
  readonly cooldownMs: number;
  /** Failures allowed within the window before a rest; null: the rules of data-plane 14.6 (ruling E5). */
  readonly allowedFails: number | null;
  /** The same for classes of errors, by names such as `TimeoutErrorAllowedFails`. */
  readonly allowedFailsPolicy: ReadonlyMap<string, number>;
}

/** Whose failure is told. */
export interface Subject {
  /** Deployment id; for wildcard rows with the concrete model, so that one model's fault rests only itself. */
  readonly key: string;
  /** Deployments in the group: a single one is not rested for reasons that resting cannot cure. */
  readonly groupSize: number;
  readonly cooldownMs: number | null;
}

interface Record {
  minute: number;
  failures: number;
  calls: number;
  /** Times of failures, only kept with `allowedFails`. */
  recent: number[];
  restsUntil: number;
  reason: string;
}

const MINUTE = 60_000;
const LONGEST_MS = 3_600_000;
/** A minute with fewer calls says too little to rest a deployment by its share of failures. */
const ENOUGH_CALLS = 5;
const MANY_CALLS = 1000;

const POLICY_NAME: { readonly [kind in ProviderErrorClass]?: string } = {
  BadRequestError: 'BadRequestError',
  AuthenticationError: 'AuthenticationError',
  Timeout: 'TimeoutError',
  RateLimitError: 'RateLimitError',
  ContentPolicyViolationError: 'ContentPolicyViolationError',
  InternalServerError: 'InternalServerError',
};

/** A deployment that rests, for the panel and `/health`. */
export interface Resting {
  readonly key: string;
  readonly until: number;
  readonly reason: string;
}

/** Which deployments rest after failures, and until when (data-plane 14.6). Expiry is by the clock alone. */
export class Cooldowns {
  readonly #clock: Clock;
  readonly #records = new Map<string, Record>();
  #settings: CooldownSettings;

  constructor(clock: Clock, settings: CooldownSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  configure(settings: CooldownSettings): void {
    this.#settings = settings;
  }

  /** Milliseconds the deployment still rests; 0 when it may be called. */
  restOf(key: string): number {
    const record = this.#records.get(key);
    return record ? Math.max(0, record.restsUntil - this.#clock.now()) : 0;
  }

  resting(): Resting[] {
    const now = this.#clock.now();
    return [...this.#records]
      .filter(([, record]) => record.restsUntil > now)
      .map(([key, record]) => ({ key, until: record.restsUntil, reason: record.reason }));
  }

  succeeded(key: string): void {
    const record = this.#records.get(key);
    if (record) this.#count(record, this.#clock.now());
  }

  /** Every attempt is told, retried ones too. Clients that leave are never told (ruling E9). */
  failed(subject: Subject, error: unknown): void {
    const status = statusOf(error);
    const { disabled } = this.#settings;
    const allowedFails = this.#allowedFails(error);
    const restMs = this.#restMs(subject, error);
    if (disabled || restMs === 0 || !isCooling(status)) return;
    const now = this.#clock.now();
    const record = this.#recordOf(subject.key, now);
    this.#count(record, now);
    record.failures++;
    const rests = allowedFails === null ? restsByRule(status, record, subject.groupSize) : this.#pastAllowed(record, now, allowedFails);
    if (!rests) return;
    record.restsUntil = now + restMs;
    record.reason = error instanceof Error ? error.name : 'failure';
    record.recent = [];
  }

  #restMs(subject: Subject, error: unknown): number {
    const asked = error instanceof ProviderError ? error.failure.retryAfterMs : undefined;
    return (
      subject.cooldownMs ??
      (asked !== undefined && asked > 0 && asked <= LONGEST_MS && this.#settings.cooldownMs > 0 ? asked : this.#settings.cooldownMs)
    );
  }

  #allowedFails(error: unknown): number | null {
    const { allowedFails, allowedFailsPolicy } = this.#settings;
    const name =
      error instanceof TimeoutError ? 'TimeoutError' : error instanceof ProviderError ? POLICY_NAME[error.failure.class] : undefined;
    return (name === undefined ? undefined : allowedFailsPolicy.get(`${name}AllowedFails`)) ?? allowedFails;
  }

  #recordOf(key: string, now: number): Record {
    let record = this.#records.get(key);
    if (!record) {
      record = { minute: Math.floor(now / MINUTE), failures: 0, calls: 0, recent: [], restsUntil: 0, reason: '' };
      this.#records.set(key, record);
    }
    return record;
  }

  #count(record: Record, now: number): void {
    const minute = Math.floor(now / MINUTE);
    if (minute !== record.minute) {
      record.minute = minute;
      record.failures = 0;
      record.calls = 0;
    }
    record.calls++;
  }

  #pastAllowed(record: Record, now: number, allowed: number): boolean {
    const window = Math.max(MINUTE, this.#settings.cooldownMs);
    record.recent = record.recent.filter((at) => at > now - window);
    record.recent.push(now);
    return record.recent.length > allowed;
  }
}

function restsByRule(status: number, record: Record, groupSize: number): boolean {
  const single = groupSize <= 1;
  // A single deployment's 401, 404 or 429 is the answer its callers need to see.
  if (status === 429 || status === 401 || status === 404) return !single;
  if (single) return record.failures === record.calls && record.calls >= MANY_CALLS;
  return record.calls >= ENOUGH_CALLS && record.failures * 2 > record.calls;
}

function isCooling(status: number): boolean {
  return status === 401 || status === 404 || status === 408 || status === 429 || status >= 500;
}

/** Status of a failed attempt. A connection failure counts as 503 (data-plane 14.6). */
export function statusOf(error: unknown): number {
  if (error instanceof ProviderError) return error.failure.class === 'APIConnectionError' ? 503 : error.status;
  return error instanceof TimeoutError ? 408 : 0;
}
