import { answerJson } from '../contract/http-json.ts';
import { ExplainedSpendLogRow } from '../contract/spend-explanation.ts';
import { readQueryAs } from '../contract/query.ts';
import { SpendLogPage, SpendLogsQuery, SpendSessionQuery, type SpendLogFilterQuery, type SpendLogSort } from '../contract/spend-logs.ts';
import { BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import { hashOf, isKeyHash } from '../identity/key-hash.ts';
import { EVERYTHING, type SpendLogFilter } from '../ledger/spend-filter.ts';
import { pageOf, type PageAsked, type SpendLogPage as Page, type SpendSort } from '../ledger/spend-log-pages.ts';
import { rowsByRequest } from '../ledger/spend-queries.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';
import { answerCsv } from './csv.ts';
import { spendCsv } from './spend-csv.ts';
import { explanationOf } from './spend-explanation.ts';
import { rowObject } from './spend-row-object.ts';

export interface SpendLogRouteParts extends SpendQuestionParts {
  readonly ring: KeyRing;
}

/** `/spend/logs/v2`, `/spend/logs/ui` and what lies under them (control-plane 12.4). */
export function spendLogRoutes(parts: SpendLogRouteParts): Route[] {
  const shared = { method: 'GET', rights: 'info', group: 'spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/spend/logs/v2', '/spend/logs/ui'],
      summary: 'Rows of calls of a span of time, filtered, sorted and paged. Others than administrators see their own alone.',
      shapes: { query: SpendLogsQuery, answer: SpendLogPage },
      handle: (call) => asked(parts, () => list(parts, call)),
    },
    {
      ...shared,
      paths: ['/spend/logs/session/ui'],
      summary: 'Rows of the calls of one session, in the order in which they were made.',
      shapes: { query: SpendSessionQuery, answer: SpendLogPage },
      handle: (call) => asked(parts, () => session(parts, call)),
    },
    {
      ...shared,
      paths: ['/spend/logs/ui/:request_id'],
      summary: 'One call by its id, ours or the client’s, with what explains its cost and its way; null when there is none.',
      shapes: { answer: ExplainedSpendLogRow.nullable() },
      handle: (call) => asked(parts, () => show(parts, call)),
    },
  ];
}

const COLUMN_OF = {
  startTime: 'start_time',
  endTime: 'end_time',
  spend: 'spend',
  total_tokens: 'total_tokens',
  request_duration_ms: 'request_duration_ms',
} as const satisfies Record<SpendLogSort, SpendSort>;

async function list({ database, ring }: SpendLogRouteParts, call: RouteCall): Promise<void> {
  const query = readQueryAs(SpendLogsQuery, call.query);
  if (query.format === 'csv') {
    if (query.sort_by !== 'startTime') throw new BadRequestError('A file is in the order of time: sort_by must be startTime.', 'sort_by');
    await answerCsv(call, 'calls.csv', spendCsv(database, filterOf(query, call, ring), query.sort_order));
    return;
  }
  const order = { page: query.page, size: query.page_size, sort: COLUMN_OF[query.sort_by], order: query.sort_order };
  answerJson(call, pageObject(await pageOf(database, filterOf(query, call, ring), order), order));
}

async function session({ database }: SpendLogRouteParts, call: RouteCall): Promise<void> {
  const query = readQueryAs(SpendSessionQuery, call.query);
  const order = { page: query.page, size: query.page_size, sort: 'start_time', order: query.sort_order } as const;
  const filter = { ...EVERYTHING, scope: scopeOf(call.caller), sessionId: query.session_id };
  answerJson(call, pageObject(await pageOf(database, filter, order), order));
}

async function show({ database }: SpendLogRouteParts, call: RouteCall): Promise<void> {
  const [row] = await rowsByRequest(database, requestIdOf(call), scopeOf(call.caller), 1);
  answerJson(call, row ? { ...rowObject(row), explanation: explanationOf(row) } : null);
}

/** A client's id may hold what stands for something else in a path. */
function requestIdOf({ params }: RouteCall): string {
  const id = params['request_id'] ?? '';
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** What a query asks for, within what the caller may see. */
function filterOf(query: SpendLogFilterQuery, { caller }: RouteCall, ring: KeyRing): SpendLogFilter {
  return {
    scope: scopeOf(caller),
    from: query.start_date,
    until: query.end_date,
    apiKeys: keysOf(query, ring),
    userId: query.user_id ?? null,
    teamId: query.team_id ?? null,
    endUser: query.end_user ?? null,
    requestId: query.request_id ?? null,
    sessionId: query.session_id ?? null,
    model: query.model ?? null,
    modelId: query.model_id ?? null,
    modelGroup: query.model_group ?? null,
    provider: query.provider ?? query.custom_llm_provider ?? null,
    callType: query.call_type ?? null,
    status: query.status_filter ?? null,
    minSpend: query.min_spend ?? null,
    maxSpend: query.max_spend ?? null,
    errorCode: query.error_code ?? null,
    errorMessage: query.error_message ?? null,
    search: query.search === undefined ? null : { text: query.search, apiKeys: keysNamed(query.search, ring) },
    tags: (query.request_tags ?? '').split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''), // prettier-ignore
  };
}

/** Hashes of the keys that are asked for; null: of all. */
function keysOf({ api_key: key, key_alias: alias }: SpendLogFilterQuery, ring: KeyRing): string[] | null {
  const named = key === undefined ? null : isKeyHash(key) ? key : hashOf(key);
  if (alias === undefined) return named === null ? null : [named];
  const hashes = keysNamed(alias, ring);
  return named === null ? hashes : hashes.filter((hash) => hash === named);
}

/** Hashes of the keys whose name holds a text. */
function keysNamed(text: string, ring: KeyRing): string[] {
  const part = text.toLowerCase();
  return [...ring.all()].filter(({ keyAlias }) => keyAlias?.toLowerCase().includes(part)).map(({ keyHash }) => keyHash);
}

function pageObject({ rows, total, exact }: Page, { page, size }: PageAsked): JsonObject {
  return {
    data: rows.map(rowObject),
    total,
    total_is_exact: exact,
    page,
    page_size: size,
    total_pages: Math.ceil(total / size),
  };
}
