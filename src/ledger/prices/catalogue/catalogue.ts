import type { CatalogueModel, CatalogueProvider } from './catalogue-types.ts';
import { matches } from './match.ts';

/** A model of the bundled data and the provider whose price it is. */
export interface CatalogueHit {
  readonly provider: string;
  readonly model: CatalogueModel;
}

/** An undashed date in a model's name, which some rows of the data write with dashes. */
const COMPACT_DATE = /-(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g;

/** The start of the line of a provider that a model's name can point to. The large resellers are none: their lines stay unread. */
const POINTED_TO = /^\{"id":"[^"]+","model_match":/;

/** What stands between the id of a model and the rest of it, in a line. */
const MODEL_START = '","match":';

/** The bundled price data, parsed provider by provider when first asked for. */
export class Catalogue {
  /** By provider id: its line, or what the line said. */
  readonly #providers: Map<string, string | CatalogueProvider>;

  /** @param text lines as `catalogueText` writes them */
  constructor(text: string) {
    this.#providers = new Map();
    for (const line of text.split('\n')) {
      const id = /^\{"id":"([^"]+)"/.exec(line)?.[1];
      if (id !== undefined) this.#providers.set(id, line);
    }
  }

  /** A catalogue that knows nothing. */
  static empty(): Catalogue {
    return new Catalogue('');
  }

  get size(): number {
    return this.#providers.size;
  }

  /** How many providers and models there are, without parsing what was not asked for yet. */
  counts(): { readonly providers: number; readonly models: number } {
    const models = [...this.#providers.keys()].reduce((sum, id) => sum + this.countOf(id), 0);
    return { providers: this.size, models };
  }

  has(providerId: string): boolean {
    return this.#providers.has(providerId);
  }

  /** The provider's model of this name, else that of a provider whose models it serves too. */
  find(providerId: string, name: string): CatalogueHit | null {
    const lower = name.toLowerCase().trim();
    const dashed = lower.replace(COMPACT_DATE, '-$1-$2-$3');
    return this.#findIn(providerId, lower) ?? (dashed === lower ? null : this.#findIn(providerId, dashed));
  }

  /** The model of this name at the provider that the name points to (`claude-...`: Anthropic). */
  findByName(name: string): CatalogueHit | null {
    const lower = name.toLowerCase().trim();
    for (const [id, known] of this.#providers) {
      if (typeof known === 'string' && !POINTED_TO.test(known)) continue;
      const match = this.#provider(id)?.model_match;
      if (match !== undefined && matches(match, lower)) return this.find(id, lower);
    }
    return null;
  }

  /** Names of the provider's own models, as the data has them. */
  modelsOf(providerId: string): readonly string[] {
    return this.#provider(providerId)?.models.map(({ id }) => id) ?? [];
  }

  /** How many models {@link modelsOf} names, without parsing the line of the provider. */
  countOf(providerId: string): number {
    const known = this.#providers.get(providerId);
    if (typeof known === 'string') return Math.max(0, known.split(MODEL_START).length - 1);
    return known?.models.length ?? 0;
  }

  #findIn(providerId: string, lower: string): CatalogueHit | null {
    const provider = this.#provider(providerId);
    if (provider === undefined) return null;
    const model = provider.models.find(({ match }) => matches(match, lower));
    if (model !== undefined) return { provider: providerId, model };
    for (const fallback of provider.fallbacks) {
      const hit = this.#findIn(fallback, lower);
      if (hit !== null) return hit;
    }
    return null;
  }

  #provider(id: string): CatalogueProvider | undefined {
    const known = this.#providers.get(id);
    if (typeof known !== 'string') return known;
    const provider = JSON.parse(known) as CatalogueProvider;
    this.#providers.set(id, provider);
    return provider;
  }
}
