import { decimalOf, divideHalfUp, NO_USD, USD_DECIMALS, type Decimal, type Usd } from '../core/money.ts';
import type { Cost, CostTerm } from '../core/price.ts';
import type { Usage } from '../core/usage.ts';
import { adjusted, multiplied, type Adjustments, type Fraction } from './cost-adjustments.ts';
import { billedTokens, countOf, type BilledTokens } from './cost-quantities.ts';
import { decimalText } from './prices/decimals.ts';
import type { RateKind } from './prices/rates.ts';
import type { Tariff, UnitPrice } from './prices/tariff.ts';

/** The order of the terms in an explanation; each kind is billed once. */
const TOKEN_KINDS = [
  'input',
  'cache_read',
  'cache_read_audio',
  'cache_read_image',
  'cache_write',
  'cache_write_1h',
  'audio_input',
  'image_input',
  'video_input',
  'output',
  'reasoning',
  'audio_output',
  'image_output',
] as const satisfies readonly (RateKind & keyof BilledTokens)[];

/**
 * What a call cost by the prices of one tariff (data-plane 16.4): exact products and sums, rounded half up once, at
 * 15 decimals (ruling M1). The products of the terms sum to the cost before that rounding.
 *
 * A model with several meters is billed by tokens where tokens are reported and priced, else by seconds, characters and
 * images. A usage of which nothing has a price is `unpriced`.
 *
 * @param usage as the provider reported it; odd counts are taken as {@link billedTokens} says
 */
export function costOf(usage: Usage, tariff: Tariff, adjustments: Adjustments): Cost {
  const sum = new Sum(tariff);
  if (tariff.byTokens && countOf(usage.inputTokens) + countOf(usage.outputTokens) > 0) addTokens(sum, usage, tariff);
  else addOtherMeters(sum, usage, tariff);
  addFees(sum, usage, tariff);
  if (sum.terms.length === 0 && !isEmpty(usage)) return UNPRICED;
  const uplift = adjustments.region === undefined ? undefined : tariff.uplifts[adjustments.region];
  return {
    total: rounded(adjusted(sum.fraction, uplift, adjustments, sum.terms)),
    terms: sum.terms,
    origin: tariff.origin,
    unpriced: false,
  };
}

/** What a call cost by the provider's own figure, US dollars. */
export function reportedCost(dollars: Decimal, provider: string, adjustments: Adjustments): Cost {
  const terms: CostTerm[] = [{ kind: 'reported', quantity: '1', unitPrice: decimalText(dollars) }];
  const figure = { units: dollars.units * 10n ** BigInt(USD_DECIMALS), divisor: 10n ** BigInt(dollars.scale) };
  return {
    total: rounded(adjusted(figure, undefined, adjustments, terms)),
    terms,
    origin: { source: 'provider', rule: `${provider} reported cost`, date: null },
    unpriced: false,
  };
}

/** No price is known: 0, and the row is marked. */
export const UNPRICED: Cost = { total: NO_USD, terms: [], origin: null, unpriced: true };

/**
 * The most that so many tokens may cost, for a reservation: input as if it were written to a cache, output at the dearer
 * of text and reasoning. Rounded up; never negative.
 */
export function estimateOf(inputTokens: number, outputTokens: number, tariff: Tariff, adjustments: Adjustments): Usd {
  const { prices, dearestInput, dearestOutput, divisor } = tariff;
  const input = BigInt(Math.ceil(countOf(inputTokens)));
  const output = BigInt(Math.ceil(countOf(outputTokens)));
  const units = input * dearestInput + output * dearestOutput + (prices.request?.units ?? 0n);
  const uplift = adjustments.region === undefined ? undefined : tariff.uplifts[adjustments.region];
  const sum = adjusted({ units, divisor }, uplift, adjustments, []);
  return sum.units <= 0n ? NO_USD : (((sum.units + sum.divisor - 1n) / sum.divisor) as Usd);
}

/** Adds products; a product's terms are kept for the explanation. */
class Sum {
  readonly terms: CostTerm[] = [];
  readonly #prices: Tariff['prices'];
  readonly #divisor: bigint;
  #units = 0n;
  /** How many times finer than the tariff's own units the sum is. */
  #finer = 1n;

  constructor({ prices, divisor }: Tariff) {
    this.#prices = prices;
    this.#divisor = divisor;
  }

  get fraction(): Fraction {
    return { units: this.#units, divisor: this.#divisor * this.#finer };
  }

  add(kind: RateKind, quantity: number): void {
    const price = this.#prices[kind];
    if (price === undefined || quantity <= 0) return;
    if (Number.isSafeInteger(quantity)) this.#units += BigInt(quantity) * price.units * this.#finer;
    else this.#addFractional(quantity, price);
    this.terms.push({ kind, quantity: String(quantity), unitPrice: price.text });
  }

  /** Multiplies what stands in it. */
  raise(word: string, factor: Decimal | undefined): void {
    if (factor === undefined) return;
    const { units, divisor } = multiplied(this.fraction, factor, `${word}_premium`, this.terms);
    this.#units = units;
    this.#finer = divisor / this.#divisor;
  }

  /** Seconds come with decimals: the whole sum moves to their scale. */
  #addFractional(quantity: number, price: UnitPrice): void {
    const { units, scale } = decimalOf(String(quantity));
    const finer = 10n ** BigInt(scale);
    this.#units = this.#units * finer + units * price.units * this.#finer;
    this.#finer *= finer;
  }
}

function addTokens(sum: Sum, usage: Usage, { premiums }: Tariff): void {
  const tokens = billedTokens(usage);
  for (const kind of TOKEN_KINDS) sum.add(kind, tokens[kind]);
  for (const word of usage.premiums ?? []) if (Object.hasOwn(premiums, word)) sum.raise(word, premiums[word]);
}

function addOtherMeters(sum: Sum, usage: Usage, { minimumSeconds }: Tariff): void {
  const seconds = countOf(usage.seconds);
  sum.add('seconds', seconds > 0 ? Math.max(seconds, minimumSeconds) : 0);
  sum.add('characters', countOf(usage.characters));
  sum.add('image', countOf(usage.images));
  sum.add('pixel', countOf(usage.imagePixels));
}

/** What is charged beside the meter. */
function addFees(sum: Sum, usage: Usage, { searchesOnce }: Tariff): void {
  const searches = countOf(usage.webSearchRequests);
  sum.add('query', countOf(usage.searchUnits));
  sum.add(searchKind(usage.webSearchContextSize), searchesOnce ? Math.min(1, searches) : searches);
  sum.add('file_search', countOf(usage.fileSearches));
  sum.add('code_session', countOf(usage.codeSessions));
  sum.add('request', 1);
}

function searchKind(size: string | undefined): RateKind {
  return size === 'low' ? 'web_search_low' : size === 'high' ? 'web_search_high' : 'web_search';
}

function isEmpty(usage: Usage): boolean {
  const { inputTokens, outputTokens, seconds, characters, images, imagePixels, searchUnits } = usage;
  const { webSearchRequests, fileSearches, codeSessions } = usage;
  const tools = [webSearchRequests, fileSearches, codeSessions];
  return [inputTokens, outputTokens, seconds, characters, images, imagePixels, searchUnits, ...tools].every(
    (count) => countOf(count) === 0,
  );
}

/** Half up, once. A negative margin that would pay the caller ends at 0. */
function rounded({ units, divisor }: Fraction): Usd {
  return units <= 0n ? NO_USD : (divideHalfUp(units, divisor) as Usd);
}
