import type { PanelProviders } from '../../../src/contract/panel/providers.ts';
import type { ProviderDetails, ProviderForm, ProviderModelList } from '../../../src/contract/providers.ts';
import { api } from './client.ts';

export type { ProviderDetails, ProviderField, ProviderForm, ProviderModel } from '../../../src/contract/providers.ts';

/** Every provider of the catalogue, by id. */
export async function readProviders(signal?: AbortSignal): Promise<ReadonlyMap<string, ProviderDetails>> {
  const providers = await api.get<readonly ProviderDetails[]>('public/providers', { details: 'true' }, signal);
  return new Map(providers.map((provider) => [provider.id, provider]));
}

/** What the form for a model of each provider asks. */
export const readProviderForms = (signal?: AbortSignal) => api.get<readonly ProviderForm[]>('public/providers/fields', {}, signal);

/** Models of a provider that the price data knows. */
export const listProviderModels = (provider: string, search: string, signal?: AbortSignal) =>
  api.get<ProviderModelList>(`public/providers/${encodeURIComponent(provider)}/models`, { search, page_size: 200 }, signal);

/** How a deployment is. */
export type DeploymentState = PanelProviders['providers'][number]['deployments'][number];

/** State of every deployment by its id. For those who see everything. */
export async function readStates(signal?: AbortSignal): Promise<ReadonlyMap<string, DeploymentState>> {
  const { providers } = await api.get<PanelProviders>('panel/providers', {}, signal);
  return new Map(providers.flatMap(({ deployments }) => deployments.map((deployment) => [deployment.id, deployment])));
}
