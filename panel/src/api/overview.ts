import type { z } from 'zod';
import type { SpendLogPage, SpendLogRow } from '../../../src/contract/spend-logs.ts';
import type { PanelProviders } from '../../../src/contract/panel/providers.ts';
import type { Summary } from '../../../src/contract/panel/summary.ts';
import { locale } from '../i18n/locale.ts';
import { api, ApiError } from './client.ts';

/** A call, as lists show it. */
export type CallRow = z.infer<typeof SpendLogRow>;

export const readSummary = (signal?: AbortSignal) => api.get<Summary>('panel/summary', { timezone: locale.timeZone }, signal);

export type ProviderState = PanelProviders['providers'][number];

/** How each provider is now; none for those who may not see providers. */
export async function providerStates(signal?: AbortSignal): Promise<readonly ProviderState[]> {
  try {
    return (await api.get<PanelProviders>('panel/providers', {}, signal)).providers;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}

/** What Overview reads of a key. */
export interface KeyShare {
  readonly token: string;
  readonly key_name: string | null;
  readonly key_alias: string | null;
  readonly spend: number;
  readonly max_budget: number | null;
  readonly budget_reset_at: string | null;
  readonly blocked: boolean | null;
}

export interface KeyShares {
  readonly keys: readonly KeyShare[];
  readonly total_count: number;
}

/** The keys that spend most. */
export const topKeys = (signal?: AbortSignal) =>
  api.get<KeyShares>('key/list', { return_full_object: true, sort_by: 'spend', sort_order: 'desc', size: 50 }, signal);

/** The newest calls of the last 24 hours. */
export async function recentCalls(most: number, signal?: AbortSignal): Promise<readonly CallRow[]> {
  const now = Date.now();
  const query = {
    start_date: new Date(now - 86_400_000).toISOString(),
    // Clocks of two machines are never quite the same.
    end_date: new Date(now + 60_000).toISOString(),
    page_size: most,
  };
  return (await api.get<z.infer<typeof SpendLogPage>>('spend/logs/ui', query, signal)).data;
}

interface ModelRow {
  readonly model_name: string;
  readonly litellm_params: Readonly<Record<string, unknown>>;
}

/** Whether a model answers that is not the built-in demo. */
export async function hasRealModel(signal?: AbortSignal): Promise<boolean> {
  const { data } = await api.get<{ data: readonly ModelRow[] }>('v2/model/info', { page: 1, size: 100 }, signal);
  return data.some(({ litellm_params: params }) => params['mock_response'] === undefined || params['mock_response'] === null);
}

/** A server of models that was found in the house. */
export interface FoundServer {
  readonly kind: string;
  readonly name: string;
  readonly address: string;
  readonly models: readonly { readonly registered: boolean }[];
}

export interface FoundServers {
  readonly looked_at: string | null;
  readonly servers: readonly FoundServer[];
}

/** Servers with a model that is not in the gateway yet; none where the gateway cannot look. */
export async function foundServers(signal?: AbortSignal): Promise<FoundServers> {
  try {
    const { looked_at, servers } = await api.get<FoundServers>('panel/local-servers', {}, signal);
    return { looked_at, servers: servers.filter(({ models }) => models.some(({ registered }) => !registered)) };
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return { looked_at: null, servers: [] };
    throw error;
  }
}
