import type { z } from 'zod';
import type { ExplainedSpendLogRow, SpendExplanation } from '../../../src/contract/spend-explanation.ts';
import type { SpendLogPage, SpendLogRow } from '../../../src/contract/spend-logs.ts';
import { api, apiUrl, type Query } from './client.ts';

/** A call as lists show it. */
export type CallRow = z.infer<typeof SpendLogRow>;
export type CallPage = z.infer<typeof SpendLogPage>;
export type ExplainedCall = z.infer<typeof ExplainedSpendLogRow>;
export type Explanation = z.infer<typeof SpendExplanation>;
export type Attempt = Explanation['attempts'][number];
export type CostTerm = Explanation['terms'][number];

/** What a list is narrowed by, as the server names it. Times are ISO 8601. */
export interface CallFilter {
  readonly start_date: string;
  readonly end_date: string;
  readonly search?: string;
  readonly model_group?: string;
  readonly model?: string;
  readonly api_key?: string;
  readonly user_id?: string;
  readonly provider?: string;
  readonly status_filter?: string;
  readonly error_code?: string;
  readonly error_message?: string;
  readonly min_spend?: string;
  readonly max_spend?: string;
  readonly request_tags?: string;
  readonly session_id?: string;
}

export interface CallOrder {
  readonly page?: number;
  readonly page_size?: number;
  readonly sort_by?: string;
  readonly sort_order?: 'asc' | 'desc';
}

const asQuery = (filter: CallFilter, order: object = {}): Query => ({ ...filter, ...order });

export const listCalls = (filter: CallFilter, order: CallOrder, signal?: AbortSignal) =>
  api.get<CallPage>('spend/logs/v2', asQuery(filter, order), signal);

/** Address of the same rows as a file, all of them. */
export const callsFile = (filter: CallFilter, order: CallOrder): string =>
  apiUrl('spend/logs/v2', asQuery(filter, { ...order, format: 'csv' })).href;

/** One call with what explains it; null when there is none, or not yet: calls are written down every few seconds. */
export const readCall = (id: string, signal?: AbortSignal) =>
  api.get<ExplainedCall | null>(`spend/logs/ui/${encodeURIComponent(id)}`, {}, signal);
