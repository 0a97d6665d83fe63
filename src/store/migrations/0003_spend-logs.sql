-- One row for each call (control-plane 12.1), in one partition for each month (UTC).

create table spend_logs (
  request_id                uuid not null,
  call_id                   text,
  call_type                 text not null,
  api_key                   text not null,
  spend                     numeric not null,
  prompt_tokens             bigint not null,
  completion_tokens         bigint not null,
  total_tokens              bigint not null,
  cache_read_tokens         bigint not null,
  cache_creation_tokens     bigint not null,
  reasoning_tokens          bigint not null,
  start_time                timestamptz not null,
  end_time                  timestamptz not null,
  completion_start_time     timestamptz,
  request_duration_ms       bigint not null,
  model                     text not null,
  model_id                  text not null,
  model_group               text not null,
  custom_llm_provider       text not null,
  api_base                  text not null,
  user_id                   text,
  team_id                   text,
  organization_id           text,
  end_user                  text,
  agent_id                  text,
  project_id                text,
  status                    text not null,
  cache_hit                 boolean,
  cache_key                 text,
  request_tags              text[] not null default '{}',
  requester_ip_address      text,
  session_id                text,
  mcp_namespaced_tool_name  text,
  metadata                  json not null default '{}',

  primary key (request_id, start_time),
  -- Not NaN either: it sorts after infinity, and would spoil every sum for ever.
  constraint spend_is_an_amount check (spend >= 0 and spend < 'infinity'),
  constraint status_is_known check (status in ('success', 'failure'))
) partition by range (start_time);

comment on column spend_logs.call_id is 'the x-litellm-call-id of the client; null: it sent none, and request_id stands for it';

-- Newest first: of all, of a key, of a public model, of a person, of a team, of the failures.
create index spend_logs_start_time on spend_logs (start_time);
create index spend_logs_api_key on spend_logs (api_key, start_time);
create index spend_logs_model_group on spend_logs (model_group, start_time);
create index spend_logs_user_id on spend_logs (user_id, start_time) where user_id is not null;
create index spend_logs_team_id on spend_logs (team_id, start_time) where team_id is not null;
create index spend_logs_failure on spend_logs (start_time) where status = 'failure';
-- Found by what a client knows.
create index spend_logs_end_user on spend_logs (end_user, start_time) where end_user is not null;
create index spend_logs_call_id on spend_logs (call_id) where call_id is not null;
create index spend_logs_session_id on spend_logs (session_id) where session_id is not null;

-- Rows of months that nobody foresaw (an import, a clock set wrong). Emptied when their month's partition is made.
create table spend_logs_default partition of spend_logs default;

-- Makes the partitions of `months` months from the one that holds `first`; those that exist stay. Returns how many were made.
create function make_spend_partitions(first timestamptz, months integer) returns integer
language plpgsql set search_path = gateway, pg_catalog as $$
declare
  month timestamp := date_trunc('month', first at time zone 'UTC');
  lower_bound timestamptz;
  upper_bound timestamptz;
  partition text;
  made integer := 0;
begin
  -- One at a time, however many instances start together.
  perform pg_advisory_xact_lock(hashtextextended('gateway.make_spend_partitions', 0));
  for i in 1 .. months loop
    partition := 'spend_logs_' || to_char(month, 'YYYY_MM');
    lower_bound := month at time zone 'UTC';
    month := month + interval '1 month';
    upper_bound := month at time zone 'UTC';
    continue when to_regclass(partition) is not null;

    -- Writers wait here, before they choose a partition: a row on its way into the default partition would be refused by the
    -- bounds it has after attaching.
    lock table spend_logs in share row exclusive mode;
    execute format('create table %I (like spend_logs including all)', partition);
    execute format(
      'with moved as (delete from spend_logs_default where start_time >= $1 and start_time < $2 returning *)
       insert into %I select * from moved', partition) using lower_bound, upper_bound;
    execute format('alter table spend_logs attach partition %I for values from (%L) to (%L)', partition, lower_bound, upper_bound);
    made := made + 1;
  end loop;
  return made;
end
$$;

select make_spend_partitions(now(), 3);
