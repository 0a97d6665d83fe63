import type { Queries } from '../../store/queries.ts';
import { Conditions, inScope, type SpendScope } from '../spend-filter.ts';
import { sumsTable } from './tables.ts';
import { TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

/** Sums of one provider in one span of time. */
export interface ProviderSum {
  /** Index of the span. */
  readonly span: number;
  readonly provider: string;
  readonly totals: Totals;
}

/**
 * Sums by provider of spans that follow one another.
 *
 * @param starts when each span begins, milliseconds since 1970, at full quarters of an hour; the last one is open
 */
export async function providerSums(queries: Queries, starts: readonly number[], scope: SpendScope): Promise<ProviderSum[]> {
  const conditions = inScope(new Conditions(), scope).add(starts[0], (at) => `quarter >= to_timestamp(${at}::float8 / 1000)`);
  const bounds = conditions.parameter(starts.map((at) => new Date(at).toISOString()));
  const rows = await queries.query<TotalsRow & { span: number; provider: string }>(
    `select width_bucket(quarter, ${bounds}::timestamptz[]) - 1 as span, custom_llm_provider as provider, ${TOTALS}
     from ${sumsTable('quarter', scope)} ${conditions.where} group by 1, 2`,
    conditions.values,
  );
  return rows.map(({ span, provider, ...sums }) => ({ span, provider, totals: totalsOf(sums) }));
}

/** How long calls took that were answered, milliseconds; null without any. */
export interface Timings {
  /** Null: of all providers together. */
  readonly provider: string | null;
  readonly calls: number;
  readonly averageDurationMs: number | null;
  readonly p95DurationMs: number | null;
  readonly averageFirstTokenMs: number | null;
  readonly p95FirstTokenMs: number | null;
}

/** Calls that timings are taken of, the newest first: more would tell the same and take longer. */
const MOST_TIMED = 5000;

/** Of the calls since a moment, by provider and of all together. */
export async function timingsSince(queries: Queries, since: number, scope: SpendScope): Promise<Timings[]> {
  const { where, values } = inScope(new Conditions(), scope)
    .add(since, (at) => `start_time >= to_timestamp(${at}::float8 / 1000)`)
    .fixed("status = 'success'");
  return queries.query<Timings & Record<string, unknown>>(
    `with calls as (
       select custom_llm_provider as provider, request_duration_ms as duration,
         extract(epoch from completion_start_time - start_time)::float8 * 1000 as first_token
       from gateway.spend_logs ${where} order by start_time desc limit ${MOST_TIMED}
     )
     select provider, count(*)::int as calls, avg(duration)::float8 as "averageDurationMs",
       percentile_cont(0.95) within group (order by duration) as "p95DurationMs",
       avg(first_token) as "averageFirstTokenMs",
       percentile_cont(0.95) within group (order by first_token) as "p95FirstTokenMs"
     from calls group by grouping sets ((), (provider))`,
    values,
  );
}

export async function requestsSince(queries: Queries, since: number, scope: SpendScope): Promise<number> {
  const { where, values } = inScope(new Conditions(), scope).add(since, (at) => `start_time >= to_timestamp(${at}::float8 / 1000)`);
  const [row] = await queries.query<{ count: number }>(`select count(*)::int as count from gateway.spend_logs ${where}`, values);
  return row?.count ?? 0;
}
