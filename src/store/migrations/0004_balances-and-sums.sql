-- What the rows add up to. Written by the spend flush alone, in the transaction that inserts the rows.

create table balances (
  account      text primary key,
  spend        numeric not null,
  total        numeric not null,
  window_start timestamptz not null,
  updated_at   timestamptz not null default now()
) with (fillfactor = 70);

comment on column balances.account is 'key:<hash>, key:<hash>|1d, key:<hash>|model:<group>, global ...';
comment on column balances.spend is 'since window_start; includes what an administrator set';
comment on column balances.total is 'of all calls ever; never reset';

-- Dimensions are empty when unknown. `dimensions` is their SHA-256, because their text may be longer than an index entry can be.
create table spend_quarters (
  quarter               timestamptz not null,
  dimensions            bytea not null,
  api_key               text not null,
  user_id               text not null,
  team_id               text not null,
  organization_id       text not null,
  end_user              text not null,
  model                 text not null,
  model_group           text not null,
  custom_llm_provider   text not null,
  call_type             text not null,
  prompt_tokens         bigint not null,
  completion_tokens     bigint not null,
  cache_read_tokens     bigint not null,
  cache_creation_tokens bigint not null,
  spend                 numeric not null,
  requests              bigint not null,
  successes             bigint not null,
  failures              bigint not null,
  primary key (quarter, dimensions)
) with (fillfactor = 80);

create index spend_quarters_api_key on spend_quarters (api_key, quarter);
create index spend_quarters_user_id on spend_quarters (user_id, quarter) where user_id <> '';
create index spend_quarters_team_id on spend_quarters (team_id, quarter) where team_id <> '';

comment on table spend_quarters is 'sums of a quarter of an hour (UTC), kept 40 days: any time zone folds them into its own days';

create table daily_spend (
  day                   date not null,
  dimensions            bytea not null,
  api_key               text not null,
  user_id               text not null,
  team_id               text not null,
  organization_id       text not null,
  end_user              text not null,
  model                 text not null,
  model_group           text not null,
  custom_llm_provider   text not null,
  call_type             text not null,
  prompt_tokens         bigint not null,
  completion_tokens     bigint not null,
  cache_read_tokens     bigint not null,
  cache_creation_tokens bigint not null,
  spend                 numeric not null,
  requests              bigint not null,
  successes             bigint not null,
  failures              bigint not null,
  primary key (day, dimensions)
) with (fillfactor = 80);

create index daily_spend_api_key on daily_spend (api_key, day);
create index daily_spend_user_id on daily_spend (user_id, day) where user_id <> '';
create index daily_spend_team_id on daily_spend (team_id, day) where team_id <> '';

comment on table daily_spend is 'sums of a day (UTC), kept for ever';

-- How far each journal is in the database (ruling M12).
create table journal_positions (
  journal_id uuid primary key,
  seq        bigint not null check (seq >= 0),
  updated_at timestamptz not null default now()
);
