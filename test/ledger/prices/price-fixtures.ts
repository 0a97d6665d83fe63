import type { Cost, CostTerm } from '../../../src/core/price.ts';
import { usdText } from '../../../src/core/money.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { Catalogue } from '../../../src/ledger/prices/catalogue/catalogue.ts';
import { PriceBook } from '../../../src/ledger/prices/price-book.ts';
import { readPriceMap } from '../../../src/ledger/prices/map.ts';

/** A day when every price of the samples holds. */
export const NOON = Date.parse('2026-09-30T12:00:00Z');

/** Usage with the counts that are not given at 0. */
export function usage(counts: Partial<Usage>): Usage {
  return { inputTokens: 0, outputTokens: 0, ...counts };
}

/** A book that knows only this price map. */
export function bookOf(map: unknown, catalogue: Catalogue = Catalogue.empty()): PriceBook {
  const { entries } = readPriceMap(typeof map === 'string' ? map : JSON.stringify(map));
  return new PriceBook({ catalogue, overrides: entries, overridesDate: '2026-09-01' });
}

export function dollars(cost: Cost): string {
  return usdText(cost.total);
}

/** The terms as `kind quantity*price`. */
export function termsText(terms: readonly CostTerm[]): string[] {
  return terms.map(({ kind, quantity, unitPrice }) => `${kind} ${quantity}*${unitPrice}`);
}
