import { BudgetExceededError } from '../core/errors.ts';
import type { Charge } from '../core/limit-policy.ts';
import { addUsd, type Usd } from '../core/money.ts';
import type { Account } from './accounts.ts';
import type { LimitContext } from './limit-context.ts';

/** What a budget allows, and when it begins anew. */
export interface BudgetTerms {
  /** null: spend is counted and never refused. */
  readonly limit: Usd | null;
  /** null: never resets, or once only at `firstReset`. */
  readonly duration: string | null;
  /** The next reset as the policy tells it, milliseconds since 1970; it may have passed. null: the calendar's. */
  readonly firstReset: number | null;
  /** Added to the limit until its time. */
  readonly increase: { readonly amount: Usd; readonly until: number } | null;
  /** How a refusal of a call to `model` names the budget, e.g. `Key=app (sk-...AbCd)`. */
  what(model: string): string;
}

export const NO_TERMS: BudgetTerms = { limit: null, duration: null, firstReset: null, increase: null, what: () => '' };

export type BudgetLineScope = 'key' | 'user' | 'global';

/**
 * One budget over one account. Lives as long as open calls know it, while its terms may change: what is booked late is
 * booked by the terms then in force.
 */
export class BudgetLine {
  readonly scope: BudgetLineScope;
  /** The account's name. */
  readonly name: string;
  readonly account: Account;
  readonly #context: LimitContext;
  #terms: BudgetTerms = NO_TERMS;
  /** When the window in force ends; until then a look at the account costs one comparison. */
  #resetAt = 0;

  constructor(context: LimitContext, scope: BudgetLineScope, name: string, account: Account) {
    this.#context = context;
    this.scope = scope;
    this.name = name;
    this.account = account;
  }

  /** New terms act at once; the running window stays, unless they end it. */
  set terms(terms: BudgetTerms) {
    this.#terms = terms;
    this.#resetAt = 0;
  }

  /** The calendar changed. */
  refresh(): void {
    this.#resetAt = 0;
  }

  get limit(): Usd | null {
    return this.#terms.limit;
  }

  get duration(): string | null {
    return this.#terms.duration;
  }

  /**
   * Whether a call that may cost `cost` fits (ruling M5).
   *
   * @throws {BudgetExceededError}
   */
  check(cost: Usd, now: number, model: string): void {
    const { limit } = this.#terms;
    if (limit === null) return;
    this.roll(now);
    const { spend, held, holders } = this.account;
    const cap = this.#capAt(limit, now);
    if (spend >= cap) throw this.#refusal(cap, null, now, model);
    if (held === 0n) return; // one call is admitted even when its estimate does not fit
    const filled = addUsd(spend, held);
    if (filled >= cap || addUsd(filled, cost) > cap) throw this.#refusal(cap, { calls: holders, held }, now, model);
  }

  /** When the window in force ends; null: never. */
  resetAt(now: number): number | null {
    this.roll(now);
    return this.#resetAt === Infinity ? null : this.#resetAt;
  }

  /** How a call that is settled now is booked. */
  chargeAt(now: number): Charge {
    this.roll(now);
    return { account: this.name, windowStart: this.account.windowStart };
  }

  /** Resets the account when its window has ended. Only ever forward: a clock that steps back changes nothing. */
  roll(now: number): void {
    if (now < this.#resetAt) return;
    const { duration, firstReset } = this.#terms;
    let from = this.account.windowStart;
    if (firstReset !== null && from < firstReset) {
      this.#resetAt = firstReset;
      if (now < firstReset) return;
      from = firstReset;
    }
    const window = duration === null ? null : this.#context.calendar.windowAt(duration, Math.max(now, from), from);
    const start = window?.start ?? from;
    if (start > this.account.windowStart) this.account.reset(start);
    this.#resetAt = window?.end ?? Infinity;
  }

  #capAt(limit: Usd, now: number): Usd {
    const { increase } = this.#terms;
    return increase && now < increase.until ? addUsd(limit, increase.amount) : limit;
  }

  #refusal(cap: Usd, running: { calls: number; held: Usd } | null, now: number, model: string): BudgetExceededError {
    return new BudgetExceededError(this.scope, this.#terms.what(model), this.account.spend, cap, running, this.resetAt(now), now);
  }
}
