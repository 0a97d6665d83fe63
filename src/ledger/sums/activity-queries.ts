import type { Queries } from '../../store/queries.ts';
import { Conditions, inScope, type SpendScope } from '../spend-filter.ts';
import type { ActivityRange } from './activity-range.ts';
import { NO_TOTALS, TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

/** Whom sums are told apart by beside key and model: a column of the sums, or the tags of the rows. */
export type EntityColumn = 'user_id' | 'team_id' | 'organization_id' | 'end_user' | 'tag';

export interface ActivityFilter {
  readonly scope: SpendScope;
  /** Not empty. */
  readonly range: ActivityRange;
  /** Public or upstream name of a model; null: any. */
  readonly model: string | null;
  readonly provider: string | null;
  /** Hashes; null: any. */
  readonly apiKeys: readonly string[] | null;
  readonly entity: EntityColumn;
  /** Null: any. */
  readonly entities: readonly string[] | null;
  readonly excluded: readonly string[];
}

/** What one key did in one day with one model for one entity. */
export interface ActivityRow {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Hash; `other` where keys are not told apart. */
  readonly apiKey: string;
  readonly model: string;
  readonly modelGroup: string;
  readonly provider: string;
  readonly callType: string;
  /** Empty: none; `other` where entities are not told apart. */
  readonly entity: string;
  readonly totals: Totals;
}

/** Stands for all keys, or all entities, that are not told apart. */
const OTHERS = 'other';

export interface RowsAsked {
  readonly limit: number;
  readonly offset: number;
  /** Keys and entities that are told apart; null: all. */
  readonly keys: readonly string[] | null;
  readonly entities: readonly string[] | null;
}

/** Newest day first, in it dearest first. */
export async function activityRows(
  queries: Queries,
  filter: ActivityFilter,
  { limit, offset, keys, entities }: RowsAsked,
): Promise<ActivityRow[]> {
  const sums = new SumSource(filter);
  const [key, entity] = [sums.toldApart('api_key', keys), sums.toldApart(filter.entity, entities)];
  const rows = await queries.query<TotalsRow & Names>(
    `select day::text as day, ${key} as api_key, model, model_group, custom_llm_provider as provider, call_type, ${entity} as entity,
       ${TOTALS}
     from ${sums.text} group by 1, 2, 3, 4, 5, 6, 7
     order by 1 desc, sum(spend) desc, 2, 3, 4, 5, 6, 7 limit ${limit} offset ${offset}`,
    sums.values,
  );
  return rows.map(({ day, api_key: apiKey, model, model_group: modelGroup, provider, call_type: callType, entity, ...totals }) => ({
    day,
    apiKey,
    model,
    modelGroup,
    provider,
    callType,
    entity,
    totals: totalsOf(totals),
  }));
}

interface Names extends Record<string, unknown> {
  readonly day: string;
  readonly api_key: string;
  readonly model: string;
  readonly model_group: string;
  readonly provider: string;
  readonly call_type: string;
  readonly entity: string;
}

/** How many rows {@link activityRows} has in all, and what they add up to. */
export async function activityTotals(
  queries: Queries,
  filter: ActivityFilter,
): Promise<{ readonly rows: number; readonly totals: Totals }> {
  const sums = new SumSource(filter);
  const [row] = await queries.query<TotalsRow & { rows: number }>(
    `select count(*)::int as rows, ${TOTALS} from (
       select sum(spend) as spend, sum(requests) as requests, sum(failures) as failures, sum(prompt_tokens) as prompt_tokens,
         sum(completion_tokens) as completion_tokens, sum(cache_read_tokens) as cache_read_tokens,
         sum(cache_creation_tokens) as cache_creation_tokens
       from ${sums.text} group by day, api_key, model, model_group, custom_llm_provider, call_type, ${filter.entity}
     ) as rows`,
    sums.values,
  );
  return row === undefined || row.rows === 0 ? { rows: 0, totals: NO_TOTALS } : { rows: row.rows, totals: totalsOf(row) };
}

/** The dearest keys, or entities, of the whole range. */
export async function dearest(queries: Queries, filter: ActivityFilter, column: 'api_key' | EntityColumn, most: number): Promise<string[]> {
  const sums = new SumSource(filter);
  const rows = await queries.query<{ name: string }>(
    `select ${column} as name from ${sums.text} group by 1 order by sum(spend) desc, sum(requests) desc, 1 limit ${most}`,
    sums.values,
  );
  return rows.map(({ name }) => name);
}

const COLUMNS = `api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type,
  prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, failures`;

/** What a call adds to the sums under each of its tags. */
const TAGGED_COLUMNS = `api_key, model, model_group, custom_llm_provider, call_type, tag,
  prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, 1 as requests, (status = 'failure')::int as failures`;

/** The sums that a filter keeps, each with its day, as a table of a statement. */
class SumSource {
  readonly text: string;
  readonly values: unknown[];
  readonly #conditions = new Conditions();

  constructor(filter: ActivityFilter) {
    const narrowing = narrowingOf(filter, this.#conditions);
    const { utcDays, days } = filter.range;
    const parts = [
      ...(utcDays === null ? [] : [this.#daily(utcDays) + narrowing]),
      ...(days.length === 0 ? [] : [(filter.entity === 'tag' ? this.#tagged(filter.range) : this.#quarters(filter.range)) + narrowing]),
    ];
    this.text = `(${parts.join(' union all ')}) as sums`;
    this.values = this.#conditions.values;
  }

  parameter(value: unknown): string {
    return this.#conditions.parameter(value);
  }

  /** A column in which only these names stand, and one for all others. */
  toldApart(column: string, names: readonly string[] | null): string {
    return names === null ? column : `case when ${column} = any(${this.parameter(names)}::text[]) then ${column} else '${OTHERS}' end`;
  }

  #daily({ first, last }: { readonly first: string; readonly last: string }): string {
    const [from, until] = [this.parameter(first), this.parameter(last)];
    return `select day, ${COLUMNS} from gateway.daily_spend where day >= ${from}::date and day <= ${until}::date`;
  }

  #quarters(range: ActivityRange): string {
    return `select ${this.#dayOf('quarter', range)}, ${COLUMNS} from gateway.spend_quarters where ${this.#within('quarter', range)}`;
  }

  #tagged(range: ActivityRange): string {
    return `select ${this.#dayOf('start_time', range)}, ${TAGGED_COLUMNS}
      from gateway.spend_logs cross join lateral unnest(request_tags) as tag where ${this.#within('start_time', range)}`;
  }

  #dayOf(column: string, { days }: ActivityRange): string {
    const starts = this.parameter(days.map(({ start }) => new Date(start).toISOString()));
    const names = this.parameter(days.map(({ date }) => date));
    return `(${names}::date[])[width_bucket(${column}, ${starts}::timestamptz[])] as day`;
  }

  #within(column: string, { days, end }: ActivityRange): string {
    const [from, until] = [this.parameter(days[0]?.start), this.parameter(end)];
    return `${column} >= to_timestamp(${from}::float8 / 1000) and ${column} < to_timestamp(${until}::float8 / 1000)`;
  }
}

/** What narrows both tables alike, as the end of a WHERE clause. */
function narrowingOf({ scope, model, provider, apiKeys, entity, entities, excluded }: ActivityFilter, all: Conditions): string {
  const own = new Conditions(all.values);
  inScope(own, scope)
    .addKnown(model, (name) => `${name}::text in (model, model_group)`)
    .addKnown(provider, (name) => `custom_llm_provider = ${name}`)
    .addKnown(apiKeys, (keys) => `api_key = any(${keys}::text[])`)
    .addKnown(entities, (ids) => `${entity} = any(${ids}::text[])`);
  if (excluded.length > 0) own.add(excluded, (ids) => `${entity} <> all(${ids}::text[])`);
  return own.more;
}
