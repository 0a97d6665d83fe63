import { addUsd, NO_USD, usdOf, type Usd } from '../../core/money.ts';

/** What calls add up to. */
export interface Totals {
  readonly spend: Usd;
  readonly requests: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
}

export const NO_TOTALS: Totals = {
  spend: NO_USD,
  requests: 0,
  failed: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheCreationTokens: 0,
};

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    spend: addUsd(a.spend, b.spend),
    requests: a.requests + b.requests,
    failed: a.failed + b.failed,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheCreationTokens: a.cacheCreationTokens + b.cacheCreationTokens,
  };
}

export function sumOf(all: Iterable<Totals>): Totals {
  let sum = NO_TOTALS;
  for (const one of all) sum = addTotals(sum, one);
  return sum;
}

/** What is selected from a table of sums for {@link totalsOf}. */
export const TOTALS = `sum(spend)::text as spend, sum(requests)::float8 as requests, sum(failures)::float8 as failed,
  sum(prompt_tokens)::float8 as input_tokens, sum(completion_tokens)::float8 as output_tokens,
  sum(cache_read_tokens)::float8 as cache_read_tokens, sum(cache_creation_tokens)::float8 as cache_creation_tokens`;

export interface TotalsRow {
  /** US dollars, decimal text. */
  readonly spend: string;
  readonly requests: number;
  readonly failed: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_creation_tokens: number;
}

export function totalsOf(row: TotalsRow): Totals {
  return {
    spend: usdOf(row.spend),
    requests: row.requests,
    failed: row.failed,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheCreationTokens: row.cache_creation_tokens,
  };
}
