import { seesAll, type Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { LimitPolicy } from '../core/limit-policy.ts';
import type { Usd } from '../core/money.ts';
import type { BalanceAdjustment } from '../core/spend-record.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import type { Limits } from '../limits/limits.ts';
import { keyObject } from './key-object.ts';

export interface KeyViewParts {
  readonly clock: Clock;
  readonly limits: Limits;
}

/** What a key spent since its last reset. */
export function spendOfKey(parts: KeyViewParts, key: VirtualKey): Usd {
  return parts.limits.spendOf(key.keyHash, duePolicyOf(parts, key));
}

/** Sets what a key spent. @returns what the ledger writes down */
export function setSpendOfKey(parts: KeyViewParts, key: VirtualKey, spend: Usd): BalanceAdjustment {
  return parts.limits.adjust(`key:${key.keyHash}`, spend, duePolicyOf(parts, key));
}

/** Many keys are asked: the policy of an idle one is made only where a reset is due. */
function duePolicyOf({ clock }: KeyViewParts, key: VirtualKey): LimitPolicy | null {
  const { budgetResetAt } = key.fields;
  return budgetResetAt !== null && clock.now() >= budgetResetAt ? key.policy : null;
}

/** The key with what it spent, its windows, and its next reset as it stands now. */
export function shownKey(parts: KeyViewParts, key: VirtualKey): JsonObject {
  const [own, ...others] = parts.limits.budgetsOf(key.policy);
  const object = keyObject(key.fields, spendOfKey(parts, key), others);
  return own && own.resetAt !== null && key.fields.budgetDuration !== null
    ? { ...object, budget_reset_at: new Date(own.resetAt).toISOString() }
    : object;
}

/** Administrators and viewers see every key, people their own, a key itself. */
export function maySeeKey(caller: Caller, key: VirtualKey | null, hash: string): boolean {
  if (seesAll(caller) || caller.keyHash === (key?.keyHash ?? hash)) return true;
  return caller.userId !== null && caller.role !== 'key' && key?.userId === caller.userId;
}
