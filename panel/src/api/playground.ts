import { api } from './client.ts';

interface DeploymentRow {
  readonly model_name: string;
  readonly litellm_params: { readonly model?: string };
  readonly model_info: {
    readonly id: string;
    readonly mode?: string | null;
    readonly litellm_provider?: string | null;
    readonly key?: string | null;
    readonly input_cost_per_token?: number | null;
    readonly output_cost_per_token?: number | null;
    readonly supports_vision?: boolean | null;
    readonly supports_function_calling?: boolean | null;
    readonly supports_reasoning?: boolean | null;
  };
}

/** A model at a provider, behind a name that can be called. */
export interface Deployment {
  readonly id: string;
  readonly provider: string;
  /** As the provider calls it. */
  readonly model: string;
  /** US dollars a token; null: not known. */
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
}

/** A model to talk to. Abilities: true or false when that is known, null when not. */
export interface ModelChoice {
  readonly name: string;
  readonly deployments: readonly Deployment[];
  readonly vision: boolean | null;
  readonly tools: boolean | null;
  readonly reasoning: boolean | null;
}

const TALKS = new Set(['chat', 'responses', 'completion']);
const SEARCHED = 50;

/** Models one can talk to, by a part of their name. */
export async function searchModels(search: string, signal?: AbortSignal): Promise<ModelChoice[]> {
  const query = { search, sort_by: 'model_name', sort_order: 'asc', size: SEARCHED };
  const { data } = await api.get<{ data: readonly DeploymentRow[] }>('v2/model/info', query, signal);
  return choicesOf(data);
}

/** @returns null when there is no such model any more */
export async function readModel(name: string, signal?: AbortSignal): Promise<ModelChoice | null> {
  const { data } = await api.get<{ data: readonly DeploymentRow[] }>('v2/model/info', { model: name, size: SEARCHED }, signal);
  return choicesOf(data)[0] ?? null;
}

function choicesOf(rows: readonly DeploymentRow[]): ModelChoice[] {
  const groups = Map.groupBy(
    rows.filter(({ model_info: info }) => !info.mode || TALKS.has(info.mode)),
    ({ model_name: name }) => name,
  );
  return [...groups].map(([name, members]) => ({
    name,
    deployments: members.map(deploymentOf),
    vision: ability(members.map(({ model_info: info }) => info.supports_vision)),
    tools: ability(members.map(({ model_info: info }) => info.supports_function_calling)),
    reasoning: ability(members.map(({ model_info: info }) => info.supports_reasoning)),
  }));
}

/** Any deployment may answer: what one of them cannot do is not promised. */
function ability(said: readonly (boolean | null | undefined)[]): boolean | null {
  if (said.includes(false)) return false;
  return said.every((one) => one === true) ? true : null;
}

function deploymentOf({ litellm_params: params, model_info: info }: DeploymentRow): Deployment {
  const model = params.model ?? '';
  const provider = info.litellm_provider ?? '';
  return {
    id: info.id,
    provider,
    model: provider !== '' && model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model,
    inputPrice: info.input_cost_per_token ?? null,
    outputPrice: info.output_cost_per_token ?? null,
  };
}

/** A key to call as. */
export interface KeyChoice {
  readonly hash: string;
  readonly alias: string | null;
  /** Its text, all but the end left out. */
  readonly shown: string;
}

interface KeyRow {
  readonly token: string;
  readonly key_alias?: string | null;
  readonly key_name?: string | null;
}

/** Keys that this person may call as, by a part of their name. */
export async function searchKeys(search: string, signal?: AbortSignal): Promise<KeyChoice[]> {
  const query = { search, return_full_object: true, size: SEARCHED, sort_by: 'key_alias', sort_order: 'asc' };
  const { keys } = await api.get<{ keys: readonly KeyRow[] }>('key/list', query, signal);
  return keys.map(({ token, key_alias: alias, key_name: shown }) => ({ hash: token, alias: alias || null, shown: shown ?? '' }));
}

/** One call as it was booked. */
export interface BookedCall {
  /** US dollars. */
  readonly spend: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cache_read_tokens: number;
  readonly reasoning_tokens: number;
  readonly custom_llm_provider: string;
  readonly explanation: {
    readonly marks: { readonly usage_estimated: boolean; readonly unpriced: boolean };
  };
}

/** @returns null until it is in the database, some seconds after its end */
export const readCall = (id: string, signal?: AbortSignal) =>
  api.get<BookedCall | null>(`spend/logs/ui/${encodeURIComponent(id)}`, {}, signal);
