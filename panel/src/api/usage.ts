import type { z } from 'zod';
import type { Activity } from '../../../src/contract/activity.ts';
import type { SpendLogPage, SpendLogRow } from '../../../src/contract/spend-logs.ts';
import { locale } from '../i18n/locale.ts';
import { api, apiUrl, type Query } from './client.ts';

export type UsageAnswer = z.infer<typeof Activity>;
export type UsageDay = UsageAnswer['results'][number];
export type Metrics = UsageDay['metrics'];
export type CallPage = z.infer<typeof SpendLogPage>;
export type CallRow = z.infer<typeof SpendLogRow>;

/** What usage is narrowed by; empty: not. */
export interface UsageFilter {
  /** Public name. */
  readonly model: string;
  readonly provider: string;
  /** Hash of a key. */
  readonly key: string;
  /** Id of a person. */
  readonly person: string;
}

/** Days of the reader's, `2026-11-25`, both in it. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

function activityQuery({ first, last }: Days, { model, provider, key, person }: UsageFilter): Query {
  return {
    start_date: first,
    end_date: last,
    timezone: locale.timeZone,
    model,
    custom_llm_provider: provider,
    api_key: key,
    user_id: person,
  };
}

/** Sums by day and by everything they can be told apart by. */
export const readUsage = (days: Days, filter: UsageFilter, signal?: AbortSignal) =>
  api.get<UsageAnswer>('user/daily/activity/aggregated', activityQuery(days, filter), signal);

export const usageCsv = (days: Days, filter: UsageFilter): string =>
  apiUrl('user/daily/activity/aggregated', { ...activityQuery(days, filter), format: 'csv' }).href;

/** Moments between which calls are looked for, milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

function callsQuery({ from, until }: Span, { model, provider, key, person }: UsageFilter): Query {
  return {
    start_date: new Date(from).toISOString(),
    end_date: new Date(until).toISOString(),
    model_group: model,
    provider,
    api_key: key,
    user_id: person,
  };
}

export const readCalls = (
  span: Span,
  filter: UsageFilter,
  { page, by, order }: { readonly page: number; readonly by: string; readonly order: string },
  signal?: AbortSignal,
) => api.get<CallPage>('spend/logs/v2', { ...callsQuery(span, filter), page, page_size: 50, sort_by: by, sort_order: order }, signal);

export const callsCsv = (span: Span, filter: UsageFilter): string =>
  apiUrl('spend/logs/v2', { ...callsQuery(span, filter), format: 'csv' }).href;
