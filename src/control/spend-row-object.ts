import { parseExact } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { usdOf } from '../core/money.ts';
import type { CostTerm } from '../core/price.ts';
import { isoOf } from '../identity/key-rows.ts';
import { costBreakdown } from '../ledger/cost-breakdown.ts';
import type { SpendRow } from '../ledger/spend-log-row.ts';

/** A row as the wire shows it (control-plane 12.1). */
export function rowObject(row: SpendRow): JsonObject {
  const {
    start_time: start,
    end_time: end,
    completion_start_time: firstToken,
    user_id: user,
    call_id: callId,
    spend,
    cache_hit: hit,
    ...rest
  } = row;
  return {
    ...rest,
    call_id: callId ?? row.request_id,
    spend: JSON.rawJSON(spend),
    startTime: isoOf(start),
    endTime: isoOf(end),
    completionStartTime: isoOf(firstToken),
    user: user ?? '',
    cache_hit: hit === null ? '' : hit ? 'True' : 'False',
    metadata: metadataObject(row),
    messages: {},
    response: {},
    proxy_server_request: {},
  };
}

/** What is stored with the row, what its columns say under the names that clients look for, and the shares of its cost. */
function metadataObject(row: SpendRow): JsonObject {
  const stored = metadataOf(row);
  const terms = termsOf(stored);
  return {
    user_api_key: row.api_key,
    user_api_key_alias: null,
    user_api_key_user_id: row.user_id,
    user_api_key_team_id: row.team_id,
    user_api_key_org_id: row.organization_id,
    user_api_key_end_user_id: row.end_user,
    requester_ip_address: row.requester_ip_address,
    status: row.status,
    additional_usage_values: {
      cache_read_input_tokens: row.cache_read_tokens,
      cache_creation_input_tokens: row.cache_creation_tokens,
      reasoning_tokens: row.reasoning_tokens,
    },
    ...(terms.length > 0 ? { cost_breakdown: breakdownObject(terms, row.spend) } : {}),
    ...stored,
  };
}

/** What is stored with a row. */
export function metadataOf({ metadata }: Pick<SpendRow, 'metadata'>): JsonObject {
  const parsed = parseExact(metadata);
  return isObject(parsed) ? parsed : {};
}

/** The terms of the row's cost as they were written; none for a row that has none or whose explanation was shortened. */
export function termsOf({ cost_terms: terms }: JsonObject): CostTerm[] {
  return Array.isArray(terms) ? terms.filter(isTerm) : [];
}

function isTerm(term: unknown): term is CostTerm {
  return (
    isObject(term) && typeof term['kind'] === 'string' && typeof term['quantity'] === 'string' && typeof term['unitPrice'] === 'string'
  );
}

function breakdownObject(terms: readonly CostTerm[], spend: string): JsonObject {
  const shares = costBreakdown({ terms, total: usdOf(spend), origin: null, unpriced: false });
  return Object.fromEntries(Object.entries(shares).map(([name, text]) => [name, JSON.rawJSON(text as string)]));
}
