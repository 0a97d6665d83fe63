import type { Queries } from '../store/queries.ts';
import { Conditions, conditionsOf, EVERYTHING, inScope, type SpendScope } from './spend-filter.ts';
import { COLUMNS, type SpendRow } from './spend-log-row.ts';

/** What a question for rows may be narrowed by. Null: not narrowed. */
export interface SpendFilter {
  readonly scope: SpendScope;
  /** Milliseconds since 1970; `until` is excluded. */
  readonly from: number | null;
  readonly until: number | null;
}

/** Rows shown when nothing narrows the question (ruling M9). */
const UNFILTERED = 1000;
/** Rows of one answer at most, so that one question cannot take all memory. */
const MOST = 100_000;

/** Rows by our id or the client's (ruling M7), newest first. */
export function rowsByRequest(queries: Queries, id: string, scope: SpendScope, most = UNFILTERED): Promise<SpendRow[]> {
  const { where, values } = conditionsOf({ ...EVERYTHING, scope, requestId: id });
  return queries.query(`select ${COLUMNS} from gateway.spend_logs ${where} order by spend_logs.start_time desc limit ${most}`, values);
}

/** Rows, newest first. */
export function rowsOf(queries: Queries, { scope, from, until }: SpendFilter): Promise<SpendRow[]> {
  const unfiltered = scope.apiKey === null && scope.userId === null && from === null && until === null;
  const { where, values } = conditionsOf({ ...EVERYTHING, scope, from, until });
  return queries.query(
    `select ${COLUMNS} from gateway.spend_logs ${where} order by spend_logs.start_time desc, spend_logs.request_id desc limit ${unfiltered ? UNFILTERED : MOST}`,
    values,
  );
}

/** Spend of one UTC day by key, model and user. */
export interface DaySum {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly api_key: string;
  readonly model: string;
  readonly user_id: string;
  /** Decimal text. */
  readonly spend: string;
}

/** Sums of UTC days, both included, from the daily table. Days as `YYYY-MM-DD`. */
export function daySums(queries: Queries, first: string, last: string, scope: SpendScope): Promise<DaySum[]> {
  const conditions = new Conditions().add(first, (day) => `day >= ${day}::date`).add(last, (day) => `day <= ${day}::date`);
  const { where, values } = inScope(conditions, scope);
  return queries.query<DaySum & Record<string, unknown>>(
    `select day::text as day, api_key, model, user_id, sum(spend)::text as spend from gateway.daily_spend
     ${where} group by 1, 2, 3, 4 order by 1`,
    values,
  );
}

/** What everything cost since a moment (a quarter hour exactly), decimal text. */
export async function spendSince(queries: Queries, since: number): Promise<string> {
  const [row] = await queries.query<{ spend: string }>(
    'select coalesce(sum(spend), 0)::text as spend from gateway.quarter_totals where quarter >= to_timestamp($1::float8 / 1000)',
    [since],
  );
  return row?.spend ?? '0';
}

/** About how many rows of calls there are, and when the oldest began (milliseconds since 1970; null: there is none). */
export async function keptCalls(database: Queries): Promise<{ readonly kept: number; readonly since: number | null }> {
  const [row] = await database.query<{ kept: number; since: number | null }>(
    `select (select coalesce(sum(case when reltuples < 0 then 0 else reltuples end), 0)::bigint
               from pg_inherits join pg_class on pg_class.oid = inhrelid where inhparent = 'gateway.spend_logs'::regclass) as kept,
            (select (extract(epoch from min(start_time)) * 1000)::float8 from gateway.spend_logs) as since`,
  );
  const { kept = 0, since = null } = row ?? {};
  // Partitions that were never analyzed have no estimate: their few rows are counted.
  if (kept > 0 || since === null) return { kept, since };
  const [counted] = await database.query<{ n: number }>('select count(*) as n from (select 1 from gateway.spend_logs limit 10000) as few');
  return { kept: counted?.n ?? 0, since };
}
