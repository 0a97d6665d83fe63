import type { LedgerRecord } from '../core/spend-record.ts';
import { flushRows } from './flush-rows.ts';
import { FLUSH } from './flush-statement.ts';
import type { Queries } from './queries.ts';

/** A stretch of one journal, to be written at once. */
export interface FlushBatch {
  readonly journalId: string;
  /** Sequence number that the batch follows; 0 for a journal's first. */
  readonly after: number;
  /** Sequence number of the batch's last record. */
  readonly upTo: number;
  readonly records: readonly LedgerRecord[];
}

export interface FlushResult {
  /** False: the journal's position was not `after`, and nothing was written. Read {@link journalPosition} and go on from there. */
  readonly applied: boolean;
  /** Spend rows that were new. */
  readonly rows: number;
}

/**
 * Writes spend rows, balances, sums and the journal position in one transaction. Sending a batch again changes nothing: the
 * position has moved, and a call that has its row is not counted a second time.
 *
 * Batches of 2,500 cost the least: the statement is planned anew for each, and each row of the sums is written once in it. One
 * record that the database cannot take (`failure` `data` or `constraint`) fails its whole batch: halve the batch to find it.
 *
 * @throws {DatabaseError} when `transient`, send the same batch again: it may have been committed, and then nothing happens
 */
export async function flushSpend(queries: Queries, { journalId, after, upTo, records }: FlushBatch): Promise<FlushResult> {
  const [result] = await queries.query<{ readonly applied: boolean; readonly rows: number }>(FLUSH, [
    journalId,
    after,
    upTo,
    ...(await flushRows(records)),
  ]);
  return result ?? { applied: false, rows: 0 };
}

/** Sequence number up to which the journal is in the database; 0 when it is unknown there. @throws {DatabaseError} */
export async function journalPosition(queries: Queries, journalId: string): Promise<number> {
  const [row] = await queries.query<{ readonly seq: number }>('select seq from gateway.journal_positions where journal_id = $1', [
    journalId,
  ]);
  return row?.seq ?? 0;
}

/** Those of these calls that have their row. @throws {DatabaseError} */
export async function bookedAmong(queries: Queries, requestIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await queries.query<{ readonly id: string }>(
    'select request_id::text as id from gateway.spend_logs where request_id = any($1::uuid[])',
    [requestIds],
  );
  return new Set(rows.map(({ id }) => id));
}
