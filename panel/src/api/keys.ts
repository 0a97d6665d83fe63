import type { KeyUse } from '../../../src/contract/panel/key.ts';
import { api, type Query } from './client.ts';

/** A budget beside the main one: its own amount, period and spend. */
export interface KeyWindow {
  readonly budget_duration: string;
  readonly max_budget: number;
  readonly spend: number | null;
  readonly reset_at: string | null;
}

export interface KeyOwner {
  readonly user_id: string;
  readonly user_email: string | null;
  readonly user_alias: string | null;
}

/** A virtual key as lists and `key/info` show it; its text is never in it. Money is US dollars. */
export interface Key {
  /** Its hash. */
  readonly token: string;
  /** `sk-...f3Kd` */
  readonly key_name: string | null;
  /** Its text was chosen by hand and can be guessed. */
  readonly short_key: boolean;
  readonly key_alias: string | null;
  readonly key_type: string;
  readonly spend: number;
  readonly max_budget: number | null;
  readonly budget_duration: string | null;
  readonly budget_reset_at: string | null;
  readonly budget_limits: readonly KeyWindow[] | null;
  readonly model_max_budget: Readonly<Record<string, unknown>>;
  readonly temp_budget_increase: number | null;
  readonly temp_budget_expiry: string | null;
  readonly models: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly rpm_limit: number | null;
  readonly tpm_limit: number | null;
  readonly max_parallel_requests: number | null;
  readonly allowed_routes: readonly string[];
  readonly blocked: boolean | null;
  readonly expires: string | null;
  readonly user_id: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[] | null;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly user?: KeyOwner | null;
  readonly last_used_at?: string | null;
}

/** A key just made or given a new text: the one answer that holds it. */
export interface NewKey extends Key {
  readonly key: string;
}

export interface KeyList {
  readonly keys: readonly Key[];
  readonly total_count: number;
  readonly total_spend: number;
}

export interface KeyQuestion {
  readonly search: string;
  readonly state: string;
  readonly model: string;
  readonly user: string;
  readonly sort: string;
  readonly order: 'asc' | 'desc';
  readonly page: number;
  readonly size: number;
}

export function listKeys({ search, state, model, user, sort, order, page, size }: KeyQuestion, signal: AbortSignal): Promise<KeyList> {
  const query: Query = {
    return_full_object: true,
    expand: 'user,last_used,total_spend',
    search,
    state,
    model,
    user_id: user,
    sort_by: sort,
    sort_order: order,
    page,
    size,
  };
  return api.get<KeyList>('key/list', query, signal);
}

export async function readKey(hash: string, signal?: AbortSignal): Promise<Key> {
  const { info } = await api.get<{ info: Key }>('key/info', { key: hash }, signal);
  return { ...info, token: hash };
}

/** Its numbers. @param days so many up to today, in this time zone */
export const readKeyUse = (hash: string, timezone: string, days: number, signal: AbortSignal) =>
  api.get<KeyUse>('panel/key', { key: hash, timezone, days }, signal);

export type KeyBody = Readonly<Record<string, unknown>>;

export const createKey = (body: KeyBody) => api.post<NewKey>('key/generate', body);
export const updateKey = (hash: string, body: KeyBody) => api.post<Key>('key/update', { ...body, key: hash });
export const deleteKey = (hash: string) => api.post<unknown>('key/delete', { keys: [hash] });
export const blockKey = (hash: string, blocked: boolean) => api.post<Key>(blocked ? 'key/block' : 'key/unblock', { key: hash });
export const resetSpend = (hash: string, to: number) => api.post<{ previous_spend: number }>(`key/${hash}/reset_spend`, { reset_to: to });

/** @param grace how long the old text goes on working, `24h`; empty for not at all */
export const regenerateKey = (hash: string, grace: string) =>
  api.post<NewKey>('key/regenerate', { key: hash, ...(grace === '' ? {} : { grace_period: grace }) });
