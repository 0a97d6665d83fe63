import { USD_DECIMALS, type Decimal } from '../core/money.ts';
import type { CostTerm } from '../core/price.ts';
import { decimalText } from './prices/decimals.ts';

/** `units / divisor`, exact; the divisor is positive. In a cost the units are 10^-15 US dollars. */
export interface Fraction {
  readonly units: bigint;
  readonly divisor: bigint;
}

/** What is added to or taken off a cost after the formula (data-plane 16.4 step 7, 16.5). Absent: nothing. */
export interface Adjustments {
  /** Region whose processing uplift applies, where the price has one: `eu`, `us`. */
  readonly region?: string;
  /** Part taken off: 0.05 is five percent. */
  readonly discount?: Decimal;
  /** Part added to the discounted cost. */
  readonly margin?: Decimal;
  /** US dollars added to each call, last. */
  readonly fixed?: Decimal;
}

export const NO_ADJUSTMENTS: Adjustments = {};

const ONE: Decimal = { units: 1n, scale: 0 };
/** Digits shown of a subtotal whose decimals do not end (a price per hour). */
const SHOWN_DECIMALS = 30;

/** `cost * (1 - discount)`, then `+ cost * margin + fixed`. Each step is a term, so that the terms still add up. */
export function adjusted(cost: Fraction, uplift: Decimal | undefined, adjustments: Adjustments, terms: CostTerm[]): Fraction {
  let sum = cost;
  if (uplift !== undefined) sum = multiplied(sum, uplift, 'regional_uplift', terms);
  if (adjustments.discount !== undefined) sum = withPart(sum, negative(adjustments.discount), 'discount', terms);
  if (adjustments.margin !== undefined) sum = withPart(sum, adjustments.margin, 'margin', terms);
  if (adjustments.fixed !== undefined) sum = withFixed(sum, adjustments.fixed, terms);
  return sum;
}

/** `cost * factor`, told as the part that was added. */
export function multiplied(cost: Fraction, factor: Decimal, kind: string, terms: CostTerm[]): Fraction {
  return withPart(cost, minus(factor, ONE), kind, terms);
}

/** `cost + cost * part`. */
function withPart(cost: Fraction, part: Decimal, kind: string, terms: CostTerm[]): Fraction {
  if (part.units === 0n) return cost;
  terms.push({ kind, quantity: decimalText(part), unitPrice: fractionText(cost) });
  const whole = 10n ** BigInt(part.scale);
  return { units: cost.units * (whole + part.units), divisor: cost.divisor * whole };
}

function withFixed(cost: Fraction, dollars: Decimal, terms: CostTerm[]): Fraction {
  if (dollars.units === 0n) return cost;
  terms.push({ kind: 'margin_fixed', quantity: '1', unitPrice: decimalText(dollars) });
  const divisor = 10n ** BigInt(dollars.scale);
  const femtos = dollars.units * 10n ** BigInt(USD_DECIMALS);
  return { units: cost.units * divisor + femtos * cost.divisor, divisor: cost.divisor * divisor };
}

function fractionText({ units, divisor }: Fraction): string {
  const more = SHOWN_DECIMALS - USD_DECIMALS;
  const shown = (units * 10n ** BigInt(more) + divisor / 2n) / divisor;
  return decimalText({ units: shown, scale: SHOWN_DECIMALS });
}

function minus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: a.units * 10n ** BigInt(scale - a.scale) - b.units * 10n ** BigInt(scale - b.scale), scale };
}

function negative({ units, scale }: Decimal): Decimal {
  return { units: -units, scale };
}

/** One row of `cost_discount_config` or `cost_margin_config`: a part, or both members of the margin's object. */
export type MarginRow = Decimal | { readonly percentage?: Decimal; readonly fixed?: Decimal };

/**
 * The adjustments for calls to a provider (data-plane 16.5): the provider's own row, else `global`. A discount above 1
 * counts as 1, so that no cost is negative.
 */
export function adjustmentsFor(
  provider: string,
  discounts: Readonly<Record<string, Decimal>>,
  margins: Readonly<Record<string, MarginRow>>,
): Adjustments {
  const discount = discounts[provider];
  const row = margins[provider] ?? margins['global'];
  const margin = row === undefined || 'units' in row ? { percentage: row } : row;
  return {
    ...(discount === undefined ? {} : { discount: minus(discount, ONE).units > 0n ? ONE : discount }),
    ...(margin.percentage === undefined ? {} : { margin: margin.percentage }),
    ...('fixed' in margin && margin.fixed !== undefined ? { fixed: margin.fixed } : {}),
  };
}
