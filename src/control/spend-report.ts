import type { z } from 'zod';
import { ReportQuery, SpendReport } from '../contract/global-spend.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import { BadRequestError } from '../core/errors.ts';
import { usdJson } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { groupedSums, type Group, type SumColumn } from '../ledger/sums/grouped.ts';
import { sumOf, type Totals } from '../ledger/sums/totals.ts';
import { teamNameOf } from './global-parties.ts';
import { asked, keyHashOf, narrowed, scopeOf, type SpendQuestionParts } from './spend-question.ts';

/** Lines of one report at most: what one answer can hold without others waiting for it. */
const MOST_LINES = 20_000;

type Query = z.infer<typeof ReportQuery>;

/** `/global/spend/report` (control-plane 12.4), from the daily sums. */
export function spendReportRoute(parts: SpendQuestionParts): Route {
  return {
    method: 'GET',
    paths: ['/global/spend/report'],
    rights: 'read',
    group: 'global_spend_tracking_routes',
    surface: 'control',
    summary: `What was spent in a span of days in UTC: by day and team or customer, or by key; of one key, person, team or customer by key. At most ${MOST_LINES} lines.`,
    shapes: { query: ReportQuery, answer: SpendReport },
    handle: (call) => asked(parts, () => report(parts, call)),
  };
}

async function report(parts: SpendQuestionParts, call: RouteCall): Promise<void> {
  const query = readQueryAs(ReportQuery, call.query);
  answerJson(call, isNarrowed(query) ? await byKey(parts, call, query) : await grouped(parts, call, query));
}

function isNarrowed({ api_key: key, internal_user_id: user, team_id: team, customer_id: customer }: Query): boolean {
  return (key ?? user ?? team ?? customer) !== undefined;
}

function grouped(parts: SpendQuestionParts, call: RouteCall, query: Query): Promise<unknown[]> {
  switch (query.group_by) {
    case 'team':
      return byTeam(parts, call, query);
    case 'customer':
      return byCustomer(parts, call, query);
    case 'api_key':
      return byKey(parts, call, query);
  }
}

async function byTeam(parts: SpendQuestionParts, call: RouteCall, query: Query): Promise<unknown[]> {
  const lines = await linesOf(parts, call, query, ['day', 'team_id', 'model', 'api_key']);
  return daysOf(lines).map(([day, ofDay]) => ({
    group_by_day: day,
    teams: dearestFirst(ofDay, ({ team_id: id }) => id).map(([id, own]) => ({ team_name: teamNameOf(id), ...spendOf(own) })),
  }));
}

async function byCustomer(parts: SpendQuestionParts, call: RouteCall, query: Query): Promise<unknown[]> {
  const lines = await linesOf(parts, call, query, ['day', 'end_user', 'model', 'api_key']);
  return daysOf(lines).map(([day, ofDay]) => ({
    group_by_day: day,
    customers: dearestFirst(ofDay, ({ end_user: name }) => name).map(([name, own]) => ({ customer: name, ...spendOf(own) })),
  }));
}

async function byKey(parts: SpendQuestionParts, call: RouteCall, query: Query): Promise<unknown[]> {
  const lines = await linesOf(parts, call, query, ['api_key', 'model']);
  return dearestFirst(lines, ({ api_key: key }) => key).map(([key, own]) => ({
    api_key: key,
    ...useOf(sumOf(own.map(({ totals }) => totals))),
    model_details: own.map(({ model, totals }) => ({ model, ...useOf(totals) })),
  }));
}

/** @throws {BadRequestError} when there are more than one report holds */
async function linesOf<Column extends SumColumn>(
  { database }: SpendQuestionParts,
  call: RouteCall,
  query: Query,
  by: readonly Column[],
): Promise<Group<Column>[]> {
  const { start_date: first, end_date: last, team_id: teamId = null, customer_id: endUser = null } = query;
  const scope = narrowed(scopeOf(call.caller), { apiKey: keyHashOf(query.api_key), userId: query.internal_user_id ?? null });
  if (scope === null) return [];
  const asked = { by, first, last, scope, only: { teamId, endUser }, dearest: MOST_LINES + 1 };
  const lines = await boundedly(database, (queries) => groupedSums(queries, asked));
  if (lines.length <= MOST_LINES) return lines;
  throw new BadRequestError(
    `The report would have more than ${MOST_LINES} lines. Ask for fewer days, or for one api_key, internal_user_id, team_id or customer_id.`,
    'end_date',
  );
}

/** Days in their order, in the form of the interface. */
function daysOf<Line extends { readonly day: string }>(lines: readonly Line[]): [day: string, lines: Line[]][] {
  const days = [...Map.groupBy(lines, ({ day }) => day)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return days.map(([day, own]) => [`${day}T00:00:00+00:00`, own]);
}

function dearestFirst<Line extends { readonly totals: Totals }>(
  lines: readonly Line[],
  nameOf: (line: Line) => string,
): [name: string, lines: Line[]][] {
  const groups = [...Map.groupBy(lines, nameOf)].map(([name, own]) => ({ name, own, spend: sumOf(own.map(({ totals }) => totals)).spend }));
  return groups.toSorted((a, b) => (a.spend === b.spend ? 0 : a.spend > b.spend ? -1 : 1)).map(({ name, own }) => [name, own]);
}

function spendOf(lines: readonly Group<'model' | 'api_key'>[]) {
  return {
    total_spend: usdJson(sumOf(lines.map(({ totals }) => totals)).spend),
    metadata: lines.map(({ model, api_key: key, totals }) => ({
      model,
      spend: usdJson(totals.spend),
      total_tokens: totals.inputTokens + totals.outputTokens,
      api_key: key,
    })),
  };
}

function useOf({ spend, inputTokens, outputTokens }: Totals) {
  return { total_cost: usdJson(spend), total_input_tokens: inputTokens, total_output_tokens: outputTokens };
}
