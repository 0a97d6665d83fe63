import { money } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import type { Answer } from './answer.ts';

/** `$0.0015`, "Free", "No price"; `$0.0015 so far` while it grows. */
export function costText(answer: Answer): string {
  const amount = amountText(answer);
  return answer.running ? t('playground.so_far', { amount }) : amount;
}

/** The amount alone. */
export function amountText(answer: Answer): string {
  const { cost, unpriced } = answer;
  if (cost === null || unpriced) return t('words.no_price');
  const { inputPrice, outputPrice } = answer.prices;
  return cost === 0 && inputPrice === 0 && outputPrice === 0 ? t('words.free') : money(cost);
}

/** `1,842 in, 532 out` */
export function tokensText({ tokens: { input, output } }: Answer): string {
  return t('playground.in_out', { input: count(input), output: count(output) });
}
