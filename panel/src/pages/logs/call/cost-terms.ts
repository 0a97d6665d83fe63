import type { CostTerm } from '../../../api/calls.ts';
import { decimalsOf, exactMoney } from '../../../format/money.ts';
import { count } from '../../../format/number.ts';
import { hasText, t } from '../../../i18n/texts.ts';
import { shifted } from './decimal-text.ts';

/** Kinds that are counted in tokens: their price is told for a million. */
const OF_TOKENS = new Set([
  'input',
  'output',
  'reasoning',
  'cache_read',
  'cache_read_audio',
  'cache_read_image',
  'cache_write',
  'cache_write_1h',
  'audio_input',
  'image_input',
  'video_input',
  'audio_output',
  'image_output',
]);

/** One line of the equation, as it is written. */
export interface Line {
  readonly name: string;
  /** What is to be known of it; empty for nothing. */
  readonly note: string;
  readonly quantity: string;
  readonly price: string;
  /** `/ 1M`, or what the price is for. */
  readonly per: string;
  readonly amount: string;
  readonly isShare: boolean;
}

/**
 * Lines of the terms, their amounts with the same number of decimals, so that they stand under each other.
 *
 * @param reasoning tokens of it among the output; told in a note where they have no line of their own
 */
export function linesOf(terms: readonly CostTerm[], total: string, reasoning = 0): Line[] {
  const decimals = decimalsFor(terms, total);
  const within = terms.some(({ kind }) => kind === 'reasoning') ? 0 : reasoning;
  return terms.map((term) => {
    const line = lineOf(term, decimals);
    return term.kind === 'output' && within > 0 ? { ...line, note: t('call.of_it_reasoning', { number: count(within) }) } : line;
  });
}

/** Decimals that every amount of the equation needs. */
export function decimalsFor(terms: readonly CostTerm[], total: string): number {
  return Math.min(18, Math.max(2, decimalsOf(total), ...terms.map(({ amount }) => decimalsOf(amount))));
}

function lineOf({ kind, quantity, unit_price: price, amount }: CostTerm, decimals: number): Line {
  const tokens = OF_TOKENS.has(kind);
  const isShare = kind === 'discount' || kind === 'margin';
  return {
    name: nameOf(kind),
    note: noteOf(kind),
    quantity: isShare ? `${shifted(quantity, 2)}%` : numberText(quantity),
    price: tokens ? exactMoney(shifted(price, 6)) : exactMoney(price),
    per: tokens ? t('call.per_million') : '',
    amount: exactMoney(amount, decimals),
    isShare,
  };
}

export function nameOf(kind: string): string {
  const key = `call.terms.${kind}`;
  return hasText(key) ? t(key) : kind.replaceAll('_', ' ');
}

function noteOf(kind: string): string {
  const key = `call.term_notes.${kind}`;
  return hasText(key) ? t(key) : '';
}

/** A quantity keeps its digits, whatever its size. */
function numberText(quantity: string): string {
  return decimalsOf(quantity) === 0 ? count(Number(quantity)) : quantity;
}

/** Tokens of all terms together; null when something else than tokens was billed as well. */
export function tokensOf(terms: readonly CostTerm[]): number | null {
  const tokens = terms.filter(({ kind }) => OF_TOKENS.has(kind));
  return tokens.length === terms.length ? tokens.reduce((sum, { quantity }) => sum + Number(quantity), 0) : null;
}
