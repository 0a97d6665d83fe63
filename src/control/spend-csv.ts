import { isObject, wordOf } from '../core/json-object.ts';
import { isoOf } from '../identity/key-rows.ts';
import { rowsBehind, type PageAsked } from '../ledger/spend-log-pages.ts';
import type { SpendLogFilter } from '../ledger/spend-filter.ts';
import type { SpendRow } from '../ledger/spend-log-row.ts';
import type { Transactions } from '../store/queries.ts';
import { csvLine, type Cell } from './csv.ts';
import { metadataOf } from './spend-row-object.ts';

const HEADER = [
  'request_id', 'call_id', 'startTime', 'endTime', 'completionStartTime', 'request_duration_ms', 'status', 'call_type', 'model_group', 'model',
  'custom_llm_provider', 'key_alias', 'api_key', 'user', 'team_id', 'organization_id', 'end_user', 'prompt_tokens', 'cache_read_tokens',
  'cache_creation_tokens', 'completion_tokens', 'reasoning_tokens', 'total_tokens', 'spend', 'error_code', 'error_message', 'request_tags',
  'session_id', 'requester_ip_address',
]; // prettier-ignore

/** Rows read at once: what is in memory of a file of any length. */
const AT_ONCE = 500;

/** All rows that a filter keeps, in the order of time, piece by piece. */
export async function* spendCsv(database: Transactions, filter: SpendLogFilter, order: PageAsked['order']): AsyncGenerator<string> {
  let rows = await rowsBehind(database, filter, order, null, AT_ONCE);
  yield csvLine(HEADER) + rows.map(lineOf).join('');
  for (let last = rows.at(-1); last !== undefined && rows.length === AT_ONCE; last = rows.at(-1)) {
    rows = await rowsBehind(database, filter, order, last, AT_ONCE);
    if (rows.length > 0) yield rows.map(lineOf).join('');
  }
}

function lineOf(row: SpendRow): string {
  const stored = metadataOf(row);
  const error = isObject(stored['error_information']) ? stored['error_information'] : {};
  const number = (digits: string | number): Cell => ({ digits });
  return csvLine([
    row.request_id,
    row.call_id ?? row.request_id,
    isoOf(row.start_time),
    isoOf(row.end_time),
    isoOf(row.completion_start_time),
    number(row.request_duration_ms),
    row.status,
    row.call_type,
    row.model_group,
    row.model,
    row.custom_llm_provider,
    wordOf(stored['user_api_key_alias']),
    row.api_key,
    row.user_id,
    row.team_id,
    row.organization_id,
    row.end_user,
    number(row.prompt_tokens),
    number(row.cache_read_tokens),
    number(row.cache_creation_tokens),
    number(row.completion_tokens),
    number(row.reasoning_tokens),
    number(row.total_tokens),
    number(row.spend),
    wordOf(error['error_code']),
    wordOf(error['error_message']),
    row.request_tags.join(' '),
    row.session_id,
    row.requester_ip_address,
  ]);
}
