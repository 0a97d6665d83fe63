import type { Charge } from '../core/limit-policy.ts';
import type { Usd } from '../core/money.ts';
import type { CallLimits, SubjectLimits } from './subject-limits.ts';
import type { LimitContext, TokenCount } from './limit-context.ts';

interface HoldParts {
  readonly context: LimitContext;
  /** null: the master key. */
  readonly key: SubjectLimits | null;
  /** Whose call it is beside the key's; while it runs it stays theirs, though the key may change hands. */
  readonly person: SubjectLimits | null;
  readonly limits: CallLimits;
  /** Reserved of every budget; 0 for a call that cannot cost anything. */
  readonly cost: Usd;
  /** Reserved of every token limit. */
  readonly tokens: number;
  readonly expiresAt: number;
}

/** What one open call holds of limits and budgets. Made by `Limits.admit`, ended by `Limits.settle` or `Limits.release`. */
export class Hold {
  /** Milliseconds since 1970; a hold that is open then is reported by `Limits.sweep`. */
  readonly expiresAt: number;
  readonly #parts: HoldParts;
  /** Starts of the windows in which requests and tokens were counted. */
  #requestStarts: number[] = [];
  #tokenStarts: number[] = [];
  #booked: readonly Charge[] | null = null;

  constructor(parts: HoldParts) {
    this.expiresAt = parts.expiresAt;
    this.#parts = parts;
  }

  get open(): boolean {
    return this.#booked === null;
  }

  /** What the call was checked against. */
  get limits(): CallLimits {
    return this.#parts.limits;
  }

  get key(): SubjectLimits | null {
    return this.#parts.key;
  }

  get person(): SubjectLimits | null {
    return this.#parts.person;
  }

  /** Accounts that the call is booked on: as of now while it is open, as it was booked once settled. Empty when released. */
  get charges(): readonly Charge[] {
    if (this.#booked) return this.#booked;
    const now = this.#parts.context.clock.now();
    return this.#parts.limits.budgets.map((line) => line.chargeAt(now));
  }

  /** Counts the request and reserves. Every check was made before; nothing here fails. */
  take(elapsed: number): void {
    const { context, key, person, limits, cost, tokens } = this.#parts;
    for (const { account } of limits.budgets) account.hold(cost);
    // Windows without a limit were not looked at by any check.
    for (const { window } of limits.requests) window.roll(elapsed, context.settings.windowMs);
    for (const { window } of limits.tokens) window.roll(elapsed, context.settings.windowMs);
    this.#requestStarts = limits.requests.map(({ window }) => window.use(1, elapsed));
    this.#tokenStarts = limits.tokens.map(({ window }) => window.reserve(tokens, elapsed));
    if (key) key.running += 1;
    if (person) person.running += 1;
  }

  settle(cost: Usd, tokens: TokenCount): readonly Charge[] {
    if (this.#booked) return this.#booked;
    const { context, limits } = this.#parts;
    const now = context.clock.now();
    // A window that ended while the call ran is over: the cost belongs to the one in force now.
    const booked = limits.budgets.map((line) => line.chargeAt(now));
    this.#end(context.counted(tokens));
    limits.budgets.forEach(({ account }, index) => {
      account.book(cost, booked[index]?.windowStart ?? 0);
    });
    this.#booked = booked;
    return booked;
  }

  release(): void {
    if (this.#booked) return;
    this.#end(0);
    this.#parts.limits.requests.forEach(({ window }, index) => {
      window.unuse(1, this.#requestStarts[index] ?? NaN);
    });
    this.#booked = [];
  }

  /** Undoes `release`. What was settled stays settled. */
  resume(elapsed: number): void {
    if (this.#booked === null || this.#booked.length > 0) return;
    this.#booked = null;
    this.take(elapsed);
  }

  #end(realTokens: number): void {
    const { context, key, person, limits, cost, tokens } = this.#parts;
    const { windowMs } = context.settings;
    const elapsed = context.clock.elapsed();
    for (const { account } of limits.budgets) account.giveBack(cost);
    limits.tokens.forEach(({ window }, index) => {
      window.roll(elapsed, windowMs);
      window.settle(tokens, realTokens, this.#tokenStarts[index] ?? NaN, elapsed);
    });
    if (key) key.running -= 1;
    if (person) person.running -= 1;
  }
}
