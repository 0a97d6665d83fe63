import type { Clock } from '../core/clock.ts';
import type { Transactions } from '../store/queries.ts';

export interface CleanupLimits {
  /** Rows that one statement deletes. */
  readonly batch: number;
  /** Milliseconds after which no further statement begins. */
  readonly budgetMs: number;
  /** Most statements of one run; null: as many as there is time for. */
  readonly batches: number | null;
  /** Milliseconds that the drop of a month waits for those who use it; calls that are written down wait behind it. */
  readonly lockMs: number;
  readonly signal: AbortSignal;
}

export interface Cleaned {
  /** Months that went as a whole. */
  readonly months: number;
  readonly rows: number;
  /** Nothing that is old is left. */
  readonly done: boolean;
}

/** Quarters of hours are kept this long, so that any zone's days can be folded from them (ruling M14). */
const QUARTERS_MS = 40 * 86_400_000;

/**
 * Deletes rows of calls from before a moment: whole months at once, the rest some rows at a time, so that nothing waits long
 * for it. Sums and balances are not touched; they stay for ever.
 *
 * @param before milliseconds since 1970
 */
export async function deleteOldCalls(database: Transactions, clock: Clock, before: number, limits: CleanupLimits): Promise<Cleaned> {
  const until = clock.elapsed() + limits.budgetMs;
  const months = await dropOldMonths(database, before, limits.lockMs);
  const old = `delete from gateway.spend_logs where (request_id, start_time) in
    (select request_id, start_time from gateway.spend_logs where start_time < to_timestamp($1 / 1000.0) order by start_time limit $2)`;
  let rows = 0;
  for (let batches = 0; ; batches++) {
    if (limits.signal.aborted || clock.elapsed() >= until || batches === limits.batches) return { months, rows, done: false };
    const gone = await database.execute(old, [before, limits.batch]);
    rows += gone;
    if (gone < limits.batch) return { months, rows, done: true };
  }
}

/** Deletes sums of quarters of hours that no question folds any more. @returns how many */
export async function deleteOldQuarters(
  database: Transactions,
  now: number,
  limits: Pick<CleanupLimits, 'batch' | 'signal'>,
): Promise<number> {
  let all = 0;
  for (const table of ['spend_quarters', 'quarter_totals']) all += await deleteQuarters(database, table, now - QUARTERS_MS, limits);
  return all;
}

async function deleteQuarters(
  database: Transactions,
  table: string,
  before: number,
  { batch, signal }: Pick<CleanupLimits, 'batch' | 'signal'>,
): Promise<number> {
  let all = 0;
  for (let gone = batch; gone === batch && !signal.aborted; all += gone) {
    gone = await database.execute(
      `delete from gateway.${table} where (quarter, dimensions) in
         (select quarter, dimensions from gateway.${table} where quarter < to_timestamp($1 / 1000.0) order by quarter limit $2)`,
      [before, batch],
    );
  }
  return all;
}

/**
 * Drops the partitions of months that end before the moment. Calls that are written down meanwhile wait a moment; when the lock
 * cannot be had soon, their rows go one by one.
 */
async function dropOldMonths(database: Transactions, before: number, lockMs: number): Promise<number> {
  const names = await database.query<{ name: string }>(
    `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'gateway.spend_logs'::regclass and relname ~ '^spend_logs_\\d{4}_\\d{2}$' order by 1`,
  );
  let dropped = 0;
  for (const { name } of names) if (endOf(name) <= before && (await dropMonth(database, name, lockMs))) dropped++;
  return dropped;
}

async function dropMonth(database: Transactions, name: string, lockMs: number): Promise<boolean> {
  try {
    await database.transaction(async (queries) => {
      await queries.query("select set_config('lock_timeout', $1, true)", [`${lockMs}ms`]);
      // Never beside the making of partitions, which moves rows between them.
      await queries.query("select pg_advisory_xact_lock(hashtextextended('gateway.make_spend_partitions', 0))");
      await queries.execute(`drop table if exists gateway.${name}`);
    });
    return true;
  } catch (error) {
    if (isLockTimeout(error)) return false;
    throw error;
  }
}

function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown }).code === '55P03';
}

/** When the month of a partition ends, UTC. */
function endOf(name: string): number {
  const [year = 0, month = 0] = name.slice('spend_logs_'.length).split('_').map(Number);
  return Date.UTC(year, month, 1);
}
