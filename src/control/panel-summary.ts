import type { FileFaults } from '../config/file-standing.ts';
import { answerJson } from '../contract/http-json.ts';
import { Summary, SummaryQuery } from '../contract/panel/summary.ts';
import { readQueryAs } from '../contract/query.ts';
import type { JsonObject } from '../core/json-object.ts';
import { usdJson } from '../core/money.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { isoOf } from '../identity/key-rows.ts';
import type { SpendScope } from '../ledger/spend-filter.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { dayOf, localDays, type LocalDay } from '../ledger/sums/local-days.ts';
import { providerSums, requestsSince, timingsSince, type ProviderSum, type Timings } from '../ledger/sums/summary-queries.ts';
import { sumOf, type Totals } from '../ledger/sums/totals.ts';
import type { Limits } from '../limits/limits.ts';
import { asked, scopeOf, type SpendQuestionParts } from './spend-question.ts';

export interface PanelSummaryParts extends SpendQuestionParts {
  readonly limits: Limits;
  /** What the configuration file holds that does not act. */
  readonly faults: () => FileFaults;
}

/** `/panel/summary`: the numbers of Overview. */
export function panelSummaryRoute(parts: PanelSummaryParts): Route {
  return {
    method: 'GET',
    paths: ['/panel/summary'],
    rights: 'info',
    group: 'spend_tracking_routes',
    surface: 'control',
    summary: 'Today, this month by day and provider, the last 24 hours and the budget over all. Others than administrators see their own.',
    shapes: { query: SummaryQuery, answer: Summary },
    handle: (call) => asked(parts, () => summarize(parts, call)),
  };
}

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const HOURS = 24;

async function summarize({ clock, database, faults, limits }: PanelSummaryParts, call: RouteCall): Promise<void> {
  const { timezone } = readQueryAs(SummaryQuery, call.query);
  const now = clock.now();
  const today = dayOf(now, timezone);
  const days = localDays(today.with({ day: 1 }), today, timezone);
  const hours = hoursUpTo(now);
  const scope = scopeOf(call.caller);
  const [byDay, byHour, timings, lately] = await boundedly(database, async (queries) => [
    await providerSums(queries, days.map(({ start }) => start), scope), // prettier-ignore
    await providerSums(queries, hours, scope),
    await timingsSince(queries, now - HOURS * HOUR_MS, scope),
    await requestsSince(queries, now - 15 * MINUTE_MS, scope),
  ]);
  const dayObjects = days.map((day, index) => dayObject(day, byDay.filter(({ span }) => span === index))); // prettier-ignore
  answerJson(call, {
    at: isoOf(now),
    timezone,
    today: dayObjects.at(-1),
    month: {
      first_day: days[0]?.date,
      last_day: today.with({ day: today.daysInMonth }).toString(),
      ...totalsObject(sumOf(byDay.map(({ totals }) => totals))),
      days: dayObjects,
      providers: providerObjects(byDay),
    },
    last_15_minutes: { requests: lately },
    last_24_hours: lastDayObject(byHour, timings),
    budget: budgetObject(limits, scope),
    configuration: seesEverything(scope) ? faultsObject(faults()) : null,
  });
}

function faultsObject({ refused, problems }: FileFaults): JsonObject {
  return { refused, faults: problems.map(({ file, line, key, message }) => ({ file, line, key, message })) };
}

/** 24 hours at full quarters, the last of which holds this moment. */
function hoursUpTo(now: number): number[] {
  const end = Math.floor(now / QUARTER_MS) * QUARTER_MS + QUARTER_MS;
  return Array.from({ length: HOURS }, (_, index) => end - (HOURS - index) * HOUR_MS);
}

function totalsObject(totals: Totals): JsonObject {
  return {
    spend: usdJson(totals.spend),
    requests: totals.requests,
    failed: totals.failed,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cache_read_tokens: totals.cacheReadTokens,
    cache_creation_tokens: totals.cacheCreationTokens,
  };
}

function dayObject({ date }: LocalDay, sums: readonly ProviderSum[]): JsonObject {
  return { date, ...totalsObject(sumOf(sums.map(({ totals }) => totals))), providers: providerObjects(sums) };
}

/** By provider. A call that its limits refused went to none. */
function byProviderOf(sums: readonly ProviderSum[]): [string, ProviderSum[]][] {
  return [...Map.groupBy(sums, ({ provider }) => provider)].filter(([provider]) => provider !== '');
}

/** Dearest first. */
function providerObjects(sums: readonly ProviderSum[]): JsonObject[] {
  const byProvider = byProviderOf(sums).map(([provider, parts]) => ({
    provider,
    totals: sumOf(parts.map(({ totals }) => totals)),
  }));
  byProvider.sort((a, b) => Number(b.totals.spend - a.totals.spend) || b.totals.requests - a.totals.requests);
  return byProvider.map(({ provider, totals }) => ({ provider, ...totalsObject(totals) }));
}

function lastDayObject(sums: readonly ProviderSum[], timings: readonly Timings[]): JsonObject {
  const all = sumOf(sums.map(({ totals }) => totals));
  const ofAll = timings.find(({ provider }) => provider === null);
  return {
    requests: all.requests,
    failed: all.failed,
    timed_calls: ofAll?.calls ?? 0,
    ...timingsObject(ofAll),
    providers: byProviderOf(sums).map(([provider, parts]) => {
      const { requests, failed } = sumOf(parts.map(({ totals }) => totals));
      return {
        provider,
        requests,
        failed,
        ...timingsObject(timings.find((one) => one.provider === provider)),
        hours: Array.from({ length: HOURS }, (_, hour) => hourObject(parts.find(({ span }) => span === hour))),
      };
    }),
  };
}

function hourObject(sum: ProviderSum | undefined): JsonObject {
  return { requests: sum?.totals.requests ?? 0, failed: sum?.totals.failed ?? 0 };
}

function timingsObject(timings: Timings | undefined): JsonObject {
  return {
    average_duration_ms: timings?.averageDurationMs ?? null,
    p95_duration_ms: timings?.p95DurationMs ?? null,
    average_first_token_ms: timings?.averageFirstTokenMs ?? null,
    p95_first_token_ms: timings?.p95FirstTokenMs ?? null,
  };
}

function seesEverything({ apiKey, userId }: SpendScope): boolean {
  return apiKey === null && userId === null;
}

function budgetObject(limits: Limits, scope: SpendScope): JsonObject | null {
  if (!seesEverything(scope)) return null;
  const { spend, limit, duration, resetAt } = limits.globalBudget();
  return { spend: usdJson(spend), limit: limit === null ? null : usdJson(limit), duration, resets_at: isoOf(resetAt) };
}
