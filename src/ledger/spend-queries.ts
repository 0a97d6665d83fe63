import type { Queries } from '../store/queries.ts';

/** A row of `spend_logs` as the driver gives it: numbers of money and JSON as text, times as milliseconds. */
export type SpendRow = Readonly<Record<string, unknown>>;

const COLUMNS = `request_id, call_id, call_type, api_key, spend::text as spend, total_tokens, prompt_tokens, completion_tokens,
  cache_read_tokens, cache_creation_tokens, reasoning_tokens,
  (extract(epoch from start_time) * 1000)::float8 as start_time, (extract(epoch from end_time) * 1000)::float8 as end_time,
  (extract(epoch from completion_start_time) * 1000)::float8 as completion_start_time, request_duration_ms,
  model, model_id, model_group, custom_llm_provider, api_base, user_id, team_id, organization_id, end_user, agent_id, project_id,
  status, cache_hit, cache_key, request_tags, requester_ip_address, session_id, mcp_namespaced_tool_name, metadata::text as metadata`;

/** What a question for rows may be narrowed by. Null: not narrowed. */
export interface SpendFilter {
  readonly apiKey: string | null;
  readonly userId: string | null;
  /** Milliseconds since 1970; `until` is excluded. */
  readonly from: number | null;
  readonly until: number | null;
}

/** Rows shown when nothing narrows the question (ruling M9). */
const UNFILTERED = 1000;
/** Rows of one answer at most, so that one question cannot take all memory. */
const MOST = 100_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Rows by our id or the client's (ruling M7), newest first. @param apiKey only this key's rows; null: everybody's */
export function rowsByRequest(queries: Queries, id: string, apiKey: string | null): Promise<SpendRow[]> {
  const ours = UUID.test(id) ? id : null;
  return queries.query(
    `select ${COLUMNS} from gateway.spend_logs where (request_id = $1 or call_id = $2) and ($3::text is null or api_key = $3) order by start_time desc limit ${UNFILTERED}`,
    [ours, id, apiKey],
  );
}

/** Rows, newest first. */
export function rowsOf(queries: Queries, { apiKey, userId, from, until }: SpendFilter): Promise<SpendRow[]> {
  const unfiltered = apiKey === null && userId === null && from === null && until === null;
  return queries.query(
    `select ${COLUMNS} from gateway.spend_logs
     where ($1::text is null or api_key = $1) and ($2::text is null or user_id = $2)
       and ($3::float8 is null or start_time >= to_timestamp($3 / 1000)) and ($4::float8 is null or start_time < to_timestamp($4 / 1000))
     order by start_time desc, request_id desc limit ${unfiltered ? UNFILTERED : MOST}`,
    [apiKey, userId, from, until],
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
export function daySums(
  queries: Queries,
  first: string,
  last: string,
  { apiKey, userId }: Pick<SpendFilter, 'apiKey' | 'userId'>,
): Promise<DaySum[]> {
  return queries.query<DaySum & Record<string, unknown>>(
    `select day::text as day, api_key, model, user_id, sum(spend)::text as spend from gateway.daily_spend
     where day between $1::date and $2::date and ($3::text is null or api_key = $3) and ($4::text is null or user_id = $4)
     group by 1, 2, 3, 4 order by 1`,
    [first, last, apiKey, userId],
  );
}

/** What everything cost since a moment (a quarter hour exactly), decimal text. */
export async function spendSince(queries: Queries, since: number): Promise<string> {
  const [row] = await queries.query<{ spend: string }>(
    'select coalesce(sum(spend), 0)::text as spend from gateway.spend_quarters where quarter >= to_timestamp($1::float8 / 1000)',
    [since],
  );
  return row?.spend ?? '0';
}
