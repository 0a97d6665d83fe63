import { DaysQuery, KeyQuery, SpendByDay, SpendByKey, SpendByModel, SpendByProvider, TopQuery } from '../contract/global-spend.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import { seesAll } from '../core/caller.ts';
import { NO_USD, usdJson } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import { dayText } from '../ledger/spend-log-pages.ts';
import { groupedSums } from '../ledger/sums/grouped.ts';
import { KeyNames } from './key-names.ts';
import { asked, keyHashOf, narrowed, scopeOf, type SpendQuestionParts } from './spend-question.ts';

export interface GlobalSpendParts extends SpendQuestionParts {
  readonly ring: KeyRing;
}

const DAY_MS = 86_400_000;
/** What these routes look back on, today included. */
const DAYS = 30;

/** `/global/spend/*` (control-plane 12.4): the last 30 days in UTC by day, key, model and provider. */
export function globalSpendRoutes(parts: GlobalSpendParts): Route[] {
  const shared = { method: 'GET', rights: 'info', group: 'global_spend_tracking_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/global/spend/logs'],
      summary: 'Spend of each of the last 30 days, of one key or of all.',
      shapes: { query: KeyQuery, answer: SpendByDay },
      handle: (call) => asked(parts, () => byDay(parts, call)),
    },
    {
      ...shared,
      paths: ['/global/spend/keys'],
      summary: 'The keys that spent most in the last 30 days.',
      shapes: { query: TopQuery, answer: SpendByKey },
      handle: (call) => asked(parts, () => byKey(parts, call)),
    },
    {
      ...shared,
      paths: ['/global/spend/models'],
      summary: 'The models on which most was spent in the last 30 days.',
      shapes: { query: TopQuery, answer: SpendByModel },
      handle: (call) => asked(parts, () => byModel(parts, call)),
    },
    {
      ...shared,
      paths: ['/global/spend/provider'],
      summary: 'What each provider cost in a span of days, dearest first.',
      shapes: { query: DaysQuery, answer: SpendByProvider },
      handle: (call) => asked(parts, () => byProvider(parts, call)),
    },
  ];
}

async function byDay({ clock, database }: GlobalSpendParts, call: RouteCall): Promise<void> {
  const { api_key: named } = readQueryAs(KeyQuery, call.query);
  const apiKey = keyHashOf(named);
  const scope = narrowed(scopeOf(call.caller), { apiKey, userId: null });
  const days = lastDays(clock.now());
  const sums = scope === null ? [] : await groupedSums(database, { by: ['day'], ...days, scope, dearest: null });
  const spendOf = new Map(sums.map(({ day, totals }) => [day, totals.spend]));
  const key = apiKey === null ? {} : { api_key: apiKey };
  const rows = daysBetween(days).map((date) => ({ date, spend: usdJson(spendOf.get(date) ?? NO_USD), ...key }));
  answerJson(call, rows);
}

async function byKey({ clock, database, ring }: GlobalSpendParts, call: RouteCall): Promise<void> {
  const { limit } = readQueryAs(TopQuery, call.query);
  const sums = await groupedSums(database, { by: ['api_key'], ...lastDays(clock.now()), scope: scopeOf(call.caller), dearest: limit });
  const names = await KeyNames.of(sums.map(({ api_key: key }) => key), ring, database); // prettier-ignore
  const rows = sums.map(({ api_key: key, totals }) => {
    const { alias, name } = names.get(key);
    return { api_key: key, key_alias: alias, key_name: name, total_spend: usdJson(totals.spend) };
  });
  answerJson(call, rows);
}

async function byModel({ clock, database }: GlobalSpendParts, call: RouteCall): Promise<void> {
  const { limit } = readQueryAs(TopQuery, call.query);
  const sums = await groupedSums(database, { by: ['model'], ...lastDays(clock.now()), scope: scopeOf(call.caller), dearest: limit });
  const all = call.caller !== null && seesAll(call.caller);
  const rows = sums.map(({ model, totals }) => ({
    model,
    total_spend: usdJson(totals.spend),
    ...(all ? {} : { total_tokens: totals.inputTokens + totals.outputTokens }),
  }));
  answerJson(call, rows);
}

async function byProvider({ database }: GlobalSpendParts, call: RouteCall): Promise<void> {
  const { start_date: first, end_date: last } = readQueryAs(DaysQuery, call.query);
  const sums = await groupedSums(database, { by: ['custom_llm_provider'], first, last, scope: scopeOf(call.caller), dearest: 1000 });
  const rows = sums.map(({ custom_llm_provider: provider, totals }) => ({ provider, spend: usdJson(totals.spend) }));
  answerJson(call, rows);
}

/** The last 30 days in UTC, today the last. */
export function lastDays(now: number): { readonly first: string; readonly last: string } {
  return { first: dayText(now - (DAYS - 1) * DAY_MS), last: dayText(now) };
}

/** Every day of a span, first and last too. */
export function daysBetween({ first, last }: { readonly first: string; readonly last: string }): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) days.push(dayText(at));
  return days;
}
