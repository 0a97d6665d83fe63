-- Who changed what, and when (control-plane 18.1).

create table audit_logs (
  id                 uuid primary key,
  updated_at         timestamptz not null,
  changed_by         text,
  changed_by_api_key text,
  action             text not null,
  table_name         text not null,
  object_id          text not null,
  before_value       json,
  updated_values     json
);

create index audit_logs_updated_at on audit_logs (updated_at, id);
create index audit_logs_object_id on audit_logs (object_id, updated_at);

comment on table audit_logs is 'one row for each change that somebody made; secrets are masked before they come here';
comment on column audit_logs.changed_by_api_key is 'SHA-256 of the key that was used';
comment on column audit_logs.before_value is 'of a change: the members that it changed, as they were; json, not jsonb, so that every text fits';
