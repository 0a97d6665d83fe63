/** The records of $4, one row each. */
const FROM_JSON = `json_to_recordset($4::json) as (
  kind text, request_id uuid, call_id text, call_type text, api_key text, spend numeric,
  prompt_tokens bigint, completion_tokens bigint, total_tokens bigint,
  cache_read_tokens bigint, cache_creation_tokens bigint, reasoning_tokens bigint,
  start_time float8, end_time float8, completion_start_time float8, request_duration_ms bigint,
  model text, model_id text, model_group text, custom_llm_provider text, api_base text,
  user_id text, team_id text, organization_id text, end_user text, agent_id text, project_id text,
  status text, cache_hit boolean, cache_key text, request_tags text[], requester_ip_address text,
  session_id text, mcp_namespaced_tool_name text, metadata jsonb,
  charges json, account text, "windowStart" float8, delta numeric
)`;

/**
 * The spend flush as one statement, so that it is one transaction and one round trip (ruling M12).
 *
 * @param source where the records come from; the bench tries others
 *
 * Parameters: $1 journal id, $2 the position the batch follows, $3 the position after it, $4 a JSON array of `LedgerRecord`.
 *
 * - `moved` takes the journal's position from $2 to $3. When it stands elsewhere, nothing below finds anything to do.
 * - Only rows that the INSERT returned are folded into balances and sums, never the batch itself.
 * - Every INSERT is sorted by its key and the tables come in one order: flushes of several instances cannot deadlock.
 * - A balance counts the newest window alone: see `Charge` in `core/limit-policy.ts`. `total` is the fold of all calls.
 * - Texts that callers choose are cut to 256 characters, so that they fit an index entry.
 * - `last_active` is a convenience: it waits for nobody, and moves once a minute.
 */
export function flushStatement(source: string): string {
  return `
with moved as (
  insert into gateway.journal_positions as position (journal_id, seq)
  select $1::uuid, $3::bigint
  where $2::bigint = 0 or exists (select from gateway.journal_positions where journal_id = $1::uuid)
  on conflict (journal_id) do update set seq = excluded.seq, updated_at = now() where position.seq = $2::bigint
  returning seq
),
batch as materialized (
  select * from ${source}
  where exists (select from moved)
),
calls as materialized (
  select distinct on (request_id, start_time) *, to_timestamp(start_time / 1000) as started
  from batch where kind = 'settle' order by request_id, start_time
),
inserted as (
  insert into gateway.spend_logs (
    request_id, call_id, call_type, api_key, spend,
    prompt_tokens, completion_tokens, total_tokens, cache_read_tokens, cache_creation_tokens, reasoning_tokens,
    start_time, end_time, completion_start_time, request_duration_ms,
    model, model_id, model_group, custom_llm_provider, api_base,
    user_id, team_id, organization_id, end_user, agent_id, project_id,
    status, cache_hit, cache_key, request_tags, requester_ip_address, session_id, mcp_namespaced_tool_name, metadata
  )
  select
    request_id, left(call_id, 256), call_type, api_key, spend,
    prompt_tokens, completion_tokens, total_tokens, cache_read_tokens, cache_creation_tokens, reasoning_tokens,
    started, to_timestamp(end_time / 1000), to_timestamp(completion_start_time / 1000), request_duration_ms,
    left(model, 256), model_id, left(model_group, 256), custom_llm_provider, api_base,
    left(user_id, 256), left(team_id, 256), left(organization_id, 256), left(end_user, 256), agent_id, project_id,
    status, cache_hit, cache_key, request_tags, requester_ip_address, left(session_id, 256), mcp_namespaced_tool_name, metadata
  from calls order by request_id, start_time
  on conflict do nothing
  returning request_id, start_time, api_key, user_id, team_id, organization_id, end_user, model, model_group,
    custom_llm_provider, call_type, prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, status
),
bookings as (
  select charge.account, charge."windowStart" as window_start, calls.spend, calls.spend as total
  from calls cross join lateral json_to_recordset(calls.charges) as charge (account text, "windowStart" float8)
  -- "is true" keeps this a hash lookup: nothing is known of the sizes here, and a join of two lists would be a nested loop.
  where ((calls.request_id, calls.started) in (select request_id, start_time from inserted)) is true
  union all
  select account, "windowStart", delta, 0 from batch where kind = 'adjust'
),
windows as (
  select account, window_start, sum(spend) as spend, sum(total) as total from bookings group by account, window_start
),
folds as (
  select account, max(window_start) as window_start, (array_agg(spend order by window_start desc))[1] as spend, sum(total) as total
  from windows group by account
),
balanced as (
  insert into gateway.balances as balance (account, spend, total, window_start)
  select account, spend, total, to_timestamp(window_start / 1000) from folds order by account
  on conflict (account) do update set
    spend = case
      when excluded.window_start > balance.window_start then excluded.spend
      when excluded.window_start = balance.window_start then balance.spend + excluded.spend
      else balance.spend
    end,
    total = balance.total + excluded.total,
    window_start = greatest(balance.window_start, excluded.window_start),
    updated_at = now()
),
quarters as materialized (
  select
    date_bin('15 minutes', start_time, 'epoch') as quarter,
    api_key, coalesce(user_id, '') as user_id, coalesce(team_id, '') as team_id,
    coalesce(organization_id, '') as organization_id, coalesce(end_user, '') as end_user,
    model, model_group, custom_llm_provider, call_type,
    sum(prompt_tokens)::bigint as prompt_tokens, sum(completion_tokens)::bigint as completion_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens, sum(cache_creation_tokens)::bigint as cache_creation_tokens,
    sum(spend) as spend, count(*) as requests,
    count(*) filter (where status = 'success') as successes, count(*) filter (where status = 'failure') as failures
  from inserted group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
),
keyed as materialized (
  select *, sha256(convert_to(json_build_array(
    api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type
  )::text, 'UTF8')) as dimensions
  from quarters
),
quartered as (
  insert into gateway.spend_quarters as sums (
    quarter, dimensions, api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type,
    prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, successes, failures
  )
  select
    quarter, dimensions, api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type,
    prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, successes, failures
  from keyed order by quarter, dimensions
  on conflict (quarter, dimensions) do update set
    prompt_tokens = sums.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = sums.completion_tokens + excluded.completion_tokens,
    cache_read_tokens = sums.cache_read_tokens + excluded.cache_read_tokens,
    cache_creation_tokens = sums.cache_creation_tokens + excluded.cache_creation_tokens,
    spend = sums.spend + excluded.spend,
    requests = sums.requests + excluded.requests,
    successes = sums.successes + excluded.successes,
    failures = sums.failures + excluded.failures
),
summed_days as (
  insert into gateway.daily_spend as sums (
    day, dimensions, api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type,
    prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, requests, successes, failures
  )
  select
    (quarter at time zone 'UTC')::date, dimensions,
    api_key, user_id, team_id, organization_id, end_user, model, model_group, custom_llm_provider, call_type,
    sum(prompt_tokens), sum(completion_tokens), sum(cache_read_tokens), sum(cache_creation_tokens),
    sum(spend), sum(requests), sum(successes), sum(failures)
  from keyed group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 order by 1, 2
  on conflict (day, dimensions) do update set
    prompt_tokens = sums.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = sums.completion_tokens + excluded.completion_tokens,
    cache_read_tokens = sums.cache_read_tokens + excluded.cache_read_tokens,
    cache_creation_tokens = sums.cache_creation_tokens + excluded.cache_creation_tokens,
    spend = sums.spend + excluded.spend,
    requests = sums.requests + excluded.requests,
    successes = sums.successes + excluded.successes,
    failures = sums.failures + excluded.failures
),
seen as (
  select api_key, max(start_time) as at from inserted group by api_key
),
idle as materialized (
  select key.token, seen.at
  from gateway.virtual_keys as key join seen on seen.api_key = key.token
  where key.last_active is null or key.last_active < seen.at - interval '1 minute'
  order by key.token
  for no key update of key skip locked
),
woken as (
  update gateway.virtual_keys as key set last_active = idle.at from idle where idle.token = key.token
)
select exists (select from moved) as applied, (select count(*)::int from inserted) as rows
`;
}

export const FLUSH = flushStatement(FROM_JSON);
