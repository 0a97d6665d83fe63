import type { Usd } from './money.ts';
import type { Usage } from './usage.ts';

/** One term of a cost: `quantity * unitPrice`, both as decimal text. */
export interface CostTerm {
  /** `input`, `output`, `cache_read`, `cache_write`, `cache_write_1h`, `reasoning`, `audio_input`, `image_input`, `audio_output`, `image_output`, `web_search`, `request`, `seconds` ... */
  readonly kind: string;
  readonly quantity: string;
  /** US dollars for one unit. */
  readonly unitPrice: string;
}

/** Where a price comes from, for the row's explanation. */
export interface PriceOrigin {
  /** `config` (deployment of the file), `database` (deployment made at run time), `map` (a LiteLLM-shaped price map), `catalogue` (bundled data), `provider` (its own figure), `local` (a local server: 0). */
  readonly source: 'config' | 'database' | 'map' | 'catalogue' | 'provider' | 'local';
  /** The entry that matched, e.g. `anthropic/claude-sonnet-4-5`, with tier or threshold: `... above_200k`. */
  readonly rule: string;
  /** Since when the price holds, else the date of the data; `YYYY-MM-DD`, null when neither is known. */
  readonly date: string | null;
}

export interface Cost {
  /** Rounded half up once, at 15 decimals. */
  readonly total: Usd;
  readonly terms: readonly CostTerm[];
  readonly origin: PriceOrigin | null;
  /** No price is known: `total` is 0 and the row is marked. */
  readonly unpriced: boolean;
}

/** The price of one deployment, fixed when a call is planned (ruling M8). */
export interface Price {
  /** False when no price is known. */
  readonly known: boolean;
  /** Every price is 0: budgets and an unwritable ledger do not concern such calls. */
  readonly free: boolean;
  /** What the usage costs. `at` is the call's start, milliseconds since 1970. */
  costOf(usage: Usage, at: number): Cost;
  /**
   * Upper guess for a reservation: no detail, only tokens. Never negative; 0 when unknown.
   * `serviceTier` is the one the client asked for; absent means the default tier.
   */
  estimate(inputTokens: number, outputTokens: number, at: number, serviceTier?: string): Usd;
}
