import { decimalOf, usdText, type Decimal } from '../core/money.ts';
import type { Cost, CostTerm } from '../core/price.ts';
import { decimalText } from './prices/decimals.ts';

/** `cost_breakdown` of a spend row (control-plane 12.1): US dollars and parts of one as exact decimal text. */
export interface CostBreakdown {
  readonly input_cost: string;
  readonly output_cost: string;
  readonly cache_read_cost: string;
  readonly cache_creation_cost: string;
  readonly tool_usage_cost: string;
  /** The sum before discount and margin, not rounded. */
  readonly original_cost: string;
  readonly discount_percent: string;
  readonly discount_amount: string;
  readonly margin_percent: string;
  readonly margin_total_amount: string;
  /** The row's cost: rounded once. */
  readonly total_cost: string;
}

type Share = 'input' | 'output' | 'cache_read' | 'cache_creation' | 'tool' | 'other' | 'discount' | 'margin';

/** Where a kind of term is shown; a kind that is not here counts in `original_cost` alone. */
const SHARES: Readonly<Record<string, Share>> = {
  input: 'input',
  audio_input: 'input',
  image_input: 'input',
  video_input: 'input',
  seconds: 'input',
  characters: 'input',
  query: 'input',
  request: 'input',
  output: 'output',
  reasoning: 'output',
  audio_output: 'output',
  image_output: 'output',
  image: 'output',
  pixel: 'output',
  cache_read: 'cache_read',
  cache_read_audio: 'cache_read',
  cache_read_image: 'cache_read',
  cache_write: 'cache_creation',
  cache_write_1h: 'cache_creation',
  web_search: 'tool',
  web_search_low: 'tool',
  web_search_high: 'tool',
  file_search: 'tool',
  code_session: 'tool',
  discount: 'discount',
  margin: 'margin',
  margin_fixed: 'margin',
};

const NOTHING: Decimal = { units: 0n, scale: 0 };

/** The terms of a cost, summed into the shares that the control plane shows. */
export function costBreakdown({ terms, total }: Cost): CostBreakdown {
  const sums = new Map<Share, Decimal>();
  const parts = { discount: NOTHING, margin: NOTHING };
  for (const { kind, quantity, unitPrice } of terms) {
    const share = SHARES[kind] ?? 'other';
    sums.set(share, plus(sums.get(share) ?? NOTHING, productOf({ quantity, unitPrice })));
    if (kind === 'discount' || kind === 'margin') parts[kind] = decimalOf(quantity);
  }
  const sumOf = (...shares: Share[]) => shares.map((share) => sums.get(share) ?? NOTHING).reduce(plus, NOTHING);
  return {
    input_cost: decimalText(sumOf('input')),
    output_cost: decimalText(sumOf('output')),
    cache_read_cost: decimalText(sumOf('cache_read')),
    cache_creation_cost: decimalText(sumOf('cache_creation')),
    tool_usage_cost: decimalText(sumOf('tool')),
    original_cost: decimalText(sumOf('input', 'output', 'cache_read', 'cache_creation', 'tool', 'other')),
    discount_percent: decimalText(negated(parts.discount)),
    discount_amount: decimalText(negated(sumOf('discount'))),
    margin_percent: decimalText(parts.margin),
    margin_total_amount: decimalText(sumOf('margin')),
    total_cost: usdText(total),
  };
}

/** What one term amounts to, exactly. */
export function amountOf(term: CostTerm): string {
  return decimalText(productOf(term));
}

/** What terms add up to, before rounding. */
export function sumOfTerms(terms: readonly CostTerm[]): string {
  return decimalText(terms.map(productOf).reduce(plus, NOTHING));
}

function productOf({ quantity, unitPrice }: Pick<CostTerm, 'quantity' | 'unitPrice'>): Decimal {
  return times(decimalOf(quantity), decimalOf(unitPrice));
}

function times(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: a.units * 10n ** BigInt(scale - a.scale) + b.units * 10n ** BigInt(scale - b.scale), scale };
}

function negated({ units, scale }: Decimal): Decimal {
  return { units: -units, scale };
}
