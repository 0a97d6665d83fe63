-- People (control-plane 5) and their open panels (ruling K8). What a person spent is in `balances`, account `user:<id>`.

create table users (
  user_id               text primary key,
  user_email            text,
  user_alias            text,
  user_role             text not null default 'internal_user',
  password              text,
  sso_user_id           text,
  models                text[] not null default '{}',

  max_budget            numeric,
  budget_duration       text,
  budget_reset_at       timestamptz,
  model_max_budget      jsonb not null default '{}',
  rpm_limit             bigint,
  tpm_limit             bigint,
  max_parallel_requests bigint,

  metadata              jsonb not null default '{}',
  created_at            timestamptz not null default now(),
  created_by            text,
  updated_at            timestamptz not null default now(),
  updated_by            text,

  constraint user_id_is_short check (char_length(user_id) between 1 and 500),
  constraint user_email_is_short check (char_length(user_email) between 1 and 500),
  constraint user_role_is_known check (user_role in ('proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer')),
  constraint limits_are_not_negative check (max_budget >= 0 and rpm_limit >= 0 and tpm_limit >= 0 and max_parallel_requests >= 0),
  constraint objects_are_objects check (jsonb_typeof(metadata) = 'object' and jsonb_typeof(model_max_budget) = 'object')
);

create unique index users_user_email_key on users (lower(user_email)) where user_email is not null;

comment on column users.password is 'scrypt:<base64 of salt and key>, or 64 hex digits of sha256 until the next log-in';

create table sessions (
  session    text primary key,
  user_id    text not null,
  method     text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,

  constraint session_is_a_sha256 check (session ~ '^[0-9a-f]{64}$')
);

create index sessions_user_id on sessions (user_id);

comment on column sessions.session is 'SHA-256 of the id in the cookie, lower-case hex';
