import type { LimitPolicy } from '../core/limit-policy.ts';
import { accountOf, modelAccount, windowAccount, type Accounts } from './accounts.ts';
import { BudgetLine, NO_TERMS, type BudgetLineScope, type BudgetTerms } from './budget-line.ts';
import type { LimitContext } from './limit-context.ts';
import { entryFor } from './model-match.ts';
import type { Descriptor, Moment, RateLimit } from './rate-limit.ts';
import { RateWindow } from './rate-window.ts';

/** Everything one call is checked against and booked on. */
export interface CallLimits {
  /** In the order in which they are checked (control-plane 10.1). */
  readonly budgets: readonly BudgetLine[];
  readonly requests: readonly RateLimit[];
  readonly tokens: readonly RateLimit[];
}

/** How far a limit of a window is used. */
export interface WindowUse {
  readonly used: number;
  /** null: counted, never refused. */
  readonly limit: number | null;
  /** Milliseconds until it begins anew; null when nothing counts. */
  readonly endsInMs: number | null;
}

/** How far the limits of a key or a person are used. */
export interface LimitUse {
  readonly requests: WindowUse;
  readonly tokens: WindowUse;
  /** Calls under way. */
  readonly running: { readonly used: number; readonly limit: number | null };
}

/** Model names are the caller's to choose where a wildcard admits them: no more than these are remembered. */
const MOST_MODELS = 256;

const NO_LIMITS: CallLimits = { budgets: [], requests: [], tokens: [] };

/** How refusals name a budget of each subject (control-plane 10.1). */
const WORDS = {
  api_key: {
    scope: 'key',
    perModel: 'model_per_key',
    budget: ({ label }: LimitPolicy) => `Key=${label}`,
    model: ({ id, label }: LimitPolicy, model: string) =>
      `LiteLLM Virtual Key: ${id}, key_alias: ${label}, exceeded budget for model=${model}`,
  },
  user: {
    scope: 'user',
    perModel: 'model_per_user',
    budget: ({ id }: LimitPolicy) => `ExceededBudget: User=${id} over budget.`,
    model: ({ id }: LimitPolicy, model: string) => `LiteLLM User: ${id}, exceeded budget for model=${model}`,
  },
} as const satisfies Record<
  LimitPolicy['subject'],
  {
    scope: BudgetLineScope;
    perModel: Descriptor;
    budget: (policy: LimitPolicy) => string;
    model: (policy: LimitPolicy, model: string) => string;
  }
>;

/**
 * Counters and budgets of a key or a person in use. Made at its first call, dropped when nothing of it runs any more. Those of
 * a key hold its person's too: one object for all keys of one person.
 */
export class SubjectLimits {
  /** Open calls. */
  running = 0;
  #owner: SubjectLimits | null;
  readonly #context: LimitContext;
  readonly #accounts: Accounts;
  readonly #global: BudgetLine;
  readonly #lines = new Map<string, BudgetLine>();
  readonly #requests = new RateWindow();
  readonly #tokens = new RateWindow();
  /** By kind and entry of the policy, e.g. `tokens gpt-*`. */
  readonly #modelWindows = new Map<string, RateWindow>();
  readonly #byModel = new Map<string, CallLimits>();
  #policy: LimitPolicy;
  #own: CallLimits = NO_LIMITS;
  #plain: CallLimits = NO_LIMITS;
  /** Whether it matters which model a call is for. */
  #minds = false;

  constructor(context: LimitContext, accounts: Accounts, global: BudgetLine, policy: LimitPolicy, owner: SubjectLimits | null) {
    this.#context = context;
    this.#accounts = accounts;
    this.#global = global;
    this.#policy = policy;
    this.#owner = owner;
    this.#build();
  }

  get policy(): LimitPolicy {
    return this.#policy;
  }

  /** The person whose key it is. */
  get owner(): SubjectLimits | null {
    return this.#owner;
  }

  /** Counters and balances stay; limits act from now on, also inside the running window (ruling K3). */
  become(policy: LimitPolicy, owner: SubjectLimits | null): void {
    if (policy === this.#policy && owner === this.#owner) return;
    this.#policy = policy;
    this.#owner = owner;
    this.refresh();
  }

  /** Reads policy and settings again, and the owner's limits. */
  refresh(): void {
    for (const line of this.#lines.values()) line.terms = NO_TERMS;
    this.#byModel.clear();
    this.#build();
    // Calls under way are booked on these lines too: their windows must go on ending in time.
    for (const entry of Object.keys(this.#policy.modelBudgets))
      if (this.#lines.has(modelAccount(this.#policy, entry))) this.#modelLine(entry);
  }

  /** Limits of a call to this model group. */
  of(model: string): CallLimits {
    if (!this.#minds) return this.#plain;
    let limits = this.#byModel.get(model);
    if (!limits) {
      limits = this.#joined(this.#ownFor(model), this.#owner?.ownOf(model) ?? NO_LIMITS);
      if (this.#byModel.size >= MOST_MODELS) this.#byModel.clear();
      this.#byModel.set(model, limits);
    }
    return limits;
  }

  /** Limits of a call to this model group that is made for a person who does not own the key. */
  with(person: SubjectLimits, model: string): CallLimits {
    return this.#joined(this.ownOf(model), person.ownOf(model));
  }

  /** Its own limits alone, for a key of this person. */
  ownOf(model: string): CallLimits {
    return this.#mindsOwn ? this.#ownFor(model) : this.#own;
  }

  /** Every budget of its own, whichever model; without the owner's and the global one. */
  budgets(): BudgetLine[] {
    return [...this.#own.budgets, ...Object.keys(this.#policy.modelBudgets).map((entry) => this.#modelLine(entry))];
  }

  /** What counts against its own limits at this moment, reservations too. */
  use({ elapsed, windowMs }: Moment): LimitUse {
    const { rpm, tpm, maxParallel } = this.#policy;
    const windowUse = (window: RateWindow, limit: number | null): WindowUse => {
      window.roll(elapsed, windowMs);
      const isRunning = window.startedAt !== -Infinity;
      return { used: window.used + window.reserved, limit, endsInMs: isRunning ? window.endsIn(elapsed, windowMs) : null };
    };
    return {
      requests: windowUse(this.#requests, rpm),
      tokens: windowUse(this.#tokens, tpm),
      running: { used: this.running, limit: maxParallel },
    };
  }

  /** Nothing runs and no window counts: all that is left stands in the accounts. */
  isIdle(elapsed: number, windowMs: number): boolean {
    if (this.running > 0) return false;
    return [this.#requests, this.#tokens, ...this.#modelWindows.values()].every(({ startedAt }) => elapsed >= startedAt + windowMs);
  }

  get #mindsOwn(): boolean {
    const { modelBudgets, modelRpm, modelTpm } = this.#policy;
    return [modelBudgets, modelRpm, modelTpm].some((entries) => Object.keys(entries).length > 0);
  }

  #build(): void {
    const { subject: descriptor, id, rpm, tpm, windows } = this.#policy;
    this.#minds = this.#mindsOwn || (this.#owner !== null && this.#owner.#mindsOwn);
    this.#own = {
      budgets: [...new Set([this.#mainLine(), ...windows.map((window) => this.#windowLine(window))])],
      requests: [{ descriptor, id, kind: 'requests', limit: rpm, window: this.#requests }],
      tokens: [{ descriptor, id, kind: 'tokens', limit: tpm, window: this.#tokens }],
    };
    this.#plain = this.#joined(this.#own, this.#owner?.ownOf('') ?? NO_LIMITS);
  }

  #joined(own: CallLimits, owners: CallLimits): CallLimits {
    return {
      budgets: [...own.budgets, ...owners.budgets, this.#global],
      requests: [...own.requests, ...owners.requests],
      tokens: [...own.tokens, ...owners.tokens],
    };
  }

  #ownFor(model: string): CallLimits {
    const { modelBudgets, modelRpm, modelTpm } = this.#policy;
    const { budgets, requests, tokens } = this.#own;
    const entry = entryFor(modelBudgets, model);
    return {
      budgets: entry === null ? budgets : [...budgets, this.#modelLine(entry)],
      requests: [...requests, ...this.#modelRate('requests', modelRpm, model)],
      tokens: [...tokens, ...this.#modelRate('tokens', modelTpm, model)],
    };
  }

  #modelRate(kind: RateLimit['kind'], limits: Readonly<Record<string, number>>, model: string): RateLimit[] {
    const entry = entryFor(limits, model);
    if (entry === null) return [];
    const name = `${kind} ${entry}`;
    let window = this.#modelWindows.get(name);
    if (!window) this.#modelWindows.set(name, (window = new RateWindow()));
    const { subject, id } = this.#policy;
    return [{ descriptor: WORDS[subject].perModel, id, kind, limit: limits[entry] ?? null, window }];
  }

  #mainLine(): BudgetLine {
    const policy = this.#policy;
    const { subject, maxBudget, budgetDuration, budgetResetAt, temporaryIncrease } = policy;
    return this.#line(accountOf(policy), {
      limit: maxBudget,
      duration: budgetResetAt === null ? null : budgetDuration,
      firstReset: budgetResetAt,
      increase: temporaryIncrease,
      what: () => WORDS[subject].budget(policy),
    });
  }

  #windowLine({ duration, maxBudget }: LimitPolicy['windows'][number]): BudgetLine {
    const policy = this.#policy;
    const what = () => `${WORDS[policy.subject].budget(policy)} Window=${duration}`;
    return this.#line(windowAccount(policy, duration), { ...NO_TERMS, limit: maxBudget, duration, what });
  }

  #modelLine(entry: string): BudgetLine {
    const policy = this.#policy;
    const { maxBudget, duration } = policy.modelBudgets[entry] ?? { maxBudget: null, duration: null };
    const what = (model: string) => WORDS[policy.subject].model(policy, model);
    return this.#line(modelAccount(policy, entry), { ...NO_TERMS, limit: maxBudget, duration, what });
  }

  #line(account: string, terms: BudgetTerms): BudgetLine {
    let line = this.#lines.get(account);
    if (!line) {
      line = new BudgetLine(this.#context, WORDS[this.#policy.subject].scope, account, this.#accounts.of(account));
      this.#lines.set(account, line);
    }
    line.terms = terms;
    return line;
  }
}
