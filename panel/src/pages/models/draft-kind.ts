import type { Members, StoredModel } from '../../api/models.ts';
import type { ProviderDetails, ProviderForm } from '../../api/providers.ts';
import type { DraftKind } from './draft.ts';
import type { Picked } from './provider-picker.ts';

/** The form of a provider; null when the catalogue has none. */
export function formOf(provider: string, forms: readonly ProviderForm[]): ProviderForm | null {
  return forms.find((form) => form.provider === provider) ?? null;
}

/** How a new model is named: as the server that was found says for this model, else by the provider's id. */
export function newKind(form: ProviderForm, { server }: Picked, model: string): DraftKind {
  const ready = server?.models.find(({ id }) => id === model)?.ready.litellm_params;
  return { form, prefix: prefixIn(ready ?? {}) ?? form.litellm_provider };
}

/** How a model that is there is named: only a prefix that means its provider is one. */
export function storedKind(form: ProviderForm, details: ProviderDetails | undefined, model: StoredModel): DraftKind {
  const prefix = prefixIn(model.litellm_params);
  const own = prefix !== null && [form.provider, form.litellm_provider, ...(details?.aliases ?? [])].includes(prefix);
  return { form, prefix: own ? prefix : '' };
}

function prefixIn({ model }: Members): string | null {
  const at = typeof model === 'string' ? model.indexOf('/') : -1;
  return at > 0 ? String(model).slice(0, at) : null;
}
