-- Sums that know no key and no person: as many rows as there are models in use, however many keys there are. Questions about
-- everything read them; `spend_quarters` and `daily_spend` are for questions that tell keys or people apart. Both are written by the
-- same flush.

create table quarter_totals (
  quarter               timestamptz not null,
  dimensions            bytea not null,
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

comment on table quarter_totals is 'spend_quarters without key, person, team, organization and end user; kept as long';

create table daily_totals (
  day                   date not null,
  dimensions            bytea not null,
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

comment on table daily_totals is 'daily_spend without key, person, team, organization and end user; kept for ever';

-- What was summed before. No flush comes between.
lock table spend_quarters, daily_spend in share mode;

insert into quarter_totals
select quarter, sha256(convert_to(concat_ws(E'\x1f', model, model_group, custom_llm_provider, call_type), 'UTF8')),
  model, model_group, custom_llm_provider, call_type,
  sum(prompt_tokens), sum(completion_tokens), sum(cache_read_tokens), sum(cache_creation_tokens),
  sum(spend), sum(requests), sum(successes), sum(failures)
from spend_quarters group by quarter, model, model_group, custom_llm_provider, call_type;

insert into daily_totals
select day, sha256(convert_to(concat_ws(E'\x1f', model, model_group, custom_llm_provider, call_type), 'UTF8')),
  model, model_group, custom_llm_provider, call_type,
  sum(prompt_tokens), sum(completion_tokens), sum(cache_read_tokens), sum(cache_creation_tokens),
  sum(spend), sum(requests), sum(successes), sum(failures)
from daily_spend group by day, model, model_group, custom_llm_provider, call_type;
