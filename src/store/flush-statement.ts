import { SPEND_COLUMNS } from './flush-rows.ts';
import { SUMS } from './flush-sums.ts';

const NAMES = SPEND_COLUMNS.map(([name]) => name).join(', ');

/** A cell as the value of its column. */
const VALUES = SPEND_COLUMNS.map(([, type], index) => {
  const cell = `cells[${index + 1}]`;
  if (type === 'text') return cell;
  return type === 'time' ? `to_timestamp(${cell}::float8 / 1000)` : `${cell}::${type}`;
}).join(', ');

/**
 * The lines of a parameter as arrays of cells. Lines come one by one from a select list: as a function in FROM they would be
 * written aside first, to disk when they are many.
 */
const linesOf = (parameter: string): string =>
  `(select string_to_array(line, E'\\x1f', E'\\x18') as cells
    from (select unnest(string_to_array(${parameter}, E'\\x1e')) as line offset 0) as lines offset 0) as lines`;

/**
 * The spend flush as one statement, so that it is one transaction and one round trip (ruling M12).
 *
 * Parameters: $1 journal id, $2 the position the batch follows, $3 the position after it, then the texts of `flushRows`: $4 calls,
 * $5 and $6 their keys, $7 the number of each one's booking, $8 the charges of each booking, $9 adjustments.
 *
 * - `moved` takes the journal's position from $2 to $3. When it stands elsewhere, nothing below finds anything to do.
 * - Only rows that the INSERT returned are folded into balances and sums, never the batch itself.
 * - Every INSERT is sorted by its key (`flushRows` sorts the calls) and the tables come in one order: flushes of several instances
 *   cannot deadlock.
 * - A balance counts the newest window alone: see `Charge` in `core/limit-policy.ts`. `total` is the fold of all calls.
 * - `SUMS` are the tables of `flush-sums.ts`.
 * - `last_active` is a convenience: it waits for nobody, and moves once a minute.
 */
export const FLUSH = `
with moved as (
  insert into gateway.journal_positions as position (journal_id, seq)
  select $1::uuid, $3::bigint
  where $2::bigint = 0 or exists (select from gateway.journal_positions where journal_id = $1::uuid)
  on conflict (journal_id) do update set seq = excluded.seq, updated_at = now() where position.seq = $2::bigint
  returning seq
),
inserted as (
  insert into gateway.spend_logs (${NAMES})
  select ${VALUES} from ${linesOf('$4')} where exists (select from moved)
  on conflict do nothing
  returning request_id, start_time, api_key, user_id, team_id, organization_id, end_user, model, model_group,
    custom_llm_provider, call_type, prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens, spend, status
),
booked as (
  select number, sum(spend) as spend
  from inserted join (
    select distinct on (1, 2) request_id, to_timestamp(start_time / 1000) as start_time, number
    from unnest($5::uuid[], $6::float8[], $7::int[]) as given (request_id, start_time, number)
  ) as keys using (request_id, start_time)
  group by number
),
bookings as (
  select cells[2] as account, cells[3]::float8 as window_start, spend, spend as total
  from ${linesOf('$8')} join booked on number = cells[1]::int
  union all
  select cells[1], cells[2]::float8, cells[3]::numeric, 0 from ${linesOf('$9')} where exists (select from moved)
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
${SUMS},
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
