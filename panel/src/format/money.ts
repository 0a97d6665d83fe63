import { locale } from '../i18n/locale.ts';
import { t } from '../i18n/texts.ts';
import { currency } from './currency.ts';

/** US dollars as they come over the wire: a number, or its exact decimal text. Texts are for sums; what is shown is rounded here. */
export type Dollars = number | string;

/** An amount of the currency in use. */
function written(value: number, digits: number): string {
  return new Intl.NumberFormat(locale.numbers, {
    style: 'currency',
    currency: currency.code,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** What was spent: `$23.87`, `$0.0337` below ten cents, `< $0.0001` below that, `$0.00` for nothing. */
export function money(amount: Dollars): string {
  const value = Number(amount) * currency.rate;
  const size = Math.abs(value);
  if (size === 0 || size >= 0.1) return written(value, 2);
  if (size < 0.0001) return t('words.below', { amount: written(0.0001, 4) });
  // Five hundredths of a cent below ten cents still round to $0.1000.
  return written(value, size >= 0.09995 ? 2 : 4);
}

/**
 * Every digit, for equations and tooltips: `$0.0000375`. What was booked, so US dollars in any display currency.
 *
 * @param least decimals at least, so that a column of amounts is even
 */
export function exactMoney(amount: Dollars, least = 2): string {
  const text = typeof amount === 'string' ? amount : plainDecimal(amount);
  const digits = Math.min(18, Math.max(least, decimalsOf(text)));
  return new Intl.NumberFormat(locale.numbers, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: Math.min(digits, least),
    maximumFractionDigits: digits,
    // The text keeps the digits a double cannot hold.
  }).format(text as unknown as number);
}

/** How many decimals a decimal text has. */
export const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

function plainDecimal(value: number): string {
  return Math.abs(value) < 1e-6 && value !== 0 ? value.toFixed(18).replace(/0+$/, '') : String(value);
}

/** A price: `$1.25`, `$0.02`, `$0.075`, with as many decimals as it needs. "Free" for nothing. */
export function price(amount: Dollars): string {
  const value = Number(amount);
  if (value === 0) return t('words.free');
  return new Intl.NumberFormat(locale.numbers, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: value < 0.01 ? 6 : 4,
  }).format(value);
}

/** A price per million tokens from one per token; "Free" for nothing; "No price" when it is not known. */
export function pricePerMillion(perToken: Dollars | null | undefined): string {
  return perToken === null || perToken === undefined ? t('words.no_price') : price(Number(perToken) * 1e6);
}

/** Axis of a money chart: all steps with the same decimals. @param step distance of two gridlines */
export function moneyTick(value: number, step: number): string {
  return written(value * currency.rate, step >= 1 && Number.isInteger(step) ? 0 : step >= 0.1 ? 2 : step >= 0.01 ? 2 : 4);
}
