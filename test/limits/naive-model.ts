import type { LimitPolicy } from '../../src/core/limit-policy.ts';
import type { Usd } from '../../src/core/money.ts';

export interface NaiveCall {
  readonly model: string;
  readonly cost: Usd;
  readonly tokens: number;
  readonly requestWindow: number;
  readonly tokenWindow: number;
  /** null: running. */
  spent: { readonly at: number; readonly cost: Usd; readonly tokens: number; readonly tokenWindow: number } | null;
  released: boolean;
}

const LENGTHS: Readonly<Record<string, number>> = { '1h': 3_600_000, '1d': 86_400_000 };
const MINUTE = 60_000;

/**
 * One key's limits, written for reading and not for speed: it remembers every call and counts anew each time. UTC,
 * windows of whole hours and days, a clock that never steps back.
 */
export class NaiveKey {
  readonly #policy: LimitPolicy;
  readonly #calls: NaiveCall[] = [];
  #requestWindow = -Infinity;
  #tokenWindow = -Infinity;

  constructor(policy: LimitPolicy) {
    this.#policy = policy;
  }

  /** @returns the call, or null when it is refused */
  admit(model: string, cost: Usd, tokens: number, now: number): NaiveCall | null {
    const { rpm, tpm, maxParallel } = this.#policy;
    const running = this.#calls.filter((call) => !call.spent && !call.released).length;
    if (!this.#budgetsAllow(model, cost, now)) return null;
    if (maxParallel !== null && running >= maxParallel) return null;
    const requestWindow = now < this.#requestWindow + MINUTE ? this.#requestWindow : now;
    const requests = this.#calls.filter((call) => !call.released && call.requestWindow === requestWindow).length;
    if (rpm !== null && requests >= rpm) return null;
    const tokenWindow = now < this.#tokenWindow + MINUTE ? this.#tokenWindow : now;
    const { used, reserved } = this.#tokensIn(tokenWindow);
    if (tpm !== null && (used + reserved >= tpm || (reserved > 0 && used + reserved + tokens > tpm))) return null;
    [this.#requestWindow, this.#tokenWindow] = [requestWindow, tokenWindow];
    const call: NaiveCall = { model, cost, tokens, requestWindow, tokenWindow, spent: null, released: false };
    this.#calls.push(call);
    return call;
  }

  settle(call: NaiveCall, cost: Usd, tokens: number, now: number): void {
    const over = now >= this.#tokenWindow + MINUTE;
    const excess = tokens > call.tokens;
    if (call.tokenWindow === this.#tokenWindow && !over) call.spent = { at: now, cost, tokens, tokenWindow: call.tokenWindow };
    else {
      if (over && excess) this.#tokenWindow = now;
      call.spent = { at: now, cost, tokens: excess ? tokens - call.tokens : 0, tokenWindow: this.#tokenWindow };
    }
  }

  release(call: NaiveCall): void {
    call.released = true;
  }

  /** Settled in the window that runs at `now`; `length` null: ever. */
  spend(length: number | null, model: string | null, now: number): bigint {
    const start = length === null ? 0 : Math.floor(now / length) * length;
    return this.#calls.reduce(
      (sum, call) => (call.spent && call.spent.at >= start && (model === null || call.model === model) ? sum + call.spent.cost : sum),
      0n,
    );
  }

  #budgetsAllow(model: string, cost: Usd, now: number): boolean {
    const { maxBudget, windows, modelBudgets } = this.#policy;
    const modelBudget = modelBudgets[model];
    return [
      { limit: maxBudget, length: null, model: null },
      ...windows.map((window) => ({ limit: window.maxBudget, length: LENGTHS[window.duration] ?? null, model: null })),
      ...(modelBudget ? [{ limit: modelBudget.maxBudget, length: LENGTHS[modelBudget.duration ?? ''] ?? null, model }] : []),
    ].every((budget) => {
      if (budget.limit === null) return true;
      const spend = this.spend(budget.length, budget.model, now);
      const held = this.#held(budget.model);
      return spend < budget.limit && (held === 0n || (spend + held < budget.limit && spend + held + cost <= budget.limit));
    });
  }

  #held(model: string | null): bigint {
    return this.#calls.reduce(
      (sum, call) => (!call.spent && !call.released && (model === null || call.model === model) ? sum + call.cost : sum),
      0n,
    );
  }

  #tokensIn(window: number): { used: number; reserved: number } {
    let [used, reserved] = [0, 0];
    for (const { spent, released, tokens, tokenWindow } of this.#calls) {
      if (spent?.tokenWindow === window) used += spent.tokens;
      if (!spent && !released && tokenWindow === window) reserved += tokens;
    }
    return { used, reserved };
  }
}
