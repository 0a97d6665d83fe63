import type { Queries } from '../../store/queries.ts';
import { ActivitySource, isOfAll, KINDS, type ActivityFilter, type EntityColumn } from './activity-source.ts';
import { NO_TOTALS, TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

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

interface NamedTotals extends TotalsRow, Record<string, unknown> {
  readonly day: string;
  readonly api_key: string;
  readonly model: string;
  readonly model_group: string;
  readonly provider: string;
  readonly call_type: string;
  readonly entity: string;
}

/** Stands for all keys, or all entities, that are not told apart. */
const OTHERS = 'other';

const namesOf = (key: string, entity: string): string =>
  `day::text as day, ${key} as api_key, model, model_group, custom_llm_provider as provider, call_type, ${entity} as entity`;

/** Newest day first, in it dearest first. */
const ORDER = `order by 1 desc, sum(spend) desc, 2, 3, 4, 5, 6, 7`;

/** Every key and entity told apart, page by page. */
export async function activityRows(
  queries: Queries,
  filter: ActivityFilter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<ActivityRow[]> {
  const source = new ActivitySource(filter);
  const rows = await queries.query<NamedTotals>(
    `select ${namesOf('api_key', filter.entity)}, ${TOTALS}
     from ${source.sums()} group by 1, 2, 3, 4, 5, 6, 7 ${ORDER} limit ${limit} offset ${offset}`,
    source.values,
  );
  return rows.map(rowOf);
}

export interface ToldApart {
  readonly keys: readonly string[];
  readonly entities: readonly string[];
  /** Rows at most. */
  readonly limit: number;
}

/** These keys and entities told apart, and the others as one. */
export async function rowsApart(queries: Queries, filter: ActivityFilter, { keys, entities, limit }: ToldApart): Promise<ActivityRow[]> {
  const source = new ActivitySource(filter);
  const apart = (column: string, names: readonly string[]): string =>
    `case when ${column} = any(${source.parameter(names)}::text[]) then ${column} else '${OTHERS}' end`;
  const none = isOfAll(filter) && keys.length === 0 && entities.length === 0;
  const [key, entity] = none ? [`'${OTHERS}'`, `'${OTHERS}'`] : [apart('api_key', keys), apart(filter.entity, entities)];
  const rows = await queries.query<NamedTotals>(
    `select ${namesOf(key, entity)}, ${TOTALS} from ${none ? source.totals() : source.sums()}
     group by 1, 2, 3, 4, 5, 6, 7 ${ORDER} limit ${limit}`,
    source.values,
  );
  return rows.map(rowOf);
}

function rowOf({
  day,
  api_key: apiKey,
  model,
  model_group: modelGroup,
  provider,
  call_type: callType,
  entity,
  ...totals
}: NamedTotals): ActivityRow {
  return { day, apiKey, model, modelGroup, provider, callType, entity, totals: totalsOf(totals) };
}

/** What a filter keeps in all. */
export async function activityTotals(queries: Queries, filter: ActivityFilter): Promise<Totals> {
  const source = new ActivitySource(filter);
  const [row] = await queries.query<TotalsRow>(
    `select ${TOTALS} from ${isOfAll(filter) ? source.totals() : source.sums()} having count(*) > 0`,
    source.values,
  );
  return row === undefined ? NO_TOTALS : totalsOf(row);
}

/** The dearest keys, or entities, of the whole range. */
export async function dearest(queries: Queries, filter: ActivityFilter, column: 'api_key' | EntityColumn, most: number): Promise<string[]> {
  const source = new ActivitySource(filter);
  const rows = await queries.query<{ name: string }>(
    `select ${column} as name from ${source.sums()} group by 1 order by sum(spend) desc, sum(requests) desc, 1 limit ${most}`,
    source.values,
  );
  return rows.map(({ name }) => name);
}

/** How many rows {@link activityRows} has in all. */
export async function activityCount(queries: Queries, filter: ActivityFilter): Promise<number> {
  return (await counted(queries, filter, null)).rows;
}

/** Whether {@link activityRows} has more rows than this: where there are many, a part of the sums shows it. */
export async function isBeyond(queries: Queries, filter: ActivityFilter, most: number): Promise<boolean> {
  const looked = Math.ceil(most * 1.5);
  const part = await counted(queries, filter, looked);
  if (part.rows > most || part.sums < looked) return part.rows > most;
  return (await activityCount(queries, filter)) > most;
}

/** Whether more sums than this lie in the range, so that looking at each of them takes long. */
export async function hasMoreSums(queries: Queries, filter: ActivityFilter, most: number): Promise<boolean> {
  const source = new ActivitySource(filter);
  const [row] = await queries.query<{ sums: number }>(
    `select count(*) as sums from (select from ${source.sums()} limit ${most + 1}) as few`,
    source.values,
  );
  return (row?.sums ?? 0) > most;
}

/** Rows that sums, or the first of them, make. */
async function counted(
  queries: Queries,
  filter: ActivityFilter,
  first: number | null,
): Promise<{ readonly rows: number; readonly sums: number }> {
  const source = new ActivitySource(filter);
  const names = `day, api_key, ${KINDS}, ${filter.entity}`;
  const sums = first === null ? source.sums() : `(select ${names} from ${source.sums()} limit ${first}) as sums`;
  const [row] = await queries.query<{ rows: number; sums: number }>(
    `select count(*)::int as rows, coalesce(sum(sums), 0)::float8 as sums from (select count(*) as sums from ${sums} group by ${names}) as rows`,
    source.values,
  );
  return row ?? { rows: 0, sums: 0 };
}
