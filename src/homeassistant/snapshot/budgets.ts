import type { BridgeBudget, BUDGET_PERIODS, BUDGET_STATES } from '../../contract/bridge/snapshot.ts';
import { NO_USD, subtractUsd, type Usd } from '../../core/money.ts';
import type { VirtualKey } from '../../identity/virtual-key.ts';
import type { Person } from '../../identity/person.ts';
import type { Limits } from '../../limits/limits.ts';
import { dollarsOf, momentOrNull } from './amounts.ts';
import { budgetIdOf, personIdOf } from './ids.ts';

export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];
export type BudgetStanding = (typeof BUDGET_STATES)[number];

/** One budget as it stands: whose it is, what it allows, what is spent of it. */
export interface Budget {
  readonly id: string;
  readonly name: string;
  readonly scope: 'global' | 'user' | 'key';
  /** Id of the key or person as Home Assistant knows it; null: everybody. */
  readonly scopeId: string | null;
  readonly limit: Usd;
  readonly soft: Usd | null;
  readonly spent: Usd;
  readonly duration: string | null;
  /** Milliseconds since 1970; null: never. */
  readonly resetAt: number | null;
}

/** What a budget over everything is called. */
const EVERYBODY = 'All calls';
/** Without a soft limit, this share of a budget is worth a warning. */
const WARNING_PERCENT = 80n;

export function globalBudgetOf(limits: Limits): Budget[] {
  const { limit, spend, duration, resetAt } = limits.globalBudget();
  if (limit === null) return [];
  return [{ id: budgetIdOf(null), name: EVERYBODY, scope: 'global', scopeId: null, limit, soft: null, spent: spend, duration, resetAt }];
}

export function budgetOfKey(key: VirtualKey, limits: Limits): Budget | null {
  const [own] = limits.budgetsOf(key.policy);
  if (!own || own.limit === null || key.fields.maxBudget === null) return null;
  const { publicId, softBudget } = key.fields;
  return {
    id: budgetIdOf(publicId),
    name: nameOfKey(key),
    scope: 'key',
    scopeId: publicId,
    limit: own.limit,
    soft: softBudget,
    spent: own.spend,
    duration: own.duration,
    resetAt: own.resetAt,
  };
}

export function budgetOfPerson({ policy, fields }: Person, limits: Limits): Budget | null {
  const [own] = limits.budgetsOf(policy);
  if (!own || own.limit === null || fields.maxBudget === null) return null;
  const id = personIdOf(fields.id);
  return {
    id: budgetIdOf(id),
    name: nameOfPerson(fields),
    scope: 'user',
    scopeId: id,
    limit: own.limit,
    soft: null,
    spent: own.spend,
    duration: own.duration,
    resetAt: own.resetAt,
  };
}

/** What a key is called where its text may not stand. */
export function nameOfKey({ fields }: VirtualKey): string {
  return fields.alias ?? fields.publicId;
}

export function nameOfPerson({ alias, id }: Person['fields']): string {
  return alias ?? id;
}

/** @param spent what is spent of it; another amount than the budget's tells how it would stand then */
export function standingOf({ limit, soft, spent }: Pick<Budget, 'limit' | 'soft' | 'spent'>): BudgetStanding {
  if (spent >= limit) return 'exceeded';
  const warned = soft === null ? spent * 100n >= limit * WARNING_PERCENT : spent >= soft;
  return warned ? 'warning' : 'ok';
}

export function periodOf(duration: string | null): BudgetPeriod {
  if (duration === null) return 'total';
  return PERIODS.get(duration) ?? 'custom';
}

const PERIODS = new Map<string, BudgetPeriod>([
  ['1d', 'day'],
  ['24h', 'day'],
  ['daily', 'day'],
  ['7d', 'week'],
  ['1w', 'week'],
  ['weekly', 'week'],
  ['30d', 'month'],
  ['1mo', 'month'],
  ['monthly', 'month'],
]);

/** The duration that a period stands for when one is set anew; null: it never resets. */
export const DURATIONS = { day: '1d', week: '7d', month: '1mo', total: null } as const;

export function shownBudget(budget: Budget): BridgeBudget {
  const { id, name, scope, scopeId, limit, soft, spent, duration, resetAt } = budget;
  return {
    id,
    name,
    scope,
    scope_id: scopeId,
    limit: dollarsOf(limit),
    spent: dollarsOf(spent > NO_USD ? spent : NO_USD),
    remaining: dollarsOf(subtractUsd(limit, spent)),
    used_percent: limit === 0n ? (spent > 0n ? 100 : 0) : Number((spent * 1000n) / limit) / 10,
    soft_limit: soft === null ? null : dollarsOf(soft),
    period: periodOf(duration),
    resets_at: momentOrNull(resetAt),
    state: standingOf(budget),
  };
}
