import type { ReactiveControllerHost } from 'lit';
import { listProviderModels } from '../../api/providers.ts';
import { PageData } from '../../page-data.ts';
import { fromCatalogue, fromServer, type KnownModel } from './model-suggestions.ts';
import type { Picked } from './provider-picker.ts';

interface Asked {
  readonly picked: Picked;
  /** What stands in the field now. */
  readonly typed: string;
}

/**
 * Models to suggest: those of the server that was found, else those that the price data knows of the provider. A provider with more than
 * one page of them is asked again for what is typed.
 */
export class KnownModels {
  readonly #asked: () => Asked;
  readonly #data: PageData<{ models: readonly KnownModel[]; whole: boolean }, readonly [string, string]>;

  constructor(host: ReactiveControllerHost, asked: () => Asked) {
    this.#asked = asked;
    this.#data = new PageData(host, {
      args: () => [asked().picked.provider, this.#whole ? '' : asked().typed.trim()] as const,
      load: async ([provider, typed], signal) => {
        const { models, total } = await listProviderModels(provider, typed, signal);
        return { models: models.map(fromCatalogue), whole: typed === '' && total <= models.length };
      },
    });
  }

  get models(): readonly KnownModel[] {
    const { server } = this.#asked().picked;
    return server ? server.models.map(fromServer) : (this.#data.value?.models ?? []);
  }

  /** What is known of a model by this name. */
  find(id: string): KnownModel | null {
    return this.models.find((model) => model.id === id) ?? null;
  }

  get #whole(): boolean {
    return this.#asked().picked.server !== null || (this.#data?.value?.whole ?? true);
  }
}
