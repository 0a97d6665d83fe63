-- A name for a key that is no secret, and stays when its text changes: what Home Assistant knows it by.

alter table virtual_keys add column public_id text not null
  default 'k_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16);
alter table deleted_keys add column public_id text not null
  default 'k_' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16);

-- An old text in its grace is the key that it became.
with recursive heirs as (
  select token, successor from virtual_keys where successor is not null
  union
  select heirs.token, next.successor from heirs join virtual_keys next on next.token = heirs.successor where next.successor is not null
)
update virtual_keys old set public_id = last.public_id
from heirs join virtual_keys last on last.token = heirs.successor
where old.token = heirs.token and last.successor is null;
