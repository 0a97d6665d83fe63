/** What a quarter-hour and a day add up. */
const MEASURES = [
  'prompt_tokens',
  'completion_tokens',
  'cache_read_tokens',
  'cache_creation_tokens',
  'spend',
  'requests',
  'successes',
  'failures',
];

/** Whose a call is. */
const PARTIES = ['api_key', 'user_id', 'team_id', 'organization_id', 'end_user'];
/** What a call was. */
const KINDS = ['model', 'model_group', 'custom_llm_provider', 'call_type'];

/** A dimension's column in `spend_logs` may hold nothing; in the sums it is empty then. */
const OPTIONAL = new Set(['user_id', 'team_id', 'organization_id', 'end_user']);

const list = (names: readonly string[]): string => names.join(', ');
const sums = list(MEASURES.map((name) => `sum(${name}) as ${name}`));
const addedUp = (names: readonly string[]): string => list(names.map((name) => `${name} = sums.${name} + excluded.${name}`));

/** `dimensions`: a text of all of them may be longer than an index entry can be. */
const hashOf = (names: readonly string[]): string => `sha256(convert_to(concat_ws(E'\\x1f', ${list(names)}), 'UTF8')) as dimensions`;

/** Adds to a table that has one line for each span of time and each combination of dimensions. */
function addedTo(table: string, span: string, names: readonly string[], select: string): string {
  return `insert into gateway.${table} as sums (${span}, dimensions, ${list(names)}, ${list(MEASURES)})
  ${select} order by ${span}, dimensions
  on conflict (${span}, dimensions) do update set ${addedUp(MEASURES)}`;
}

const toQuarters = (table: string, names: readonly string[], source: string): string =>
  addedTo(table, 'quarter', names, `select quarter, dimensions, ${list(names)}, ${list(MEASURES)} from ${source}`);

/** The quarters of a batch may lie in one day. */
const toDays = (table: string, names: readonly string[], source: string): string =>
  addedTo(
    table,
    'day',
    names,
    `select (quarter at time zone 'UTC')::date as day, dimensions, ${list(names)}, ${sums} from ${source} group by day, dimensions, ${list(names)}`,
  );

const ALL = [...PARTIES, ...KINDS];

/**
 * Sums of the rows that the flush inserted, as parts of its statement: they read `inserted`.
 *
 * Each row is in a quarter of an hour and a day with all of its dimensions, and in a quarter and a day by what it was alone.
 */
export const SUMS = `quarters as materialized (
  select
    date_bin('15 minutes', start_time, 'epoch') as quarter,
    ${list(ALL.map((name) => (OPTIONAL.has(name) ? `coalesce(${name}, '') as ${name}` : name)))},
    sum(prompt_tokens)::bigint as prompt_tokens, sum(completion_tokens)::bigint as completion_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens, sum(cache_creation_tokens)::bigint as cache_creation_tokens,
    sum(spend) as spend, count(*) as requests,
    count(*) filter (where status = 'success') as successes, count(*) filter (where status = 'failure') as failures
  from inserted group by ${ALL.map((_, index) => index + 1).join(', ')}, ${ALL.length + 1}
),
keyed as materialized (
  select *, ${hashOf(ALL)} from quarters
),
quartered as (
  ${toQuarters('spend_quarters', ALL, 'keyed')}
),
summed_days as (
  ${toDays('daily_spend', ALL, 'keyed')}
),
totalled as materialized (
  select *, ${hashOf(KINDS)}
  from (select quarter, ${list(KINDS)}, ${sums} from quarters group by quarter, ${list(KINDS)}) as totals
),
totalled_quarters as (
  ${toQuarters('quarter_totals', KINDS, 'totalled')}
),
totalled_days as (
  ${toDays('daily_totals', KINDS, 'totalled')}
)`;
