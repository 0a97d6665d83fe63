import { NO_USD, usdOf, type Usd } from '../../core/money.ts';
import type { Queries } from '../../store/queries.ts';

/** Whom sums are kept of; `all` is everybody together. */
export type SumSubject = 'all' | 'provider' | 'model' | 'person' | 'key';

/** What one subject did: ever, and in the windows that run. */
export interface SubjectSum {
  readonly subject: SumSubject;
  /** Provider id, public name of a model, id of a person, public id of a key; empty for all. */
  readonly name: string;
  readonly total: Counted;
  readonly day: Counted;
  readonly week: Counted;
  readonly month: Counted;
}

export interface Counted {
  readonly spend: Usd;
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
}

export const NOTHING_COUNTED: Counted = { spend: NO_USD, requests: 0, errors: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0 };

/** When windows began, milliseconds since 1970, at full quarters of an hour. */
export interface WindowStarts {
  readonly day: number;
  readonly week: number;
  readonly month: number;
}

export interface SubjectSumsAsked {
  readonly starts: WindowStarts;
  /** Public ids of the keys that are told apart. */
  readonly keys: readonly string[];
}

/**
 * Reads what everybody did: once at a start, not for every look.
 *
 * Persons are those of Home Assistant (`ha:<id>`); others are nobody's sensors.
 */
export async function subjectSums(queries: Queries, { starts, keys }: SubjectSumsAsked): Promise<SubjectSum[]> {
  const found = new Map<string, { -readonly [Part in keyof SubjectSum]: SubjectSum[Part] }>();
  const take = (row: Row, parts: readonly ('total' | 'day' | 'week' | 'month')[]): void => {
    const id = `${row.subject} ${row.name}`;
    const sum = found.get(id) ?? {
      subject: row.subject,
      name: row.name,
      total: NOTHING_COUNTED,
      day: NOTHING_COUNTED,
      week: NOTHING_COUNTED,
      month: NOTHING_COUNTED,
    };
    for (const part of parts) sum[part] = countedOf(row, part);
    found.set(id, sum);
  };
  const hashes = await hashesOf(queries, keys);
  for (const row of await ever(queries, hashes)) take(row, ['total']);
  for (const row of await lately(queries, starts, hashes)) take(row, ['day', 'week', 'month']);
  return [...found.values()];
}

type Row = { readonly subject: SumSubject; readonly name: string } & Readonly<Record<string, string | number | null>>;

/** How long the newest successful calls took, newest first. */
export async function newestDurations(queries: Queries, most: number): Promise<{ readonly provider: string; readonly ms: number }[]> {
  return queries.query(
    `select custom_llm_provider as provider, request_duration_ms::float8 as ms from gateway.spend_logs
     where status = 'success' order by start_time desc limit ${most}`,
  );
}

/** When each of these keys was last used, by public id, and the newest call of all under the empty name; milliseconds since 1970. */
export async function newestCalls(queries: Queries, keys: readonly string[]): Promise<{ readonly name: string; readonly at: number }[]> {
  const { hashes, ids } = await hashesOf(queries, keys);
  return queries.query(
    `select known.id as name, (extract(epoch from max(call.start_time)) * 1000)::float8 as at
     from unnest($1::text[], $2::text[]) as known (hash, id)
     cross join lateral (select start_time from gateway.spend_logs where api_key = known.hash order by start_time desc limit 1) as call
     group by known.id
     union all
     select '', at from (select (extract(epoch from start_time) * 1000)::float8 as at from gateway.spend_logs order by start_time desc limit 1) as newest`,
    [hashes, ids],
  );
}

/** Every hash that a key had or has, with its public id. */
export async function hashesOf(queries: Queries, keys: readonly string[]): Promise<{ readonly hashes: string[]; readonly ids: string[] }> {
  const rows = await queries.query<{ token: string; id: string }>(
    `select token, public_id as id from gateway.virtual_keys where public_id = any($1)
     union select token, public_id from gateway.deleted_keys where public_id = any($1)`,
    [keys],
  );
  return { hashes: rows.map(({ token }) => token), ids: rows.map(({ id }) => id) };
}

type Hashes = Awaited<ReturnType<typeof hashesOf>>;

/** Persons of Home Assistant, in the words of the index of persons. */
const AT_HOME = `user_id <> '' and user_id like 'ha:%'`;

/** Of the sums without keys and persons. */
const EVERYBODY = `case grouping(custom_llm_provider, model_group) when 3 then 'all' when 1 then 'provider' else 'model' end as subject,
  coalesce(custom_llm_provider, model_group, '') as name`;
const SETS = 'grouping sets ((), (custom_llm_provider), (model_group))';

const COLUMNS = {
  spend: 'spend',
  requests: 'requests',
  errors: 'failures',
  input: 'prompt_tokens',
  output: 'completion_tokens',
  cached: 'cache_read_tokens',
} as const;

function summed(part: string, filter: string): string {
  return Object.entries(COLUMNS)
    .map(([name, column]) => `(sum(${column})${filter})::${name === 'spend' ? 'text' : 'float8'} as ${part}_${name}`)
    .join(', ');
}

async function ever(queries: Queries, { hashes, ids }: Hashes): Promise<Row[]> {
  const all = await queries.query<Row>(`select ${EVERYBODY}, ${summed('total', '')} from gateway.daily_totals group by ${SETS}`);
  const persons = await queries.query<Row>(
    `select 'person' as subject, user_id as name, ${summed('total', '')} from gateway.daily_spend where ${AT_HOME} group by user_id`,
  );
  const keys = await queries.query<Row>(
    `select 'key' as subject, known.id as name, ${summed('total', '')}
     from unnest($1::text[], $2::text[]) as known (hash, id) join gateway.daily_spend on api_key = known.hash group by known.id`,
    [hashes, ids],
  );
  return [...all, ...persons, ...keys];
}

async function lately(queries: Queries, starts: WindowStarts, { hashes, ids }: Hashes): Promise<Row[]> {
  const parts = ['day', 'week', 'month'] as const;
  const sums = parts.map((part, index) => summed(part, ` filter (where quarter >= to_timestamp($${index + 1}::float8 / 1000))`)).join(', ');
  const since = Math.min(...parts.map((part) => starts[part]));
  const values = [...parts.map((part) => starts[part]), since];
  const all = await queries.query<Row>(
    `select ${EVERYBODY}, ${sums} from gateway.quarter_totals where quarter >= to_timestamp($4::float8 / 1000) group by ${SETS}`,
    values,
  );
  const persons = await queries.query<Row>(
    `select 'person' as subject, user_id as name, ${sums} from gateway.spend_quarters
     where quarter >= to_timestamp($4::float8 / 1000) and ${AT_HOME} group by user_id`,
    values,
  );
  const keys = await queries.query<Row>(
    `select 'key' as subject, known.id as name, ${sums}
     from unnest($5::text[], $6::text[]) as known (hash, id) join gateway.spend_quarters on api_key = known.hash
     where quarter >= to_timestamp($4::float8 / 1000) group by known.id`,
    [...values, hashes, ids],
  );
  return [...all, ...persons, ...keys];
}

function countedOf(row: Row, part: string): Counted {
  const count = (name: string): number => Number(row[`${part}_${name}`] ?? 0);
  return {
    spend: usdOf(String(row[`${part}_spend`] ?? '0')),
    requests: count('requests'),
    errors: count('errors'),
    inputTokens: count('input'),
    outputTokens: count('output'),
    cachedTokens: count('cached'),
  };
}
