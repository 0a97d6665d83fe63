-- A regenerated key whose old text still works for a while: whose text it is from then on (control-plane 4.4).

alter table virtual_keys add column successor text;
alter table deleted_keys add column successor text;

comment on column virtual_keys.successor is 'token of the key that calls with this text are made as, until it expires; null on every other key';
