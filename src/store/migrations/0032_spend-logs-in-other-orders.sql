-- The index of time holds what lists are sorted by beside it: the dearest or longest calls of a span are found without their rows.
-- An index for each of these orders would cost every call a write at a random place; this one grows at its end.
drop index spend_logs_start_time;
create index spend_logs_start_time on spend_logs (start_time)
  include (spend, request_duration_ms, total_tokens, end_time, request_id);
