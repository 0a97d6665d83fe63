import type { z } from 'zod';
import {
  CacheHits,
  DaysQuery,
  DeploymentExceptions,
  Exceptions,
  ExceptionsQuery,
  GlobalActivity,
  ModelActivity,
} from '../contract/global-spend.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { cacheHits, rateLimitRefusals, type RefusalCount, type RowSpan } from '../ledger/row-counts.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { groupedSums, type Group } from '../ledger/sums/grouped.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';

const DAY_MS = 86_400_000;
/** Rows of one answer at most. */
const MOST = 10_000;

/** `/global/activity*` (control-plane 12.4): how much was asked for, by day. */
export function globalActivityRoutes(parts: SpendQuestionParts): Route[] {
  const shared = { method: 'GET', rights: 'info', group: 'global_spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/global/activity'],
      summary: 'Requests and tokens of each day of a span.',
      shapes: { query: DaysQuery, answer: GlobalActivity },
      handle: (call) => asked(parts, () => activity(parts, call)),
    },
    {
      ...shared,
      paths: ['/global/activity/model'],
      summary: 'The same for each model by its public name, the most used first.',
      shapes: { query: DaysQuery, answer: ModelActivity },
      handle: (call) => asked(parts, () => byModel(parts, call)),
    },
    {
      ...shared,
      paths: ['/global/activity/exceptions'],
      summary: 'How often calls were refused for being too many, by day.',
      shapes: { query: ExceptionsQuery, answer: Exceptions },
      handle: (call) => asked(parts, () => exceptions(parts, call, false)),
    },
    {
      ...shared,
      paths: ['/global/activity/exceptions/deployment'],
      summary: 'The same for each deployment.',
      shapes: { query: ExceptionsQuery, answer: DeploymentExceptions },
      handle: (call) => asked(parts, () => exceptions(parts, call, true)),
    },
    {
      ...shared,
      paths: ['/global/activity/cache_hits'],
      summary: `How many calls a cache answered, by key, kind of call and model; the ${MOST} with most calls.`,
      shapes: { query: DaysQuery, answer: CacheHits },
      handle: (call) => asked(parts, () => hits(parts, call)),
    },
  ];
}

async function activity({ database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const { start_date: first, end_date: last } = readQueryAs(DaysQuery, call.query);
  const sums = await groupedSums(database, { by: ['day'], first, last, scope: scopeOf(call.caller), dearest: null });
  answerJson(call, activityObject(sums));
}

async function byModel({ database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const { start_date: first, end_date: last } = readQueryAs(DaysQuery, call.query);
  const sums = await groupedSums(database, { by: ['model_group', 'day'], first, last, scope: scopeOf(call.caller), dearest: null });
  const models = [...Map.groupBy(sums, ({ model_group: model }) => model)].map(([model, days]) => ({ model, ...activityObject(days) }));
  models.sort((a, b) => b.sum_api_requests - a.sum_api_requests);
  answerJson(call, models);
}

function activityObject(sums: readonly Group<'day'>[]) {
  const days = sums.map(({ day, totals }) => ({
    date: shortDate(day),
    api_requests: totals.requests,
    total_tokens: totals.inputTokens + totals.outputTokens,
  }));
  return {
    daily_data: days,
    sum_api_requests: days.reduce((sum, { api_requests: requests }) => sum + requests, 0),
    sum_total_tokens: days.reduce((sum, { total_tokens: tokens }) => sum + tokens, 0),
  };
}

async function exceptions({ database }: SpendQuestionParts, call: RouteCall, byDeployment: boolean): Promise<void> {
  const { model_group: group, ...days } = readQueryAs(ExceptionsQuery, call.query);
  const span = spanOf(call, days);
  const counts = await boundedly(database, (queries) => rateLimitRefusals(queries, span, group ?? null, byDeployment));
  if (!byDeployment) {
    answerJson(call, exceptionsObject(counts));
    return;
  }
  const deployments = Map.groupBy(counts, ({ deployment, address }) => `${deployment} ${address}`);
  answerJson(call, [...deployments.values()].map((days) => ({ api_base: days[0]?.address, model_id: days[0]?.deployment, ...exceptionsObject(days) }))); // prettier-ignore
}

async function hits({ database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const span = spanOf(call, readQueryAs(DaysQuery, call.query));
  const found = await boundedly(database, (queries) => cacheHits(queries, span, MOST));
  const rows = found.map(({ rows: total, hits: answered, cached, generated, ...group }) => ({
    ...group,
    total_rows: total,
    cache_hit_true_rows: answered,
    cached_completion_tokens: cached,
    generated_completion_tokens: generated,
  }));
  answerJson(call, rows);
}

function spanOf({ caller }: RouteCall, { start_date: first, end_date: last }: z.infer<typeof DaysQuery>): RowSpan {
  return { scope: scopeOf(caller), from: Date.parse(first), until: Date.parse(last) + DAY_MS };
}

function exceptionsObject(counts: readonly RefusalCount[]): JsonObject {
  return {
    daily_data: counts.map(({ day, refusals }) => ({ date: shortDate(day), num_rate_limit_exceptions: refusals })),
    sum_num_rate_limit_exceptions: counts.reduce((sum, { refusals }) => sum + refusals, 0),
  };
}

/** `2026-08-16` → `Aug 16` */
function shortDate(day: string): string {
  return new Date(day).toLocaleDateString('en-US', { month: 'short', day: '2-digit', timeZone: 'UTC' });
}
