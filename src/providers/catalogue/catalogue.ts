import type { DialectName } from '../../core/dialect.ts';
import { OBSTACLES, whyNotSpoken } from './obstacles.ts';
import type { CatalogueFile, ProviderRow } from './row.ts';

const SPOKEN: ReadonlySet<string> = new Set<DialectName>([
  'openai',
  'anthropic',
  'ollama',
  'cohere',
  'gemini',
  'bedrock',
  'vectors',
  'pictures',
  'watsonx',
  'prompted',
  'oci',
  'a2a',
  'coze',
  'dify',
  'langflow',
  'langgraph',
  'replicate',
  'gigachat',
  'sap',
  'voices',
]);

/** Ways to prove who asks that are spoken. */
const LOG_INS: ReadonlySet<ProviderRow['auth']['type']> = new Set(['header', 'none', 'sigv4', 'oci']);

/** All providers we know of, by id and alias. */
export class Catalogue {
  readonly #file: CatalogueFile;
  readonly #byName = new Map<string, ProviderRow>();

  constructor(file: CatalogueFile) {
    this.#file = file;
    for (const row of file.providers) for (const alias of row.aliases ?? []) this.#byName.set(alias, row);
    for (const row of file.providers) this.#byName.set(row.id, row);
  }

  get rows(): readonly ProviderRow[] {
    return this.#file.providers;
  }

  /** The row of an id or alias such as `ollama_chat`. */
  find(name: string): ProviderRow | null {
    return this.#byName.get(name) ?? null;
  }

  /** Quirks that every provider of the dialect starts from. */
  baseQuirks(dialect: string): CatalogueFile['dialects'][string] {
    return this.#file.dialects[dialect] ?? {};
  }
}

/**
 * Reads the bundled catalogue. It is parsed here and not at import; its form is proved by a test, so the start does not pay
 * for checking it.
 */
export async function loadCatalogue(): Promise<Catalogue> {
  const { default: file } = await import('./providers.json', { with: { type: 'json' } });
  return new Catalogue(file as unknown as CatalogueFile);
}

export function isSpoken(dialect: string): dialect is DialectName {
  return SPOKEN.has(dialect);
}

/** Why a row cannot be called, as the end of a plain sentence; `null` when it can. */
export function whyNotCallable(row: ProviderRow): string | null {
  if (row.obstacle !== undefined) return OBSTACLES[row.obstacle];
  if (!isSpoken(row.dialect)) return whyNotSpoken(row.endpoints);
  return LOG_INS.has(row.auth.type) ? null : OBSTACLES.browser;
}
