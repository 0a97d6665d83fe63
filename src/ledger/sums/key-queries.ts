import type { Queries } from '../../store/queries.ts';
import { TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

/** Sums of one model in one span of time. */
export interface ModelSum {
  /** Index of the span. */
  readonly span: number;
  /** Public name. */
  readonly model: string;
  readonly totals: Totals;
}

/**
 * Sums of a key by model, of spans that follow one another.
 *
 * @param starts when each span begins, milliseconds since 1970, at full quarters of an hour; the last one is open
 */
export async function modelSumsOf(queries: Queries, keyHash: string, starts: readonly number[]): Promise<ModelSum[]> {
  const bounds = starts.map((at) => new Date(at).toISOString());
  const rows = await queries.query<TotalsRow & { span: number; model: string }>(
    `select width_bucket(quarter, $2::timestamptz[]) - 1 as span, coalesce(nullif(model_group, ''), model) as model, ${TOTALS}
     from gateway.spend_quarters where api_key = $1 and quarter >= $3::timestamptz group by 1, 2`,
    [keyHash, bounds, bounds[0] ?? null],
  );
  return rows.map(({ span, model, ...sums }) => ({ span, model, totals: totalsOf(sums) }));
}

/** When the newest call began that each of these keys made, milliseconds since 1970. Keys without a call are not in it. */
export async function lastUses(queries: Queries, keyHashes: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ hash: string; at: number }>(
    `select asked.hash, (extract(epoch from call.start_time) * 1000)::float8 as at
     from unnest($1::text[]) as asked (hash)
     cross join lateral (
       select start_time from gateway.spend_logs where api_key = asked.hash order by start_time desc limit 1
     ) as call`,
    [keyHashes],
  );
  return new Map(rows.map(({ hash, at }) => [hash, Math.round(at)]));
}
