import type { Price, PriceOrigin } from '../../core/price.ts';
import { NO_ADJUSTMENTS, type Adjustments } from '../cost-adjustments.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { customPrices } from './custom-prices.ts';
import { lookUp, type ModelName, type TableRow } from './lookup.ts';
import type { PriceMap } from './map.ts';
import { modelFacts, type ModelFacts } from './model-facts.ts';
import type { PriceEntry } from './price-entry.ts';
import { catalogueAddress } from './provider-ids.ts';
import type { Schedule } from './rates.ts';
import { TablePrice } from './table-price.ts';

/** Whose price is asked for: one deployment. */
export interface PriceSubject extends ModelName {
  /** Price keys (data-plane 16.2) of `model_info`, then `litellm_params`, numbers as decimal text. Empty: none are set. */
  readonly custom: PriceEntry;
  /** Whether the deployment stands in the database, and so do its own prices. */
  readonly stored?: boolean;
  readonly adjustments?: Adjustments;
}

interface PriceBookParts {
  readonly catalogue: Catalogue;
  /** A LiteLLM-shaped price map that counts before the bundled data. */
  readonly overrides?: PriceMap;
  /** Date of that map, `YYYY-MM-DD`. */
  readonly overridesDate?: string;
  /** Providers whose own figure (`usage.reportedCost`) counts before the tables. A price set for the deployment still wins. */
  readonly trustReported?: Iterable<string>;
}

const EMPTY_MAP: PriceMap = new Map();

interface Found {
  readonly schedule: Schedule | null;
  readonly origin: PriceOrigin;
  readonly row: TableRow | null;
}

/** What every model costs: a deployment's own prices, a price map, the bundled data, in this order (data-plane 16.3). */
export class PriceBook {
  readonly #catalogue: Catalogue;
  readonly #trustReported: ReadonlySet<string>;
  readonly #overrides: PriceMap;
  readonly #overridesDate: string | null;

  constructor({ catalogue, overrides, overridesDate, trustReported }: PriceBookParts) {
    this.#catalogue = catalogue;
    this.#trustReported = new Set(trustReported ?? ['openrouter']);
    this.#overrides = overrides ?? EMPTY_MAP;
    this.#overridesDate = overridesDate ?? null;
  }

  /** Day of the list over the bundled prices; null: there is none, and the bundled prices do not say theirs. */
  get date(): string | null {
    return this.#overridesDate;
  }

  /** How many providers and models the bundled prices know. */
  counts(): { readonly providers: number; readonly models: number } {
    return this.#catalogue.counts();
  }

  /**
   * The price of a deployment, to be kept with it: making one takes up to 150 µs, using it under 2 µs. Never throws; a key
   * that is no price is left out ({@link problemsOf} tells).
   */
  priceOf(subject: PriceSubject): Price {
    const { schedule, origin, row } = this.#find(subject);
    return new TablePrice({
      provider: subject.provider,
      schedule,
      origin,
      adjustments: subject.adjustments ?? NO_ADJUSTMENTS,
      ...(row?.images && !isOwn(origin) ? { images: row.images } : {}),
      reportedFirst: !isOwn(origin) && this.#trustReported.has(subject.provider),
    });
  }

  /**
   * Prices and sizes for `/model/info` (data-plane 9.2).
   *
   * @param at milliseconds since 1970: the prices that hold then
   */
  infoOf(subject: PriceSubject, at: number): ModelFacts {
    const { schedule, row } = this.#find(subject);
    return modelFacts(schedule, row, at);
  }

  /** Price keys of a deployment whose value is no price, each with its reason. */
  problemsOf({ provider, custom }: Pick<PriceSubject, 'provider' | 'custom'>): readonly string[] {
    return customPrices(custom, provider, null).problems;
  }

  /** Names of the provider's models in the bundled data, for expanding wildcards. May be empty. */
  modelsOf(provider: string): readonly string[] {
    return this.#catalogue.modelsOf(catalogueAddress(provider, '').provider);
  }

  /** How many {@link modelsOf} has; nothing is read for it that was not read before. */
  countOf(provider: string): number {
    return this.#catalogue.countOf(catalogueAddress(provider, '').provider);
  }

  #find(subject: PriceSubject): Found {
    const row = lookUp(subject, { map: this.#overrides, mapDate: this.#overridesDate, catalogue: this.#catalogue });
    const name = `${subject.provider}/${subject.model}`;
    const { schedule } = customPrices(subject.custom, subject.provider, row?.schedule ?? null);
    if (schedule !== null)
      return { schedule, origin: { source: subject.stored === true ? 'database' : 'config', rule: name, date: null }, row };
    return { schedule: row?.schedule ?? null, origin: row?.origin ?? { source: 'catalogue', rule: name, date: null }, row };
  }
}

/** Whether the price was set for the deployment itself. */
function isOwn({ source }: PriceOrigin): boolean {
  return source === 'config' || source === 'database';
}
