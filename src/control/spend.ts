import { seesAll } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError, DatabaseUnavailableError } from '../core/errors.ts';
import { parseExact } from '../core/exact-json.ts';
import type { JsonObject } from '../core/json-object.ts';
import { addUsd, NO_USD, usdJson, usdOf, type Usd } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { hashOf, isKeyHash } from '../identity/key-hash.ts';
import { isoOf } from '../identity/key-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { daySums, rowsByRequest, rowsOf, spendSince, type DaySum, type SpendRow } from '../ledger/spend-queries.ts';
import type { Limits } from '../limits/limits.ts';
import { DatabaseError } from '../store/database-error.ts';
import type { Queries } from '../store/queries.ts';
import { answerJson, queryOf } from './answer.ts';

export interface SpendRouteParts {
  readonly clock: Clock;
  readonly database: Queries;
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly ready: () => void;
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
      handle: (call) => asked(parts, () => spendLogs(parts, call)),
    },
    {
      method: 'GET',
      paths: ['/global/spend'],
      rights: 'admin',
      group: 'global_spend_tracking_routes',
      surface: 'control',
      summary: 'What everything cost in the last 30 days, and the budget over all.',
      handle: (call) => asked(parts, () => globalSpend(parts, call)),
    },
  ];
}

/** What was settled a moment ago is in the answer: spend that waits is written first, as far as that works now. */
async function asked(parts: SpendRouteParts, answer: () => Promise<void>): Promise<void> {
  parts.ready();
  await parts.ledger.flushed().catch(() => undefined);
  try {
    await answer();
  } catch (error) {
    if (error instanceof DatabaseError && error.transient)
      throw new DatabaseUnavailableError('The database cannot be reached, so spend cannot be read. Calls go on; try again shortly.');
    if (error instanceof DatabaseError && error.failure === 'data')
      throw new BadRequestError('The question holds a value that no row can have.');
    throw error;
  }
}

async function spendLogs({ database }: SpendRouteParts, call: RouteCall): Promise<void> {
  const query = queryOf(call);
  const admin = call.caller !== null && seesAll(call.caller);
  const named = query.get('api_key');
  const askedKey = named === null ? null : isKeyHash(named) ? named : hashOf(named);
  // A key without an owner reads its own rows and no others (ruling K2).
  const apiKey = admin ? askedKey : (call.caller?.keyHash ?? '');
  if (!admin && askedKey !== null && askedKey !== apiKey) {
    answerJson(call, []);
    return;
  }
  const requestId = query.get('request_id');
  if (requestId !== null) {
    answerJson(call, (await rowsByRequest(database, requestId, admin ? askedKey : apiKey)).map(rowObject));
    return;
  }
  const userId = query.get('user_id');
  const first = dayOf(query.get('start_date'), 'start_date');
  const last = dayOf(query.get('end_date'), 'end_date') ?? first;
  if (first !== null && last !== null && query.get('summarize') !== 'false') {
    answerJson(call, summary(await daySums(database, first, last, { apiKey, userId }), first, last));
    return;
  }
  const until = last === null ? null : Date.parse(`${last}T00:00:00Z`) + DAY_MS;
  const rows = await rowsOf(database, { apiKey, userId, from: first === null ? null : Date.parse(`${first}T00:00:00Z`), until });
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

/** A row as the wire shows it (control-plane 12.1). */
function rowObject(row: SpendRow): JsonObject {
  const {
    start_time: start,
    end_time: end,
    completion_start_time: firstToken,
    user_id: user,
    call_id: callId,
    metadata,
    spend,
    cache_hit: hit,
    ...rest
  } = row;
  return {
    ...rest,
    call_id: callId ?? row['request_id'],
    spend: JSON.rawJSON(String(spend)),
    startTime: isoOf(start as number),
    endTime: isoOf(end as number),
    completionStartTime: isoOf(firstToken as number | null),
    user: user ?? '',
    cache_hit: hit === null ? '' : hit === true ? 'True' : 'False',
    metadata: parseExact(String(metadata)),
    messages: {},
    response: {},
    proxy_server_request: {},
  };
}
