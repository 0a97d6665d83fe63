import type { Model } from '../../api/models.ts';
import { t } from '../../i18n/texts.ts';

/** Names of providers by their id, for rows; an unknown one is called by its id. */
export type ProviderNames = (id: string) => string;

/** What the provider calls the model, without the prefix that says whose it is. */
export function upstreamName({ litellm_params: params }: Model): string {
  const model = typeof params['model'] === 'string' ? params['model'] : '';
  return model.slice(model.indexOf('/') + 1);
}

/** "OpenAI · gpt-5-mini" */
export function originOf(model: Model, nameOf: ProviderNames): string {
  return t('models.origin', { provider: nameOf(model.model_info.litellm_provider), model: upstreamName(model) });
}
