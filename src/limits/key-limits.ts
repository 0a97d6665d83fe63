import type { LimitPolicy } from '../core/limit-policy.ts';
import { keyAccount, modelAccount, windowAccount, type Accounts } from './accounts.ts';
import { BudgetLine, NO_TERMS, type BudgetTerms } from './budget-line.ts';
import type { LimitContext } from './limit-context.ts';
import { entryFor } from './model-match.ts';
import type { RateLimit } from './rate-limit.ts';
import { RateWindow } from './rate-window.ts';

/** Everything one call is checked against and booked on. */
export interface CallLimits {
  /** In the order in which they are checked (control-plane 10.1). */
  readonly budgets: readonly BudgetLine[];
  readonly requests: readonly RateLimit[];
  readonly tokens: readonly RateLimit[];
}

/** Model names are the caller's to choose where a wildcard admits them: no more than these are remembered. */
const MOST_MODELS = 256;

/** Counters and budgets of a key that is in use. Made at its first call, dropped when nothing of it runs any more. */
export class KeyLimits {
  /** Open calls. */
  running = 0;
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
  #plain: CallLimits;
  /** Whether it matters which model a call is for. */
  #minds = false;

  constructor(context: LimitContext, accounts: Accounts, global: BudgetLine, policy: LimitPolicy) {
    this.#context = context;
    this.#accounts = accounts;
    this.#global = global;
    this.#policy = policy;
    this.#plain = this.#build();
  }

  get policy(): LimitPolicy {
    return this.#policy;
  }

  /** Counters and balances stay; limits act from now on, also inside the running window (ruling K3). */
  set policy(policy: LimitPolicy) {
    if (policy === this.#policy) return;
    this.#policy = policy;
    this.refresh();
  }

  /** Reads policy and settings again. */
  refresh(): void {
    for (const line of this.#lines.values()) line.terms = NO_TERMS;
    this.#byModel.clear();
    this.#plain = this.#build();
    const { keyHash, modelBudgets } = this.#policy;
    // Calls under way are booked on these lines too: their windows must go on ending in time.
    for (const entry of Object.keys(modelBudgets)) if (this.#lines.has(modelAccount(keyHash, entry))) this.#modelLine(entry);
  }

  /** Limits of a call to this model group. */
  of(model: string): CallLimits {
    if (!this.#minds) return this.#plain;
    let limits = this.#byModel.get(model);
    if (!limits) {
      limits = this.#buildFor(model);
      if (this.#byModel.size >= MOST_MODELS) this.#byModel.clear();
      this.#byModel.set(model, limits);
    }
    return limits;
  }

  /** Every budget of the key, whichever model; without the global one. */
  budgets(): BudgetLine[] {
    const { modelBudgets } = this.#policy;
    return [...this.#plain.budgets.slice(0, -1), ...Object.keys(modelBudgets).map((entry) => this.#modelLine(entry))];
  }

  /** Nothing runs and no window counts: all that is left stands in the accounts. */
  isIdle(elapsed: number, windowMs: number): boolean {
    if (this.running > 0) return false;
    return [this.#requests, this.#tokens, ...this.#modelWindows.values()].every(({ startedAt }) => elapsed >= startedAt + windowMs);
  }

  #build(): CallLimits {
    const { rpm, tpm, modelBudgets, modelRpm, modelTpm } = this.#policy;
    this.#minds = [modelBudgets, modelRpm, modelTpm].some((entries) => Object.keys(entries).length > 0);
    return {
      budgets: [...new Set([this.#keyLine(), ...this.#policy.windows.map((window) => this.#windowLine(window))]), this.#global],
      requests: [{ descriptor: 'api_key', kind: 'requests', limit: rpm, window: this.#requests }],
      tokens: [{ descriptor: 'api_key', kind: 'tokens', limit: tpm, window: this.#tokens }],
    };
  }

  #buildFor(model: string): CallLimits {
    const { modelBudgets, modelRpm, modelTpm } = this.#policy;
    const { budgets, requests, tokens } = this.#plain;
    const entry = entryFor(modelBudgets, model);
    return {
      budgets: entry === null ? budgets : [...budgets.slice(0, -1), this.#modelLine(entry), this.#global],
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
    return [{ descriptor: 'model_per_key', kind, limit: limits[entry] ?? null, window }];
  }

  #keyLine(): BudgetLine {
    const { keyHash, label, maxBudget, budgetDuration, budgetResetAt, temporaryIncrease } = this.#policy;
    return this.#line(keyAccount(keyHash), {
      limit: maxBudget,
      duration: budgetResetAt === null ? null : budgetDuration,
      firstReset: budgetResetAt,
      increase: temporaryIncrease,
      what: () => `Key=${label}`,
    });
  }

  #windowLine({ duration, maxBudget }: LimitPolicy['windows'][number]): BudgetLine {
    const { keyHash, label } = this.#policy;
    return this.#line(windowAccount(keyHash, duration), {
      ...NO_TERMS,
      limit: maxBudget,
      duration,
      what: () => `Key=${label} Window=${duration}`,
    });
  }

  #modelLine(entry: string): BudgetLine {
    const { keyHash, label, modelBudgets } = this.#policy;
    const { maxBudget, duration } = modelBudgets[entry] ?? { maxBudget: null, duration: null };
    const what = (model: string) => `LiteLLM Virtual Key: ${keyHash}, key_alias: ${label}, exceeded budget for model=${model}`;
    return this.#line(modelAccount(keyHash, entry), { ...NO_TERMS, limit: maxBudget, duration, what });
  }

  #line(account: string, terms: BudgetTerms): BudgetLine {
    let line = this.#lines.get(account);
    if (!line) this.#lines.set(account, (line = new BudgetLine(this.#context, 'key', account, this.#accounts.of(account))));
    line.terms = terms;
    return line;
  }
}
