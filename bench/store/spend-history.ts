import type { Queries, Transactions } from '../../src/store/queries.ts';

/** How far back the history goes, days. */
export const HISTORY_DAYS = 90;
/** Rows of one statement. */
const AT_ONCE = 250_000;

/**
 * Fills `spend_logs` and the sums with nothing but calls of the last {@link HISTORY_DAYS} days, made inside PostgreSQL: calls of `keys` keys of
 * `BenchGateway.seedKeys`, a few of which make most of them; 24 models of 8 providers; streams, failures, sessions, tags and
 * some 700 bytes of metadata, as real rows have them.
 */
export async function seedHistory(database: Transactions, rows: number, keys: number): Promise<void> {
  await database.transaction(async (queries) => {
    await queries.query("set local maintenance_work_mem = '256MB'; set local work_mem = '256MB'");
    // Tables emptied in the transaction that fills them need no write-ahead log.
    await queries.query(`truncate gateway.spend_logs, ${SUM_TABLES.map((table) => `gateway.${table}`).join(', ')}`);
    await queries.query(`select gateway.make_spend_partitions(now() - interval '${HISTORY_DAYS} days', 5)`);
    await withoutIndexes(queries, async () => {
      for (let done = 0; done < rows; done += AT_ONCE) await queries.query(CALLS, [Math.min(AT_ONCE, rows - done), done, keys]);
    });
    await queries.query(sums('spend_quarters', 'quarter', "date_bin('15 minutes', start_time, 'epoch')", "now() - interval '40 days'"));
    await queries.query(sums('daily_spend', 'day', "(start_time at time zone 'UTC')::date", "'-infinity'"));
    await queries.query(totals('quarter_totals', 'quarter', 'spend_quarters'));
    await queries.query(totals('daily_totals', 'day', 'daily_spend'));
  });
  for (const table of ['spend_logs', ...SUM_TABLES, 'virtual_keys']) await database.query(`vacuum analyze gateway.${table}`);
}

const SUM_TABLES = ['spend_quarters', 'daily_spend', 'quarter_totals', 'daily_totals'];

/** Rows without their indexes go in several times as fast; the same indexes are made of the rows afterwards. */
async function withoutIndexes(queries: Queries, work: () => Promise<void>): Promise<void> {
  const indexes = await queries.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes
     where schemaname = 'gateway' and tablename = 'spend_logs' and indexname <> 'spend_logs_pkey'`,
  );
  for (const { name } of indexes) await queries.query(`drop index gateway.${name}`);
  await work();
  // `ON ONLY` would leave those of the partitions out.
  for (const { definition } of indexes) await queries.query(definition.replace(' ON ONLY ', ' ON '));
}

const PROVIDERS = `array['openai','anthropic','gemini','bedrock','groq','mistral','openrouter','ollama']`;

const CALLS = `
with drawn as (
  select n, random() as moment, floor($3 * power(random(), 8))::int + 1 as key, floor(24 * power(random(), 2))::int as model,
    random() as luck, random() as length, (300 + 4000 * power(random(), 3))::bigint as input, (20 + 900 * power(random(), 3))::bigint as output
  from generate_series($2::bigint + 1, $2::bigint + $1::bigint) as n
),
calls as (
  select *, now() - interval '${HISTORY_DAYS} days' * moment as start, luck < 0.03 as failed, (400 + 20000 * power(length, 4))::bigint as took
  from drawn
)
insert into gateway.spend_logs (
  request_id, call_id, call_type, api_key, spend, prompt_tokens, completion_tokens, total_tokens, cache_read_tokens, cache_creation_tokens,
  reasoning_tokens, start_time, end_time, completion_start_time, request_duration_ms, model, model_id, model_group, custom_llm_provider,
  api_base, user_id, team_id, end_user, status, request_tags, requester_ip_address, session_id, metadata
)
select gen_random_uuid(), case when n % 10 = 0 then 'client-call-' || n end, case when model = 23 then 'aembedding' else 'acompletion' end,
  encode(sha256(convert_to('bench ' || key, 'UTF8')), 'hex'),
  case when failed then 0 else round((input * 0.0000003 + output * 0.0000012)::numeric * (1 + model), 12) end,
  input, case when failed then 0 else output end, input + case when failed then 0 else output end, input / 3, 0, 0,
  start, start + took * interval '1 millisecond', case when n % 2 = 0 and not failed then start + took / 5 * interval '1 millisecond' end,
  took, 'upstream-' || model, 'deployment-' || model, 'model-' || model, (${PROVIDERS})[1 + model % 8],
  'https://api.example.com/v1', 'user-' || (key % 500), case when key % 4 = 0 then 'team-' || (key % 20) end,
  case when n % 20 = 0 then 'customer-' || (n % 500) end,
  case when failed then 'failure' else 'success' end, case when n % 20 = 0 then array['batch', 'night'] else '{}' end,
  '192.168.1.20', case when n % 6 = 0 then 'session-' || (n / 40) end,
  json_build_object(
    'user_api_key_alias', 'bench-' || key, 'route', '/v1/chat/completions', 'requested_model', 'model-' || model,
    'price', json_build_object('source', 'catalogue', 'rule', 'openai/upstream-' || model, 'date', null),
    'cost_terms', json_build_array(
      json_build_object('kind', 'input', 'quantity', input::text, 'unitPrice', '0.0000003'),
      json_build_object('kind', 'output', 'quantity', output::text, 'unitPrice', '0.0000012')),
    'attempts', json_build_array(json_build_object('deployment', 'deployment-' || model, 'provider', (${PROVIDERS})[1 + model % 8],
      'model', 'upstream-' || model, 'start', 0.4, 'firstByte', took / 5, 'end', took, 'status', case when failed then 429 else 200 end,
      'error', case when failed then 'RateLimitError' end)),
    'error_information', case when failed then json_build_object('error_code', '429', 'error_class', 'RateLimitError',
      'error_message', 'The provider allows 500 requests a minute; request ' || n || ' was one too many.') end,
    'usage_object', json_build_object('prompt_tokens', input, 'completion_tokens', output, 'total_tokens', input + output,
      'prompt_tokens_details', json_build_object('cached_tokens', input / 3, 'audio_tokens', 0)))
from calls order by start`;

/** The sums that the flush would have made of the rows, in the order in which it would have. */
function sums(table: string, column: string, span: string, since: string): string {
  const names = 'api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type';
  return `
insert into gateway.${table} (${column}, dimensions, ${names},
  prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, successes, failures)
select span, sha256(convert_to(concat_ws(E'\\x1f', ${names}), 'UTF8')), ${names},
  sum(prompt_tokens), sum(completion_tokens), sum(cache_read_tokens), sum(cache_creation_tokens), sum(spend), count(*),
  count(*) filter (where status = 'success'), count(*) filter (where status = 'failure')
from (
  select ${span} as span, api_key, coalesce(user_id, '') as user_id, coalesce(team_id, '') as team_id,
    coalesce(organization_id, '') as organization_id, coalesce(end_user, '') as end_user, model, model_group, custom_llm_provider, call_type,
    prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, status, start_time
  from gateway.spend_logs where start_time >= ${since}
) as calls
group by span, ${names} order by min(start_time)`;
}

/** What the sums without keys and people add up, from those with them. */
function totals(table: string, column: string, source: string): string {
  const names = 'model, model_group, custom_llm_provider, call_type';
  return `
insert into gateway.${table} (${column}, dimensions, ${names},
  prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, successes, failures)
select ${column}, sha256(convert_to(concat_ws(E'\\x1f', ${names}), 'UTF8')), ${names},
  sum(prompt_tokens), sum(completion_tokens), sum(cache_read_tokens), sum(cache_creation_tokens),
  sum(spend), sum(requests), sum(successes), sum(failures)
from gateway.${source} group by ${column}, ${names} order by 1, 2`;
}
