import type { Usd } from './money.ts';

export interface BudgetWindow {
  /** `1d`, `30d`, `1mo` ... (control-plane 10.4). */
  readonly duration: string;
  readonly maxBudget: Usd;
}

export interface ModelBudget {
  readonly maxBudget: Usd;
  /** `null`: never resets. */
  readonly duration: string | null;
}

/** Whose limits: as refusals and headers name it (control-plane 11.1). */
export type LimitSubject = 'api_key' | 'user';

/** The limits of one virtual key or person, as stored. Replaced as a whole when it changes. */
export interface LimitPolicy {
  readonly subject: LimitSubject;
  /** Hash of the key, id of the person: names accounts and counters. */
  readonly id: string;
  /** How messages name it: `alias (sk-...AbCd)` or the hash of a key, never the key; the id of a person. */
  readonly label: string;
  /** Whose limits hold as well: those of the person whose key it is. */
  readonly owner: LimitPolicy | null;
  readonly maxBudget: Usd | null;
  readonly budgetDuration: string | null;
  /** Milliseconds since 1970; null when the budget never resets. */
  readonly budgetResetAt: number | null;
  /** Added to `maxBudget` until `until` (milliseconds since 1970). */
  readonly temporaryIncrease: { readonly amount: Usd; readonly until: number } | null;
  readonly windows: readonly BudgetWindow[];
  /** By model group; names may hold `*`. */
  readonly modelBudgets: Readonly<Record<string, ModelBudget>>;
  readonly rpm: number | null;
  readonly tpm: number | null;
  readonly maxParallel: number | null;
  /** By model group. */
  readonly modelRpm: Readonly<Record<string, number>>;
  readonly modelTpm: Readonly<Record<string, number>>;
}

/**
 * One balance that a call is booked on.
 *
 * Accounts: `key:<hash>` · `key:<hash>|1d` (a window of `budget_limits`) · `key:<hash>|model:<group>` · `user:` in the same
 * forms · `global`. Later `team:`, `organization:`, `customer:`, `tag:`.
 */
export interface Charge {
  readonly account: string;
  /**
   * When the account was last reset, milliseconds since 1970, 0 for never. It only grows. A balance counts the charges
   * of its own window start; a charge of an older window adds to the lifetime total alone.
   */
  readonly windowStart: number;
}

/** A balance as the database keeps it. */
export interface Balance {
  readonly account: string;
  /** Spend since `windowStart`. */
  readonly spend: Usd;
  /** Spend since ever; never reset. */
  readonly total: Usd;
  readonly windowStart: number;
}
