import type { StatusSettings } from '../contract/error-envelope.ts';
import { BudgetExceededError, RateLimitExceededError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import { NO_USD, usdText } from '../core/money.ts';
import { NO_USAGE } from '../core/usage.ts';
import type { CallFacts } from '../ledger/hold-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { spendRecordOf, type RefusalFacts } from '../ledger/spend-row.ts';
import { errorFactsOf } from './failure-facts.ts';

/** Refusals of one key that get a row in one minute: enough to see what is hit, and nobody fills the database with them. */
const MOST_A_MINUTE = 10;
const MINUTE_MS = 60_000;

export interface RefusalParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  /** Statuses that settings choose. */
  readonly statuses: () => StatusSettings;
}

/**
 * Writes down calls that their own limits refused, so that lists show which limit it was. Such a call held nothing, cost nothing and went to
 * nobody: its row names no provider and no deployment.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #statuses: () => StatusSettings;
  #minute = 0;
  readonly #counts = new Map<string, number>();

  constructor({ clock, ledger, statuses }: RefusalParts) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#statuses = statuses;
  }

  /** @param group that was asked for; errors of any other kind are passed by */
  note(facts: CallFacts, group: string, streamed: boolean, error: unknown): void {
    const refusal = refusalOf(error);
    if (refusal === null || !this.#hasRoom(facts.keyHash)) return;
    this.#ledger.refused(
      spendRecordOf(facts, { model: '', deploymentId: '', group, provider: '', apiBase: '' }, [], {
        status: 'failure',
        usage: NO_USAGE,
        cost: { total: NO_USD, terms: [], origin: null, unpriced: false },
        marks: {},
        endedAt: this.#clock.now(),
        firstTokenAt: null,
        attempts: [],
        retries: 0,
        fallbacks: 0,
        streamed,
        reserved: null,
        error: errorFactsOf(error, this.#statuses()),
        refusal,
      }),
    );
  }

  #hasRoom(keyHash: string): boolean {
    const minute = Math.floor(this.#clock.elapsed() / MINUTE_MS);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const count = this.#counts.get(keyHash) ?? 0;
    this.#counts.set(keyHash, count + 1);
    return count < MOST_A_MINUTE;
  }
}

/** What a limit said, in figures; null for an error that is no refusal of a limit. */
function refusalOf(error: unknown): RefusalFacts | null {
  if (error instanceof RateLimitExceededError) {
    const { kind, limit, remaining, subject, resetAt } = error;
    const scope = subject === 'api_key' ? 'key' : subject;
    return { limit: kind, scope, allowed: String(limit), used: String(limit - remaining), resets_at: isoOf(resetAt) };
  }
  if (!(error instanceof BudgetExceededError)) return null;
  const { scope, limit, spend, resetAt } = error;
  return { limit: 'budget', scope, allowed: usdText(limit), used: usdText(spend), resets_at: resetAt === null ? null : isoOf(resetAt) };
}

const isoOf = (at: number): string => new Date(at).toISOString();
