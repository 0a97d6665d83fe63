import type { SpendRecord } from '../../core/spend-record.ts';
import { subtractUsd, usdOf } from '../../core/money.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { People } from '../../identity/people.ts';
import type { Limits } from '../../limits/limits.ts';
import type { EventQueue } from '../bridge/event-queue.ts';
import { budgetOfKey, budgetOfPerson, globalBudgetOf, shownBudget, standingOf, type Budget } from '../snapshot/budgets.ts';

export interface BudgetWatchParts {
  readonly limits: Limits;
  readonly ring: KeyRing;
  readonly people: People;
  readonly events: EventQueue;
}

/** Tells when a budget is nearly used up, used up, and begins anew: once for each crossing. */
export class BudgetWatch {
  readonly #parts: BudgetWatchParts;
  /** Budgets that something was spent of, with the end of their window. */
  readonly #used = new Map<string, { readonly now: () => Budget | null; readonly resetAt: number }>();

  constructor(parts: BudgetWatchParts) {
    this.#parts = parts;
  }

  /** A call was booked. @returns whether a budget stands otherwise than before */
  booked(record: SpendRecord): boolean {
    const cost = usdOf(record.spend);
    if (cost <= 0n) return false;
    let crossed = false;
    for (const lookUp of this.#budgetsOf(record)) {
      const budget = lookUp();
      if (!budget) continue;
      if (budget.resetAt !== null) this.#used.set(budget.id, { now: lookUp, resetAt: budget.resetAt });
      const before = standingOf({ ...budget, spent: subtractUsd(budget.spent, cost) });
      const after = standingOf(budget);
      if (after === before || after === 'ok') continue;
      crossed = true;
      this.#tell(after === 'exceeded' ? 'budget_exceeded' : 'budget_warning', budget);
    }
    return crossed;
  }

  /** Looks for windows that ended. @returns whether one did */
  sweep(): boolean {
    let any = false;
    for (const [id, { now, resetAt }] of this.#used) {
      const budget = now();
      if (budget && budget.resetAt === resetAt) continue;
      this.#used.delete(id);
      if (!budget || budget.resetAt === null) continue;
      any = true;
      this.#tell('budget_reset', budget);
    }
    return any;
  }

  #budgetsOf({ api_key: hash, user_id: userId }: SpendRecord): (() => Budget | null)[] {
    const { limits, people, ring } = this.#parts;
    return [
      () => globalBudgetOf(limits)[0] ?? null,
      () => {
        const entry = ring.get(hash);
        const key = entry && ring.current(entry);
        return key && budgetOfKey(key, limits);
      },
      () => {
        const person = userId?.startsWith('ha:') ? people.get(userId) : null;
        return person ? budgetOfPerson(person, limits) : null;
      },
    ];
  }

  #tell(type: 'budget_warning' | 'budget_exceeded' | 'budget_reset', budget: Budget): void {
    const { id, limit, spent, remaining, period, resets_at } = shownBudget(budget);
    const subject =
      budget.scopeId === null
        ? { kind: 'gateway' as const, id: null, name: budget.name }
        : { kind: budget.scope === 'key' ? ('key' as const) : ('user' as const), id: budget.scopeId, name: budget.name };
    this.#parts.events.add(type, subject, { budget_id: id, limit, spent, remaining, period, resets_at });
  }
}
