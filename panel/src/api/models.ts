import type { ModelInfoPage, ModelSort } from '../../../src/contract/model-info.ts';
import type { ModelUse } from '../../../src/contract/panel/model-use.ts';
import type { ConnectionTestAnswer } from '../../../src/contract/connection-test.ts';
import { api } from './client.ts';

/** Members of `litellm_params` or `model_info`. */
export type Members = Readonly<Record<string, unknown>>;

/** What is known of a deployment's model; null or absent: not known. */
export interface ModelInfo extends Members {
  readonly id: string;
  /** Stands in the database, and not in the configuration file. */
  readonly db_model: boolean;
  /** Out of service: shown and not called. */
  readonly blocked?: boolean;
  readonly litellm_provider: string;
  readonly mode: string | null;
  readonly max_input_tokens: number | null;
  readonly max_output_tokens: number | null;
  readonly input_cost_per_token: number | null;
  readonly output_cost_per_token: number | null;
}

/** One deployment, as lists show it. */
export interface Model {
  readonly model_name: string;
  readonly litellm_params: Members;
  readonly model_info: ModelInfo;
  readonly place: { readonly position: number; readonly of: number };
}

export interface ModelPage extends Omit<ModelInfoPage, 'data'> {
  readonly data: readonly Model[];
}

export interface ModelQuestion {
  readonly search?: string;
  readonly provider?: string;
  readonly model_id?: string;
  readonly sort_by?: ModelSort;
  readonly sort_order?: 'asc' | 'desc';
  readonly page?: number;
  readonly size?: number;
}

export const listModels = (question: ModelQuestion, signal?: AbortSignal) => api.get<ModelPage>('v2/model/info', { ...question }, signal);

/** @returns null when no deployment has this id */
export async function findModel(id: string, signal?: AbortSignal): Promise<Model | null> {
  const { data } = await listModels({ model_id: id, size: 1 }, signal);
  return data[0] ?? null;
}

/** What one model did since the month began. */
export type ModelUseRow = ModelUse['models'][number];

/** Calls and spend of each model since the month began in the zone. */
export const readModelUse = (timezone: string, signal?: AbortSignal) => api.get<ModelUse>('panel/model-use', { timezone }, signal);

/** What a model is made of, and what changes one: there null takes a member out. */
export interface ModelBody {
  readonly model_name: string;
  readonly litellm_params: Members;
  readonly model_info: Members;
}

/** A model of the database as it was given, with masks in place of secrets. */
export interface StoredModel extends ModelBody {
  readonly model_id: string;
  readonly created_at: string;
  readonly created_by: string | null;
  readonly updated_at: string;
}

export const readStoredModel = (id: string, signal?: AbortSignal) =>
  api.get<StoredModel>(`panel/models/${encodeURIComponent(id)}`, {}, signal);

export const addModel = (body: ModelBody) => api.post<StoredModel>('model/new', body);

export const changeModel = (id: string, patch: Partial<ModelBody>) =>
  api.patch<StoredModel>(`model/${encodeURIComponent(id)}/update`, patch);

export const deleteModel = (id: string) => api.post<unknown>('model/delete', { id });

/** Takes a model out of service, or puts it back. */
export const blockModel = (id: string, blocked: boolean) => api.post<unknown>(blocked ? 'model/block' : 'model/unblock', { model_id: id });

/** Calls the model as described with a tiny real call. The answer is a success of HTTP either way. */
export const testConnection = (body: { litellm_params: Members; model_info: Members; mode?: string | null }, signal: AbortSignal) =>
  api.post<ConnectionTestAnswer>('health/test_connection', body, signal);

interface HealthAnswer {
  readonly unhealthy_endpoints: readonly { readonly error?: string }[];
}

/** Tries a model that is there with a tiny real call. @returns the provider's words when it failed, null when it works */
export async function checkModel(id: string): Promise<string | null> {
  const { unhealthy_endpoints: failed } = await api.get<HealthAnswer>('health', { model_id: id });
  return failed[0] ? (failed[0].error ?? '') : null;
}
