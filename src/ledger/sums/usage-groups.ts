import type { Queries } from '../../store/queries.ts';
import { EVERYTHING } from '../spend-filter.ts';
import { sumsTable } from './tables.ts';
import { TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

/** What a span of time is told apart by; `none`: by nothing. */
export type UsageGroup = 'none' | 'key' | 'model' | 'provider' | 'user' | 'tag';

export interface UsageAsked {
  /** Milliseconds since 1970; `until` itself is out. */
  readonly from: number;
  readonly until: number;
  readonly by: UsageGroup;
  /** Hashes that one key had or has; null: all keys. */
  readonly keyHashes: readonly string[] | null;
}

/** Sums of one group. `name` is the hash of a key, the public name of a model, the id of a provider or person, a tag; empty: none. */
export interface UsageRow {
  readonly name: string;
  readonly totals: Totals;
}

const COLUMNS = { none: `''`, key: 'api_key', model: 'model_group', provider: 'custom_llm_provider', user: 'user_id' } as const;
const MOST_ROWS = 500;
const DAY_MS = 86_400_000;
/** Quarters of an hour are kept for 40 days; before that, days are those of UTC (ruling M14). */
const QUARTERS_MS = 39 * DAY_MS;

/** Sums of a span of time in groups, dearest first. Of spans that began long ago whole UTC days are taken. */
export async function usageGroups(queries: Queries, asked: UsageAsked, now: number): Promise<UsageRow[]> {
  const column = asked.by === 'tag' ? 'tag' : COLUMNS[asked.by];
  const keys = asked.keyHashes === null ? '' : 'and api_key = any($3::text[])';
  const rows = await queries.query<TotalsRow & { name: string }>(
    `select ${column} as name, ${TOTALS} from ${sourceOf(asked, now)} ${keys} group by 1 order by sum(spend) desc, 1 limit ${MOST_ROWS}`,
    [new Date(asked.from).toISOString(), new Date(asked.until).toISOString(), ...(asked.keyHashes === null ? [] : [asked.keyHashes])],
  );
  return rows.map(({ name, ...sums }) => ({ name, totals: totalsOf(sums) }));
}

function sourceOf({ by, from, keyHashes }: UsageAsked, now: number): string {
  if (by === 'tag') return TAGS;
  const tellsApart = keyHashes !== null || by === 'key' || by === 'user';
  return from >= now - QUARTERS_MS
    ? `${sumsTable('quarter', EVERYTHING.scope, tellsApart)} ${QUARTERS}`
    : `${sumsTable('day', EVERYTHING.scope, tellsApart)} ${DAYS}`;
}

const QUARTERS = 'where quarter >= $1::timestamptz and quarter < $2::timestamptz';
const DAYS = `where day >= ($1::timestamptz at time zone 'UTC')::date and day < ($2::timestamptz at time zone 'UTC')::date + 1`;
/** What a call adds to the sums under each of its tags: sums know no tags. */
const TAGS = `(select api_key, tag, spend, 1 as requests, (status = 'failure')::int as failures, prompt_tokens, completion_tokens,
    cache_read_tokens, cache_creation_tokens
  from gateway.spend_logs cross join lateral unnest(request_tags) as tag
  where start_time >= $1::timestamptz and start_time < $2::timestamptz) as tagged where true`;
