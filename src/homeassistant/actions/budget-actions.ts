import type { BudgetTarget, SetBudget } from '../../contract/bridge/actions.ts';
import type { BridgeBudget } from '../../contract/bridge/snapshot.ts';
import type { Clock } from '../../core/clock.ts';
import { NotFoundError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { LimitPolicy } from '../../core/limit-policy.ts';
import { NO_USD, usdJson, usdOf, type Usd } from '../../core/money.ts';
import type { Audit } from '../../identity/audit/audit.ts';
import type { AuditTable } from '../../identity/audit/entry.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { Keys } from '../../identity/keys.ts';
import type { People } from '../../identity/people.ts';
import type { Users } from '../../identity/users.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { accountOf, GLOBAL_ACCOUNT } from '../../limits/accounts.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Queries } from '../../store/queries.ts';
import { budgetOfKey, budgetOfPerson, DURATIONS, globalBudgetOf, shownBudget, type Budget } from '../snapshot/budgets.ts';
import { budgetIdOf, personIdOf } from '../snapshot/ids.ts';
import type { Asker } from './asker.ts';
import { keyOf } from './known-keys.ts';

export interface BudgetTerms {
  readonly limit: Usd | null;
  /** As a setting writes it; undefined: as it was; null: it never resets. */
  readonly duration: string | null | undefined;
}

export interface BudgetActionParts {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly ring: KeyRing;
  readonly users: Users;
  readonly people: People;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly audit: Audit;
  /** Changes the setting that limits everything. */
  readonly setGlobalBudget: (terms: BudgetTerms, by: string | null) => Promise<void>;
}

/** Whose budget is meant. */
interface Holder {
  /** Null: everybody's. */
  readonly policy: LimitPolicy | null;
  readonly account: string;
  readonly set: (terms: BudgetTerms, by: string | null) => Promise<void>;
  /** Null: there is no limit. */
  readonly now: () => Budget | null;
  readonly table: AuditTable;
  readonly id: string;
  readonly name: string;
  readonly scope: BridgeBudget['scope'];
}

/** `set_budget` and `reset_budget`. */
export class BudgetActions {
  readonly #parts: BudgetActionParts;

  constructor(parts: BudgetActionParts) {
    this.#parts = parts;
  }

  /** @returns the budget's row @throws {NotFoundError | BadRequestError} */
  async set({ limit, period, ...target }: SetBudget, { userId }: Asker): Promise<Record<string, unknown>> {
    const holder = this.#holderOf(target);
    const duration = period === undefined || period === null ? undefined : DURATIONS[period];
    await holder.set({ limit: limit === null ? null : usdOf(String(limit)), duration }, userId);
    return this.#row(holder);
  }

  /** What was spent counts no more. @returns the budget's row @throws {NotFoundError} */
  async reset(target: BudgetTarget, { userId }: Asker): Promise<Record<string, unknown>> {
    const { audit, ledger, limits } = this.#parts;
    const holder = this.#holderOf(target);
    const before = { spend: usdJson(limits.balanceOf(holder.account)?.spend ?? NO_USD) };
    ledger.adjust(limits.adjust(holder.account, NO_USD, holder.policy));
    await audit.record({
      action: 'updated',
      table: holder.table,
      objectId: holder.policy?.id ?? 'litellm_settings',
      before,
      after: { spend: usdJson(NO_USD) },
      author: { userId, keyHash: null },
    });
    return this.#row(holder);
  }

  #row({ now, id, name, scope, policy }: Holder): Record<string, unknown> {
    const budget = now();
    if (budget) return shownBudget(budget);
    return {
      id,
      name,
      scope,
      scope_id: policy === null ? null : id.replace(/^b_/, ''),
      limit: null,
      spent: 0,
      remaining: null,
      used_percent: null,
      soft_limit: null,
      period: 'total',
      resets_at: null,
      state: 'ok',
    };
  }

  #holderOf({ budget_id: budgetId, key_id: keyId }: BudgetTarget): Holder {
    if (keyId !== undefined) return this.#keyHolder(keyId);
    const id = budgetId ?? '';
    if (id === budgetIdOf(null)) return this.#everybody();
    const of = id.replace(/^b_/, '');
    if (of.startsWith('k_')) return this.#keyHolder(of);
    return this.#personHolder(id, of);
  }

  #everybody(): Holder {
    const { limits, setGlobalBudget } = this.#parts;
    return {
      policy: null,
      account: GLOBAL_ACCOUNT,
      set: setGlobalBudget,
      now: () => globalBudgetOf(limits)[0] ?? null,
      table: 'settings',
      id: budgetIdOf(null),
      name: 'All calls',
      scope: 'global',
    };
  }

  #keyHolder(publicId: string): Holder {
    const { keys, limits, ring } = this.#parts;
    const key = keyOf(ring, publicId);
    return {
      policy: key.policy,
      account: accountOf(key.policy),
      set: async (terms, by) => {
        await keys.update(key.keyHash, (old) => this.#settings(terms, old), by, this.#noted('virtual_keys', by));
      },
      now: () => budgetOfKey(keyOf(ring, publicId), limits),
      table: 'virtual_keys',
      id: budgetIdOf(publicId),
      name: key.keyAlias ?? publicId,
      scope: 'key',
    };
  }

  #personHolder(budgetId: string, personId: string): Holder {
    const { limits, people, users } = this.#parts;
    const person = [...people.all()].find(({ fields }) => fields.id.startsWith('ha:') && personIdOf(fields.id) === personId);
    if (!person) throw new NotFoundError(`No budget has the id ${budgetId.slice(0, 40)}.`, 'budget_id');
    const { id } = person.fields;
    return {
      policy: person.policy,
      account: accountOf(person.policy),
      set: async (terms, by) => {
        await users.set(id, (old) => this.#settings(terms, old ?? person.fields), by, this.#noted('users', by));
      },
      now: () => {
        const now = people.get(id);
        return now && budgetOfPerson(now, limits);
      },
      table: 'users',
      id: budgetId,
      name: person.fields.alias ?? id,
      scope: 'user',
    };
  }

  #settings({ limit, duration }: BudgetTerms, old: { readonly budgetDuration: string | null; readonly budgetResetAt: number | null }) {
    if (duration === undefined || duration === old.budgetDuration) return { maxBudget: limit };
    const { clock, limits } = this.#parts;
    const budgetResetAt = duration === null ? null : limits.calendar.nextReset(duration, clock.now());
    return { maxBudget: limit, budgetDuration: duration, budgetResetAt };
  }

  /** Writes the change into the audit log, in the transaction that makes it. */
  #noted(table: AuditTable, userId: string | null) {
    return async (queries: Queries, before: Limited | null, after: Limited | null): Promise<void> => {
      const objectId = after?.hash ?? after?.id ?? '';
      const author = { userId, keyHash: null };
      await this.#parts.audit.record(
        { action: 'updated', table, objectId, before: before && shown(before), after: after && shown(after), author },
        queries,
      );
    };
  }
}

interface Limited {
  readonly hash?: string;
  readonly id?: string;
  readonly maxBudget: Usd | null;
  readonly budgetDuration: string | null;
}

function shown({ maxBudget, budgetDuration }: Limited): JsonObject {
  return { max_budget: maxBudget === null ? null : usdJson(maxBudget), budget_duration: budgetDuration };
}
