import type { JsonObject } from '../../src/core/json-object.ts';
import { loadCatalogue } from '../../src/providers/catalogue/catalogue.ts';
import { resolveDeployment, type Resolved, type ResolveOptions } from '../../src/providers/resolve.ts';

export const catalogue = await loadCatalogue();

/** Resolves a row against the bundled catalogue and the given variables. */
export function resolve(
  params: JsonObject,
  env: Readonly<Record<string, string>> = {},
  more: Partial<Omit<ResolveOptions, 'catalogue' | 'env'>> = {},
): Resolved {
  return resolveDeployment(params, { catalogue, env: (name) => env[name], ...more });
}
