-- Models and provider credentials that were made at run time (control-plane 13.2, 13.3). What may not be shown to anybody
-- (keys, header values) stands in `sealed`, encrypted under the salt key; everything else is readable.

create table models (
  model_id       text primary key,
  model_name     text not null,
  litellm_params jsonb not null,
  sealed         text,
  model_info     jsonb not null default '{}',
  created_at     timestamptz not null default now(),
  created_by     text,
  updated_at     timestamptz not null default now(),
  updated_by     text,

  constraint model_id_is_short check (char_length(model_id) between 1 and 500),
  constraint model_name_is_short check (char_length(model_name) between 1 and 500),
  constraint objects_are_objects check (jsonb_typeof(litellm_params) = 'object' and jsonb_typeof(model_info) = 'object')
);

comment on column models.sealed is 'JSON of further litellm_params, encrypted (v2:gcm:); null when there are none';

create table credentials (
  credential_name text primary key,
  shown           jsonb not null default '{}',
  sealed          text,
  credential_info jsonb not null default '{}',
  created_at      timestamptz not null default now(),
  created_by      text,
  updated_at      timestamptz not null default now(),
  updated_by      text,

  constraint credential_name_is_short check (char_length(credential_name) between 1 and 500),
  constraint objects_are_objects check (jsonb_typeof(shown) = 'object' and jsonb_typeof(credential_info) = 'object')
);

comment on column credentials.sealed is 'JSON of further credential_values, encrypted (v2:gcm:); null when there are none';
