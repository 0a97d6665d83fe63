import { api } from './client.ts';

/** What a short list of calls shows of each. */
export interface KeyCall {
  readonly request_id: string;
  readonly model: string;
  readonly model_group: string;
  readonly custom_llm_provider: string;
  readonly status: 'success' | 'failure';
  readonly startTime: string;
  readonly request_duration_ms: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly spend: number;
  readonly metadata: {
    readonly error_information?: { readonly error_code?: unknown; readonly error_class?: unknown } | null;
  };
}

const DAYS = 30;

/** The newest calls of a key. */
export async function listKeyCalls(hash: string, signal: AbortSignal): Promise<readonly KeyCall[]> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const now = Date.now();
  const query = { api_key: hash, start_date: day(now - DAYS * 86_400_000), end_date: day(now + 86_400_000), page_size: 5 };
  return (await api.get<{ data: readonly KeyCall[] }>('spend/logs/v2', query, signal)).data;
}
