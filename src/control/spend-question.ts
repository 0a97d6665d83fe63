import { seesAll, type Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError, DatabaseUnavailableError, SlowQuestionError } from '../core/errors.ts';
import { hashOf, isKeyHash } from '../identity/key-hash.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SpendScope } from '../ledger/spend-filter.ts';
import { LONGEST_QUESTION_MS } from '../ledger/spend-log-pages.ts';
import { DatabaseError } from '../store/database-error.ts';
import type { Transactions } from '../store/queries.ts';

/** What every question about spend needs. */
export interface SpendQuestionParts {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly ledger: Ledger;
  readonly ready: () => void;
}

/** What was settled a moment ago is in the answer: spend that waits is written first, as far as that works now. */
export async function asked({ ledger, ready }: Pick<SpendQuestionParts, 'ledger' | 'ready'>, answer: () => Promise<void>): Promise<void> {
  ready();
  await ledger.flushed().catch(() => undefined);
  try {
    await answer();
  } catch (error) {
    throw toldOf(error);
  }
}

function toldOf(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (error.failure === 'timeout' && error.code !== null) return new SlowQuestionError(LONGEST_QUESTION_MS);
  if (error.transient)
    return new DatabaseUnavailableError('The database cannot be reached, so spend cannot be read. Calls go on; try again shortly.');
  return error.failure === 'data' ? new BadRequestError('The question holds a value that no row can have.') : error;
}

/**
 * Whose spend a caller reads: administrators and viewers everybody's, a person what was spent on all of their keys, a key
 * without a person its own (ruling K2).
 */
export function scopeOf(caller: Caller | null): SpendScope {
  if (caller !== null && seesAll(caller)) return { apiKey: null, userId: null };
  if (caller === null || caller.role === 'key' || caller.userId === null) return { apiKey: caller?.keyHash ?? '', userId: null };
  return { apiKey: null, userId: caller.userId };
}

/** The hash of a key that is named by its hash or its text; null: none is named. */
export function keyHashOf(named: string | null | undefined): string | null {
  if (named === null || named === undefined) return null;
  return isKeyHash(named) ? named : hashOf(named);
}

/** What is asked for, as far as it lies in the scope; null: none of it does. */
export function narrowed(scope: SpendScope, { apiKey, userId }: SpendScope): SpendScope | null {
  const foreign = (own: string | null, named: string | null): boolean => own !== null && named !== null && own !== named;
  if (foreign(scope.apiKey, apiKey) || foreign(scope.userId, userId)) return null;
  return { apiKey: scope.apiKey ?? apiKey, userId: scope.userId ?? userId };
}
