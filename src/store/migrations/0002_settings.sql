-- Settings changed at run time, and facts about this installation (the salt key's fingerprint).

create table settings (
  key        text primary key,
  value      jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text
);
