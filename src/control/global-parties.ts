import type { z } from 'zod';
import { readBodyAs } from '../contract/body.ts';
import { EndUserNames, EndUsersBody, SpendByEndUser, SpendByTeam } from '../contract/global-spend.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { addUsd, NO_USD, usdJson, usdOf, type Usd } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { endUserSums } from '../ledger/row-counts.ts';
import type { SpendScope } from '../ledger/spend-filter.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { groupedSums } from '../ledger/sums/grouped.ts';
import { daysBetween, lastDays } from './global-spend.ts';
import { asked, keyHashOf, narrowed, scopeOf, type SpendQuestionParts } from './spend-question.ts';

const DAY_MS = 86_400_000;
/** End users in one answer, and names of them. */
const MOST = 100;
const MOST_NAMES = 1000;

/** `/global/spend/teams`, `/global/spend/end_users`, `/global/all_end_users` (control-plane 12.4). */
export function globalPartyRoutes(parts: SpendQuestionParts): Route[] {
  const shared = { group: 'global_spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      method: 'GET',
      paths: ['/global/spend/teams'],
      rights: 'read',
      summary: 'What teams spent on each of the last 30 days, and in all of them; a team stands under its id.',
      shapes: { answer: SpendByTeam },
      handle: (call) => asked(parts, () => byTeam(parts, call)),
    },
    {
      ...shared,
      method: 'POST',
      paths: ['/global/spend/end_users'],
      rights: 'info',
      summary: `The ${MOST} end users on whom most was spent between two moments, without these in the last 30 days.`,
      shapes: { body: EndUsersBody, answer: SpendByEndUser },
      handle: (call) => asked(parts, () => byEndUser(parts, call)),
    },
    {
      ...shared,
      method: 'GET',
      paths: ['/global/all_end_users'],
      rights: 'read',
      summary: `End users of the last 30 days, the dearest first, at most ${MOST_NAMES}.`,
      shapes: { answer: EndUserNames },
      handle: (call) => asked(parts, () => endUserNames(parts, call)),
    },
  ];
}

/** What a team is called in answers. No team: `Unassigned`. */
export function teamNameOf(id: string): string {
  return id === '' ? 'Unassigned' : id;
}

async function byTeam({ clock, database }: SpendQuestionParts, call: RouteCall): Promise<void> {
  const days = lastDays(clock.now());
  const sums = await groupedSums(database, { by: ['day', 'team_id'], ...days, scope: scopeOf(call.caller), dearest: null });
  const spent = sums.map(({ day, team_id: id, totals }) => ({ day, team: teamNameOf(id), spend: totals.spend }));
  const byDay = Map.groupBy(spent, ({ day }) => day);
  const totals = [...spendByTeam(spent)].toSorted(([, a], [, b]) => (a === b ? 0 : a > b ? -1 : 1));
  answerJson(call, {
    daily_spend: daysBetween(days).map((date) => {
      const teams = [...spendByTeam(byDay.get(date) ?? [])].map(([team, spend]) => [team, usdJson(spend)] as const);
      return { ...Object.fromEntries(teams), date };
    }),
    teams: totals.map(([team]) => team),
    total_spend_per_team: totals.map(([team, spend]) => ({ team_id: team, total_spend: usdJson(spend) })),
  });
}

function spendByTeam(spent: readonly { readonly team: string; readonly spend: Usd }[]): Map<string, Usd> {
  const totals = new Map<string, Usd>();
  for (const { team, spend } of spent) totals.set(team, addUsd(totals.get(team) ?? NO_USD, spend));
  return totals;
}

interface EndUserSpend {
  readonly name: string;
  readonly calls: number;
  readonly spend: Usd;
}

async function byEndUser(parts: SpendQuestionParts, call: RouteCall): Promise<void> {
  const body = readBodyAs(EndUsersBody, await readJsonBody(call));
  const scope = narrowed(scopeOf(call.caller), { apiKey: keyHashOf(body.api_key), userId: null });
  const isTimed = (body.startTime ?? body.endTime ?? null) !== null;
  const found = scope === null ? [] : isTimed ? await endUsersBetween(parts, scope, body) : await endUsersOfLate(parts, scope, MOST);
  answerJson(call, found.map(({ name, calls, spend }) => ({ end_user: name, total_count: calls, total_spend: usdJson(spend) }))); // prettier-ignore
}

/** From the rows: moments need not be whole days. */
async function endUsersBetween(
  { clock, database }: SpendQuestionParts,
  scope: SpendScope,
  { startTime, endTime }: z.infer<typeof EndUsersBody>,
): Promise<EndUserSpend[]> {
  const until = endTime ?? clock.now() + DAY_MS;
  const span = { scope, from: startTime ?? until - 30 * DAY_MS, until };
  const sums = await boundedly(database, (queries) => endUserSums(queries, span, MOST));
  return sums.map(({ end_user: name, calls, spend }) => ({ name, calls, spend: usdOf(spend) }));
}

/** From the daily sums of the last 30 days. */
async function endUsersOfLate({ clock, database }: SpendQuestionParts, scope: SpendScope, most: number): Promise<EndUserSpend[]> {
  const days = lastDays(clock.now());
  // One more: calls for nobody stand among them.
  const sums = await groupedSums(database, { by: ['end_user'], ...days, scope, dearest: most + 1 });
  return sums
    .filter(({ end_user: name }) => name !== '')
    .slice(0, most)
    .map(({ end_user: name, totals }) => ({ name, calls: totals.requests, spend: totals.spend }));
}

async function endUserNames(parts: SpendQuestionParts, call: RouteCall): Promise<void> {
  const found = await endUsersOfLate(parts, scopeOf(call.caller), MOST_NAMES);
  answerJson(call, { end_users: found.map(({ name }) => name) });
}
