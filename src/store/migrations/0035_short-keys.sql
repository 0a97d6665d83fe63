-- Whether a key's text was chosen by hand and is short enough to be guessed: the panel says so. Of keys made before nobody knows.

alter table virtual_keys add column short boolean not null default false;
alter table deleted_keys add column short boolean not null default false;
