import { answerJson } from '../contract/http-json.ts';
import { GlobalSpend, SpendAnswer, SpendQuery } from '../contract/spend.ts';
import { BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import { addUsd, NO_USD, usdJson, usdOf, type Usd } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { daySums, rowsByRequest, rowsOf, spendSince, type DaySum } from '../ledger/spend-queries.ts';
import type { Limits } from '../limits/limits.ts';
import { queryOf } from './answer.ts';
import { asked, keyHashOf, narrowed, scopeOf, type SpendQuestionParts } from './spend-question.ts';
import { rowObject } from './spend-row-object.ts';

export interface SpendRouteParts extends SpendQuestionParts {
  readonly limits: Limits;
}

const DAY_MS = 86_400_000;

/** `/spend/logs` and `/global/spend` (control-plane 12.4). */
export function spendRoutes(parts: SpendRouteParts): Route[] {
  return [
    {
      method: 'GET',
      paths: ['/spend/logs'],
      rights: 'info',
      group: 'spend_tracking_routes',
      surface: 'control',
      summary: 'Rows of calls (`request_id`, `api_key`, `user_id`), or sums of days (`start_date`, `end_date`). A key sees its own alone.',
      shapes: { query: SpendQuery, answer: SpendAnswer },
      handle: (call) => asked(parts, () => spendLogs(parts, call)),
    },
    {
      method: 'GET',
      paths: ['/global/spend'],
      rights: 'read',
      group: 'global_spend_tracking_routes',
      surface: 'control',
      summary: 'What everything cost in the last 30 days, and the budget over all.',
      shapes: { answer: GlobalSpend },
      handle: (call) => asked(parts, () => globalSpend(parts, call)),
    },
  ];
}

async function spendLogs({ database }: SpendRouteParts, call: RouteCall): Promise<void> {
  const query = queryOf(call);
  const apiKey = keyHashOf(query.get('api_key'));
  const scope = narrowed(scopeOf(call.caller), { apiKey, userId: query.get('user_id') });
  if (scope === null) {
    answerJson(call, []);
    return;
  }
  const requestId = query.get('request_id');
  if (requestId !== null) {
    answerJson(call, (await rowsByRequest(database, requestId, scope)).map(rowObject));
    return;
  }
  const first = dayOf(query.get('start_date'), 'start_date');
  const last = dayOf(query.get('end_date'), 'end_date') ?? first;
  if (first !== null && last !== null && query.get('summarize') !== 'false') {
    answerJson(call, summary(await daySums(database, first, last, scope), first, last));
    return;
  }
  const until = last === null ? null : Date.parse(`${last}T00:00:00Z`) + DAY_MS;
  const rows = await rowsOf(database, { scope, from: first === null ? null : Date.parse(`${first}T00:00:00Z`), until });
  answerJson(call, rows.map(rowObject));
}

async function globalSpend({ clock, database, limits }: SpendRouteParts, call: RouteCall): Promise<void> {
  const budget = limits.globalBudget();
  const spend = await spendSince(database, clock.now() - 30 * DAY_MS);
  answerJson(call, { spend: usdJson(usdOf(spend)), max_budget: budget.limit === null ? null : usdJson(budget.limit) });
}

/** `YYYY-MM-DD`, or null when absent. @throws {BadRequestError} */
function dayOf(text: string | null, param: string): string | null {
  if (text === null || text === '') return null;
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ||
    new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) !== text
  ) {
    throw new BadRequestError(`${param} must be a day such as 2026-01-31.`, param);
  }
  return text;
}

/** Most days of one summary. */
const MOST_DAYS = 3700;

/** One entry a day, days without calls too. */
function summary(sums: readonly DaySum[], first: string, last: string): JsonObject[] {
  const byDay = Map.groupBy(sums, ({ day }) => day);
  const days: JsonObject[] = [];
  const end = Date.parse(`${last}T00:00:00Z`);
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= end; at += DAY_MS) {
    if (days.length >= MOST_DAYS) throw new BadRequestError(`At most ${MOST_DAYS} days can be asked for at once.`, 'end_date');
    const day = new Date(at).toISOString().slice(0, 10);
    days.push(dayObject(day, byDay.get(day) ?? []));
  }
  return days;
}

function dayObject(day: string, sums: readonly DaySum[]): JsonObject {
  const total = sums.reduce<Usd>((sum, { spend }) => addUsd(sum, usdOf(spend)), NO_USD);
  return {
    startTime: day,
    spend: usdJson(total),
    users: folded(sums, 'user_id'),
    models: folded(sums, 'model'),
    ...folded(sums, 'api_key'),
  };
}

function folded(sums: readonly DaySum[], by: 'user_id' | 'model' | 'api_key'): JsonObject {
  const totals = new Map<string, Usd>();
  for (const sum of sums) if (sum[by] !== '') totals.set(sum[by], addUsd(totals.get(sum[by]) ?? NO_USD, usdOf(sum.spend)));
  return Object.fromEntries([...totals].map(([name, spend]) => [name, usdJson(spend)]));
}
