import { DatabaseError } from '../store/database-error.ts';
import type { Queries, Transactions } from '../store/queries.ts';
import { Conditions, conditionsOf, inScope, isPlain, type SpendLogFilter } from './spend-filter.ts';
import { COLUMNS, type SpendRow } from './spend-log-row.ts';
import { sumsTable } from './sums/tables.ts';

/** Columns that rows are sorted by. */
export type SpendSort = 'start_time' | 'end_time' | 'spend' | 'total_tokens' | 'request_duration_ms';

export interface PageAsked {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly sort: SpendSort;
  readonly order: 'asc' | 'desc';
}

export interface SpendLogPage {
  readonly rows: readonly SpendRow[];
  readonly total: number;
  /** False: there are more rows than `total` says. */
  readonly exact: boolean;
}

/** Filtered rows are counted up to here (performance P11). */
export const MOST_COUNTED = 10_000;
/** A question that takes longer is given up. */
export const LONGEST_QUESTION_MS = 5000;

/** Counting takes at most so long: a page is worth more than its total (performance P11). */
const LONGEST_COUNT_MS = 1000;

/** @throws {DatabaseError} of failure `timeout` after {@link LONGEST_QUESTION_MS} */
export async function pageOf(database: Transactions, filter: SpendLogFilter, asked: PageAsked): Promise<SpendLogPage> {
  const rows = await boundedly(database, (queries) => rowsOn(queries, filter, asked));
  const known = (asked.page - 1) * asked.size + rows.length;
  // The last page tells by itself how many there are.
  if (rows.length < asked.size && (rows.length > 0 || asked.page === 1)) return { rows, total: known, exact: true };
  try {
    return { rows, ...(await boundedly(database, (queries) => countOf(queries, filter), LONGEST_COUNT_MS)) };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.failure !== 'timeout') throw error;
    return { rows, total: known, exact: false };
  }
}

async function countOf(queries: Queries, filter: SpendLogFilter): Promise<Pick<SpendLogPage, 'total' | 'exact'>> {
  if (isPlain(filter)) return { total: await countedBySums(queries, filter), exact: true };
  const counted = await countedByRows(queries, filter);
  return { total: Math.min(counted, MOST_COUNTED), exact: counted <= MOST_COUNTED };
}

/** Runs statements of which none may take long: whoever asks for too much is told so, and nobody else waits for it. */
export function boundedly<T>(
  database: Transactions,
  work: (queries: Queries) => Promise<T>,
  longestMs: number = LONGEST_QUESTION_MS,
): Promise<T> {
  return database.transaction(async (queries) => {
    await queries.execute(`set local statement_timeout = ${longestMs}`);
    return work(queries);
  });
}

/**
 * Keys of the page first, its rows after: the index of time holds what rows are sorted by, so that a question about time alone reads
 * the rows of its page and no others.
 */
function rowsOn(queries: Queries, filter: SpendLogFilter, { page, size, sort, order }: PageAsked): Promise<SpendRow[]> {
  const { where, values } = conditionsOf(filter);
  const sorted = orderOf(sort, order);
  return queries.query(
    `select ${COLUMNS} from gateway.spend_logs join (
       select request_id, start_time from gateway.spend_logs ${where} order by ${sorted} limit ${size} offset ${(page - 1) * size}
     ) as page using (request_id, start_time) order by ${sorted}`,
    values,
  );
}

/** Columns of the table, by its name: without it they would be those of the answer, where money is text and no index helps. */
function orderOf(sort: SpendSort, order: PageAsked['order']): string {
  if (sort === 'start_time') return `spend_logs.start_time ${order}, spend_logs.request_id ${order}`;
  return `spend_logs.${sort} ${order}, spend_logs.start_time desc, spend_logs.request_id desc`;
}

/**
 * Rows in the order of time behind one of them, for reading all of them piece by piece.
 *
 * @param after the last row that is known; null: from the beginning
 */
export function rowsBehind(
  database: Transactions,
  filter: SpendLogFilter,
  order: PageAsked['order'],
  after: Pick<SpendRow, 'start_time' | 'request_id'> | null,
  most: number,
): Promise<SpendRow[]> {
  const conditions = conditionsOf(filter);
  if (after !== null) {
    const [at, id] = [conditions.parameter(after.start_time), conditions.parameter(after.request_id)];
    const sign = order === 'desc' ? '<' : '>';
    conditions.fixed(`(start_time, request_id) ${sign} (to_timestamp(${at}::float8 / 1000), ${id}::uuid)`);
  }
  return boundedly(database, (queries) =>
    queries.query(
      `select ${COLUMNS} from gateway.spend_logs ${conditions.where} order by ${orderOf('start_time', order)} limit ${most}`,
      conditions.values,
    ),
  );
}

async function countedByRows(queries: Queries, filter: SpendLogFilter): Promise<number> {
  const { where, values } = conditionsOf(filter);
  const [row] = await queries.query<{ count: number }>(
    `select count(*)::int as count from (select 1 from gateway.spend_logs ${where} limit ${MOST_COUNTED + 1}) as rows`,
    values,
  );
  return row?.count ?? 0;
}

const DAY_MS = 86_400_000;

/**
 * How many rows there are between two moments: whole UTC days from the sums, the rest by looking. Sums outlive rows, so nothing
 * before the oldest row counts.
 */
async function countedBySums(queries: Queries, filter: SpendLogFilter): Promise<number> {
  const from = Math.max(filter.from ?? 0, (await oldestOf(queries, filter)) ?? Number.MAX_SAFE_INTEGER);
  const until = Math.min(filter.until ?? LAST_MOMENT, LAST_MOMENT);
  if (from >= until) return 0;
  const firstDay = Math.ceil(from / DAY_MS) * DAY_MS;
  const lastDay = Math.floor(until / DAY_MS) * DAY_MS;
  if (firstDay >= lastDay) return rowsBetween(queries, filter, from, until);
  return (
    (await rowsBetween(queries, filter, from, firstDay)) +
    (await requestsOfDays(queries, filter, firstDay, lastDay)) +
    (await rowsBetween(queries, filter, lastDay, until))
  );
}

/** The year 9999: PostgreSQL's days and JavaScript's both reach so far. */
const LAST_MOMENT = Date.UTC(9999, 0, 1);

async function oldestOf(queries: Queries, { scope }: SpendLogFilter): Promise<number | null> {
  const { where, values } = inScope(new Conditions(), scope);
  const [row] = await queries.query<{ at: number }>(
    `select (extract(epoch from start_time) * 1000)::float8 as at from gateway.spend_logs ${where} order by start_time limit 1`,
    values,
  );
  return row?.at ?? null;
}

async function rowsBetween(queries: Queries, { scope }: SpendLogFilter, from: number, until: number): Promise<number> {
  if (from >= until) return 0;
  const conditions = inScope(new Conditions(), scope)
    .add(from, (at) => `start_time >= to_timestamp(${at}::float8 / 1000)`)
    .add(until, (at) => `start_time < to_timestamp(${at}::float8 / 1000)`);
  const [row] = await queries.query<{ count: number }>(
    `select count(*)::float8 as count from gateway.spend_logs ${conditions.where}`,
    conditions.values,
  );
  return row?.count ?? 0;
}

async function requestsOfDays(queries: Queries, { scope }: SpendLogFilter, from: number, until: number): Promise<number> {
  const conditions = inScope(new Conditions(), scope)
    .add(dayText(from), (day) => `day >= ${day}::date`)
    .add(dayText(until), (day) => `day < ${day}::date`);
  const [row] = await queries.query<{ count: number }>(
    `select coalesce(sum(requests), 0)::float8 as count from ${sumsTable('day', scope)} ${conditions.where}`,
    conditions.values,
  );
  return row?.count ?? 0;
}

/** `YYYY-MM-DD` of a moment, UTC. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
