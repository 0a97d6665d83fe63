import type { Clock } from '../core/clock.ts';
import { RateLimitExceededError } from '../core/errors.ts';
import type { HeaderList } from '../core/header-list.ts';
import type { Balance, Charge, LimitPolicy } from '../core/limit-policy.ts';
import { NO_USD, subtractUsd, usdOf, usdText, type Usd } from '../core/money.ts';
import type { BalanceAdjustment, LedgerRecord } from '../core/spend-record.ts';
import { accountOf, Accounts, GLOBAL_ACCOUNT, keyAccount } from './accounts.ts';
import { BudgetLine, NO_TERMS } from './budget-line.ts';
import { Hold } from './hold.ts';
import { SubjectLimits, type CallLimits, type LimitUse } from './subject-limits.ts';
import { LimitContext, type LimitSettings, type TokenCount } from './limit-context.ts';
import { limitHeadersOf } from './limit-headers.ts';
import { checkRate, type Moment } from './rate-limit.ts';
import type { ResetCalendar } from './reset-times.ts';

export type { Hold } from './hold.ts';
export type { LimitUse, WindowUse } from './subject-limits.ts';
export type { LimitSettings, TokenCount } from './limit-context.ts';

/** What a call wants to do. */
export interface Ask {
  /** null: the master key, which nothing limits. */
  readonly policy: LimitPolicy | null;
  /** Somebody whom a key of nobody names for this call: their limits hold as well, and the call is booked on them too. */
  readonly person?: LimitPolicy | null;
  /** Model group, as the key's limits name it. */
  readonly model: string;
  /** What it will probably use; reserved until it ends. */
  readonly estimate: { readonly cost: Usd; readonly inputTokens: number; readonly outputTokens: number };
  /** Every price of it is 0: no budget is asked. */
  readonly free: boolean;
  /** Milliseconds since 1970: a hold still open then is reported by `sweep`. Absent: never. */
  readonly expiresAt?: number;
}

/** How one budget of a key stands. */
export interface BudgetState {
  readonly account: string;
  /** null: spend is counted, nothing is refused. */
  readonly limit: Usd | null;
  readonly duration: string | null;
  readonly spend: Usd;
  /** Reserved by open calls. */
  readonly held: Usd;
  /** Milliseconds since 1970; null: never. */
  readonly resetAt: number | null;
}

export interface GlobalBudget {
  readonly maxBudget: Usd;
  readonly duration: string | null;
}

/** How soon a caller may hope that another of its calls has ended. */
const PARALLEL_WAIT_MS = 1000;

const UTC_SETTINGS: LimitSettings = { zone: { timezone: 'UTC', resetTime: '00:00' }, windowMs: 60_000, tokenType: 'total' };

/**
 * Rate limits and budgets: who may call now, and what is left afterwards.
 *
 * A state machine without input or output. Every method runs to its end before another begins, so what `admit` checks
 * is what it changes: a budget is never passed by concurrency, and a refused call consumes nothing anywhere.
 */
export class Limits {
  readonly #context: LimitContext;
  readonly #accounts = new Accounts();
  readonly #global: BudgetLine;
  readonly #unlimited: CallLimits;
  readonly #keys = new Map<string, SubjectLimits>();
  readonly #people = new Map<string, SubjectLimits>();
  readonly #open = new Set<Hold>();
  /** What became of keys that were given a new name while calls of theirs ran. */
  readonly #heirs = new Map<string, string>();

  constructor({ clock, ...settings }: { readonly clock: Clock } & Partial<LimitSettings>) {
    this.#context = new LimitContext(clock, { ...UTC_SETTINGS, ...settings });
    this.#global = new BudgetLine(this.#context, 'global', GLOBAL_ACCOUNT, this.#accounts.of(GLOBAL_ACCOUNT));
    this.#unlimited = { budgets: [this.#global], requests: [], tokens: [] };
  }

  /** The calendar in force: for `budget_reset_at` of new keys, and its warnings. */
  get calendar(): ResetCalendar {
    return this.#context.calendar;
  }

  /** Calls admitted and not ended. */
  get openHolds(): number {
    return this.#open.size;
  }

  /** New settings act at once; running windows and open calls stay. */
  configure(settings: Partial<LimitSettings>): void {
    this.#context.configure({ ...this.#context.settings, ...settings });
    for (const subjects of [this.#people, this.#keys]) for (const subject of subjects.values()) subject.refresh();
    this.#global.refresh();
  }

  /** A budget over everything but the master key's calls; null takes it away. */
  setGlobalBudget(budget: GlobalBudget | null): void {
    this.#global.terms =
      budget === null ? NO_TERMS : { ...NO_TERMS, limit: budget.maxBudget, duration: budget.duration, what: () => 'Global budget:' };
  }

  /** Sets balances as the database has them. What it does not hold yet is applied afterwards. */
  load(balances: Iterable<Balance>): void {
    for (const balance of balances) this.#accounts.of(balance.account).load(balance);
  }

  /** Books what was settled elsewhere: before a restart, or by another instance. */
  apply(charges: readonly Charge[], cost: Usd): void {
    for (const { account, windowStart } of charges) this.#accounts.of(account).book(cost, windowStart);
  }

  /** Books what the journal holds and the database does not yet. */
  applyRecord(record: LedgerRecord): void {
    if (record.kind === 'settle') this.apply(record.charges, usdOf(record.spend));
    else this.#accounts.of(record.account).adjust(usdOf(record.delta), record.windowStart);
  }

  /**
   * Lets a call in: checks every limit, then counts and reserves on all of them.
   *
   * @throws {BudgetExceededError | RateLimitExceededError} and then nothing has changed
   */
  admit(ask: Ask): Hold {
    const { clock, settings } = this.#context;
    const moment: Moment = { now: clock.now(), elapsed: clock.elapsed(), windowMs: settings.windowMs };
    const key = ask.policy && this.#subjectOf(ask.policy);
    const named = key && ask.person ? this.#subjectOf(ask.person) : null;
    const person = named ?? key?.owner ?? null;
    const limits = (named ? key?.with(named, ask.model) : key?.of(ask.model)) ?? this.#unlimited;
    const tokens = this.#context.counted({ input: ask.estimate.inputTokens, output: ask.estimate.outputTokens });
    if (key) {
      if (!ask.free) for (const line of limits.budgets) line.check(ask.estimate.cost, moment.now, ask.model);
      checkParallel(key, moment);
      if (person) checkParallel(person, moment);
      for (const limit of limits.requests) checkRate(limit, 1, ask.model, moment);
      for (const limit of limits.tokens) checkRate(limit, tokens, ask.model, moment);
    }
    const hold = new Hold({
      context: this.#context,
      key,
      person,
      limits,
      cost: ask.free ? NO_USD : ask.estimate.cost,
      tokens,
      expiresAt: ask.expiresAt ?? Infinity,
    });
    hold.take(moment.elapsed);
    this.#open.add(hold);
    return hold;
  }

  /**
   * Goes on with another model, e.g. a fallback: what the call holds is exchanged for what the new model takes.
   *
   * @returns the hold that stands from now on
   * @throws {BudgetExceededError | RateLimitExceededError} and then the old one stands as before
   */
  move(hold: Hold, ask: Ask): Hold {
    hold.release();
    try {
      const moved = this.admit(ask);
      this.#open.delete(hold);
      return moved;
    } catch (error) {
      hold.resume(this.#context.clock.elapsed());
      throw error;
    }
  }

  /**
   * Ends a call that went upstream: books its cost, replaces reserved tokens by real ones. The second time it changes
   * nothing.
   *
   * @returns how it was booked: each account with its window in force now
   */
  settle(hold: Hold, cost: Usd, tokens: TokenCount): readonly Charge[] {
    this.#open.delete(hold);
    const charges = hold.settle(cost, tokens);
    const name = hold.key?.policy.id ?? '';
    return this.#heirs.has(name) ? this.#inherited(charges, name, cost) : charges;
  }

  /** Books on the key that another one became: what its running calls cost is owed by the key, whatever it is called. */
  #inherited(charges: readonly Charge[], name: string, cost: Usd): readonly Charge[] {
    let heir = name;
    while (this.#heirs.has(heir)) heir = this.#heirs.get(heir) ?? heir;
    return charges.map((charge) => {
      if (!charge.account.startsWith(keyAccount(name))) return charge;
      const account = charge.account.replace(name, heir);
      const balance = this.#accounts.of(account);
      balance.book(cost, balance.windowStart);
      return { account, windowStart: balance.windowStart };
    });
  }

  /** Ends a call that never went upstream: as if it had not been asked. Does nothing to a hold that has ended. */
  release(hold: Hold): void {
    this.#open.delete(hold);
    hold.release();
  }

  /**
   * Sets an account's spend, as an administrator asks.
   *
   * @param policy of the account's key, when it has one: a reset that is due is made first
   * @returns what the ledger writes down
   */
  adjust(account: string, newSpend: Usd, policy: LimitPolicy | null = null): BalanceAdjustment {
    if (policy) this.budgetsOf(policy);
    const balance = this.#accounts.of(account);
    const { windowStart } = balance;
    const delta = subtractUsd(newSpend, balance.spend);
    balance.adjust(delta, windowStart);
    return { kind: 'adjust', account, windowStart, delta: usdText(delta) };
  }

  /** What the key spent since its last reset. With its policy, a reset that is due is made first. */
  spendOf(keyHash: string, policy: LimitPolicy | null = null): Usd {
    const due = policy?.budgetResetAt ?? Infinity;
    if (policy && this.#context.clock.now() >= due) this.budgetsOf(policy);
    return this.#accounts.findKey(keyHash)?.spend ?? NO_USD;
  }

  /** What a key or a person spent since the last reset; one that is due is made first. */
  spentBy(policy: LimitPolicy): Usd {
    if (this.#context.clock.now() >= (policy.budgetResetAt ?? Infinity)) this.budgetsOf(policy);
    return this.#accounts.find(accountOf(policy))?.spend ?? NO_USD;
  }

  /** As it was last booked or reset; null: nothing is known of it. */
  balanceOf(account: string): Balance | null {
    const found = this.#accounts.find(account);
    return found && { account, spend: found.spend, total: found.total, windowStart: found.windowStart };
  }

  /** All budgets of a key or a person as they stand now: its own first, then windows, then models. */
  budgetsOf(policy: LimitPolicy): readonly BudgetState[] {
    const now = this.#context.clock.now();
    // A look at an idle key leaves nothing behind: lists look at many.
    const known = this.#kept(policy.subject).get(policy.id);
    const subject = known ?? new SubjectLimits(this.#context, this.#accounts, this.#global, policy, null);
    known?.become(policy, known.owner);
    return subject.budgets().map((line) => stateOf(line, now));
  }

  /** How far the limits of the running window are used; a look at an idle key leaves nothing behind. */
  useOf(policy: LimitPolicy): LimitUse {
    const { clock, settings } = this.#context;
    const known = this.#kept(policy.subject).get(policy.id);
    const subject = known ?? new SubjectLimits(this.#context, this.#accounts, this.#global, policy, null);
    known?.become(policy, known.owner);
    return subject.use({ now: clock.now(), elapsed: clock.elapsed(), windowMs: settings.windowMs });
  }

  /** The global budget as it stands now. */
  globalBudget(): BudgetState {
    return stateOf(this.#global, this.#context.clock.now());
  }

  /** Limits were changed: what is booked from now on goes by them. */
  policyChanged(policy: LimitPolicy): void {
    const subject = this.#kept(policy.subject).get(policy.id);
    subject?.become(policy, this.#ownerOf(policy));
    // Keys read their person's limits.
    if (subject && policy.subject === 'user') for (const key of this.#keys.values()) if (key.owner === subject) key.refresh();
  }

  /** The key is gone, and its counters with it. What it spent stays known, as the database knows it. */
  forget(keyHash: string): void {
    this.#keys.delete(keyHash);
  }

  /**
   * A key or a person was made: it begins with this spend, whoever had its name before.
   *
   * @returns what the ledger writes down
   */
  begin(policy: LimitPolicy, spend: Usd): BalanceAdjustment[] {
    return this.#level(policy, (account) => (account === accountOf(policy) ? spend : NO_USD));
  }

  /**
   * A key got a new name: what was spent on each of its budgets goes along, and what calls that run will cost is booked
   * there too.
   *
   * @returns what the ledger writes down
   */
  inherit(policy: LimitPolicy, old: LimitPolicy): BalanceAdjustment[] {
    if ([...this.#open].some(({ key }) => key?.policy.id === old.id)) this.#heirs.set(old.id, policy.id);
    const spent = new Map(this.budgetsOf(old).map(({ account, spend }) => [account.replace(old.id, policy.id), spend]));
    return this.#level(policy, (account) => spent.get(account) ?? NO_USD);
  }

  #level(policy: LimitPolicy, wanted: (account: string) => Usd): BalanceAdjustment[] {
    const uneven = this.budgetsOf(policy).filter(({ account, spend }) => spend !== wanted(account));
    return uneven.map(({ account }) => this.adjust(account, wanted(account)));
  }

  /** `x-ratelimit-*` for the answer to this call. */
  headersOf(hold: Hold): HeaderList {
    return limitHeadersOf(hold, this.#context);
  }

  /**
   * Once a minute: forgets counters that no longer count.
   *
   * @param now milliseconds since 1970
   * @returns holds that should have ended by now, still open: they must be settled, nothing gives them back silently
   */
  sweep(now: number): Hold[] {
    const elapsed = this.#context.clock.elapsed();
    if (this.#open.size === 0) this.#heirs.clear();
    const { windowMs } = this.#context.settings;
    const needed = new Set<SubjectLimits | null>();
    for (const [hash, key] of this.#keys) {
      if (key.isIdle(elapsed, windowMs)) this.#keys.delete(hash);
      else needed.add(key.owner);
    }
    for (const [id, person] of this.#people) if (!needed.has(person) && person.isIdle(elapsed, windowMs)) this.#people.delete(id);
    return [...this.#open].filter((hold) => hold.expiresAt <= now);
  }

  #kept(subject: LimitPolicy['subject']): Map<string, SubjectLimits> {
    return subject === 'api_key' ? this.#keys : this.#people;
  }

  #subjectOf(policy: LimitPolicy): SubjectLimits {
    const kept = this.#kept(policy.subject);
    let subject = kept.get(policy.id);
    if (subject?.policy === policy) return subject;
    const owner = this.#ownerOf(policy);
    if (subject) subject.become(policy, owner);
    else kept.set(policy.id, (subject = new SubjectLimits(this.#context, this.#accounts, this.#global, policy, owner)));
    return subject;
  }

  #ownerOf({ owner }: LimitPolicy): SubjectLimits | null {
    return owner && this.#subjectOf(owner);
  }
}

function checkParallel({ policy: { subject, id, maxParallel }, running }: SubjectLimits, { now }: Moment): void {
  if (maxParallel === null || running < maxParallel) return;
  throw new RateLimitExceededError(`${subject}: ${id}`, 'max_parallel_requests', maxParallel, 0, now + PARALLEL_WAIT_MS, now);
}

function stateOf(line: BudgetLine, now: number): BudgetState {
  const { name: account, limit, duration } = line;
  const resetAt = line.resetAt(now);
  const { spend, held } = line.account;
  return { account, limit, duration, spend, held, resetAt };
}
