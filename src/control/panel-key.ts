import { answerJson } from '../contract/http-json.ts';
import { KeyUse, KeyUseQuery } from '../contract/panel/key.ts';
import { readQueryAs } from '../contract/query.ts';
import { seesAll, type Caller } from '../core/caller.ts';
import { NotFoundError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import { addUsd, NO_USD, usdJson } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { isoOf } from '../identity/key-rows.ts';
import type { Person } from '../identity/person.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { lastUses, modelSumsOf, type ModelSum } from '../ledger/sums/key-queries.ts';
import { dayOf, localDays } from '../ledger/sums/local-days.ts';
import { sumOf } from '../ledger/sums/totals.ts';
import type { BudgetState, Limits, WindowUse } from '../limits/limits.ts';
import { asked, type SpendQuestionParts } from './spend-question.ts';

export interface PanelKeyParts extends SpendQuestionParts {
  readonly limits: Limits;
  readonly ring: KeyRing;
}

/** `/panel/key`: the numbers of a key's page. */
export function panelKeyRoute(parts: PanelKeyParts): Route {
  return {
    method: 'GET',
    paths: ['/panel/key'],
    rights: 'info',
    group: 'spend_tracking_routes',
    surface: 'control',
    summary: 'How a key stands: its budgets, the limits of the running minute, its spend by day and model. Others see their own alone.',
    shapes: { query: KeyUseQuery, answer: KeyUse },
    handle: (call) => asked(parts, () => tell(parts, call)),
  };
}

async function tell({ clock, database, limits, ring }: PanelKeyParts, call: RouteCall): Promise<void> {
  const query = readQueryAs(KeyUseQuery, call.query);
  const key = ring.get(query.key);
  if (!key || !mayLookAt(call.caller, key)) throw new NotFoundError('Key not found in database.', 'key');
  const now = clock.now();
  const today = dayOf(now, query.timezone);
  const days = localDays(today.subtract({ days: query.days - 1 }), today, query.timezone);
  const [sums, uses] = await boundedly(database, async (queries) => [
    await modelSumsOf(queries, key.keyHash, days.map(({ start }) => start)), // prettier-ignore
    await lastUses(queries, [key.keyHash]),
  ]);
  const { requests, tokens, running } = limits.useOf(key.policy);
  const usedAt = uses.get(key.keyHash);
  answerJson(call, {
    at: isoOf(now),
    ...budgetObjects(key, limits, now),
    person: key.owner && personObject(key.owner, limits),
    minute: { calls: windowObject(requests), tokens: windowObject(tokens), at_once: running },
    days: days.map(({ date }, index) => dayObject(date, sums.filter(({ span }) => span === index))), // prettier-ignore
    models: modelObjects(sums),
    last_call: usedAt === undefined ? null : { at: isoOf(usedAt) },
  });
}

function mayLookAt(caller: Caller | null, key: VirtualKey): boolean {
  if (caller === null) return false;
  if (seesAll(caller) || caller.keyHash === key.keyHash) return true;
  return caller.role !== 'key' && caller.userId !== null && caller.userId === key.userId;
}

function budgetObjects({ policy, fields }: VirtualKey, limits: Limits, now: number): JsonObject {
  const [own, ...others] = limits.budgetsOf(policy);
  const perModel = Object.keys(policy.modelBudgets);
  const raised = fields.tempBudgetExpiry !== null && fields.tempBudgetExpiry > now ? (fields.tempBudgetIncrease ?? NO_USD) : NO_USD;
  const limit = own?.limit ?? null;
  return {
    budget: own ? budgetObject({ ...own, limit: limit === null ? null : addUsd(limit, raised) }) : null,
    model_budgets: others
      .slice(others.length - perModel.length)
      .map((state, index) => ({ model: perModel[index], ...budgetObject(state) })),
  };
}

function budgetObject({ spend, held, limit, duration, resetAt }: BudgetState): JsonObject {
  return {
    spend: usdJson(spend),
    held: usdJson(held),
    limit: limit === null ? null : usdJson(limit),
    duration,
    resets_at: isoOf(resetAt),
  };
}

function personObject({ userId, fields, policy }: Person, limits: Limits): JsonObject {
  const [own] = limits.budgetsOf(policy);
  return { user_id: userId, user_email: fields.email, user_alias: fields.alias, budget: own ? budgetObject(own) : null };
}

function windowObject({ used, limit, endsInMs }: WindowUse): JsonObject {
  return { used, limit, ends_in_ms: endsInMs };
}

function dayObject(date: string, sums: readonly ModelSum[]): JsonObject {
  const { spend, requests, failed } = sumOf(sums.map(({ totals }) => totals));
  return { date, spend: usdJson(spend), requests, failed, models: modelObjects(sums) };
}

function modelObjects(sums: readonly ModelSum[]): JsonObject[] {
  const byModel = [...Map.groupBy(sums, ({ model }) => model)].map(([model, parts]) => ({
    model,
    totals: sumOf(parts.map(({ totals }) => totals)),
  }));
  byModel.sort((a, b) => Number(b.totals.spend - a.totals.spend) || b.totals.requests - a.totals.requests);
  return byModel.map(({ model, totals: { spend, requests } }) => ({ model, spend: usdJson(spend), requests }));
}
