import type { CatalogueModel, CatalogueProvider } from './catalogue-types.ts';

/** The members of the price package's data that we read; its own types say the same and more. */
interface PackageProvider extends Omit<CatalogueProvider, 'fallbacks'> {
  readonly fallback_model_providers?: readonly string[];
}

/**
 * The price package's data in the form we keep: one line of JSON a provider, with descriptions, comments and usage
 * extractors left out. A provider's line is parsed when its first model is asked for, so that an idle server holds
 * 300 kB of text instead of the package's module (15 to 20 MB of resident memory).
 */
export function catalogueText(providers: readonly PackageProvider[]): string {
  const lines = providers.map(({ id, model_match, fallback_model_providers, models }) => {
    const provider: CatalogueProvider = {
      id,
      ...(model_match === undefined ? {} : { model_match }),
      fallbacks: fallback_model_providers ?? [],
      models: models.map(leanModel),
    };
    return `${JSON.stringify(provider)}\n`;
  });
  return lines.join('');
}

function leanModel({ id, match, context_window, prices }: CatalogueModel): CatalogueModel {
  return { id, match, ...(context_window === undefined ? {} : { context_window }), prices };
}

/** Reads the price package's data and gives it in our form. Loads the package: for the build, and for runs from sources. */
export async function packageCatalogueText(): Promise<string> {
  const { waitForUpdate } = await import('@pydantic/genai-prices');
  const providers = await waitForUpdate();
  return catalogueText(providers ?? []);
}
