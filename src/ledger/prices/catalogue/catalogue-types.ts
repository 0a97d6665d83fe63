/** What we keep of the bundled price data: what to match a model by, its context window, its prices. */

/** How a name is matched; compared in lower case (a `regex` is tested on the lower-cased name). */
export type Match =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string }
  | { readonly or: readonly Match[] }
  | { readonly and: readonly Match[] };

/** A price for the key's unit (`_mtok`: a million tokens), flat or by input tokens: `price` when there are more than `start`. */
export type CataloguePrice =
  | number
  | { readonly base: number; readonly tiers: readonly { readonly start: number; readonly price: number }[] };
export type CataloguePrices = Readonly<Record<string, CataloguePrice | undefined>>;

/** Dates as `2026-07-30`, times of the day with their zone: `16:30:00Z`. */
export type CatalogueConstraint =
  | { readonly type: 'start_date'; readonly start_date: string }
  | { readonly type: 'time_of_date'; readonly start_time: string; readonly end_time: string };

export interface CatalogueVersion {
  readonly constraint?: CatalogueConstraint;
  readonly prices: CataloguePrices;
}

export interface CatalogueModel {
  readonly id: string;
  readonly match: Match;
  readonly context_window?: number;
  readonly prices: CataloguePrices | readonly CatalogueVersion[];
}

/** A provider of the bundled data. */
export interface CatalogueProvider {
  readonly id: string;
  /** Names of models that are this provider's when no provider is given. */
  readonly model_match?: Match;
  /** Providers whose models this one serves too (Azure: OpenAI and others). */
  readonly fallbacks: readonly string[];
  readonly models: readonly CatalogueModel[];
}
