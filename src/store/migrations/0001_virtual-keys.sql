-- Virtual keys: columns for what acts, jsonb for what is kept and echoed (control-plane 4.2, 4.3).
-- All rows are live keys. A key's spend is in `balances`, not here.

create table virtual_keys (
  token                       text primary key,
  mac                         bytea,
  key_name                    text,
  key_alias                   text,
  key_type                    text not null default 'default',

  blocked                     boolean,
  expires                     timestamptz,
  models                      text[] not null default '{}',
  aliases                     jsonb not null default '{}',
  allowed_routes              text[] not null default '{}',
  allowed_cache_controls      text[] not null default '{}',
  permissions                 jsonb not null default '{}',
  object_permission           jsonb,
  access_group_ids            text[] not null default '{}',
  policies                    text[] not null default '{}',

  user_id                     text,
  team_id                     text,
  organization_id             text,
  project_id                  text,
  agent_id                    text,

  max_budget                  numeric,
  soft_budget                 numeric,
  budget_duration             text,
  budget_reset_at             timestamptz,
  budget_limits               jsonb,
  model_max_budget            jsonb not null default '{}',
  budget_fallbacks            jsonb,
  budget_id                   text,
  temp_budget_increase        numeric,
  temp_budget_expiry          timestamptz,
  throttle_on_budget_exceeded boolean,

  rpm_limit                   bigint,
  tpm_limit                   bigint,
  max_parallel_requests       bigint,

  config                      jsonb not null default '{}',
  router_settings             jsonb,
  metadata                    jsonb not null default '{}',

  auto_rotate                 boolean not null default false,
  rotation_interval           text,
  rotation_count              integer not null default 0,
  last_rotation_at            timestamptz,
  key_rotation_at             timestamptz,

  created_at                  timestamptz not null default now(),
  created_by                  text,
  updated_at                  timestamptz not null default now(),
  updated_by                  text,
  last_active                 timestamptz,

  constraint token_is_a_sha256 check (token ~ '^[0-9a-f]{64}$'),
  constraint mac_is_a_sha256 check (octet_length(mac) = 32),
  constraint key_alias_is_short check (char_length(key_alias) between 1 and 255),
  constraint limits_are_not_negative check (
    max_budget >= 0 and soft_budget >= 0 and rpm_limit >= 0 and tpm_limit >= 0 and max_parallel_requests >= 0
  ),
  constraint temporary_increase_is_whole check ((temp_budget_increase is null) = (temp_budget_expiry is null)),
  constraint budget_limits_is_a_list check (jsonb_typeof(budget_limits) = 'array'),
  constraint objects_are_objects check (
    jsonb_typeof(aliases) = 'object' and jsonb_typeof(permissions) = 'object' and jsonb_typeof(metadata) = 'object'
    and jsonb_typeof(model_max_budget) = 'object' and jsonb_typeof(config) = 'object'
  )
);

create unique index virtual_keys_key_alias_key on virtual_keys (key_alias) where key_alias is not null;
create index virtual_keys_user_id on virtual_keys (user_id) where user_id is not null;
create index virtual_keys_team_id on virtual_keys (team_id) where team_id is not null;

comment on column virtual_keys.token is 'SHA-256 of the key, lower-case hex: its public id';
comment on column virtual_keys.mac is 'HMAC-SHA-256(salt key, key); null on an imported key until its first use';
comment on column virtual_keys.last_active is 'start of its latest call, a minute coarse; written by the spend flush';

-- Deleted keys are kept for lists and reports. One token may be deleted more than once.
create table deleted_keys (
  id         bigint generated always as identity primary key,
  like virtual_keys including defaults,
  deleted_at timestamptz not null default now(),
  deleted_by text
);

create index deleted_keys_token on deleted_keys (token);
