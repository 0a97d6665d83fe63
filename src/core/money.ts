/**
 * Money without floating point (ruling M1).
 *
 * An amount is a whole number of femto-dollars (10^-15 US dollars). A price is a decimal of any
 * precision, read from its text. Amounts are rounded half up once, when a cost is made from prices.
 */

declare const usdBrand: unique symbol;

/** US dollars in units of 10^-15. May be negative (an adjustment); a cost never is. */
export type Usd = bigint & { readonly [usdBrand]: true };

/** Decimal places kept in an amount. */
export const USD_DECIMALS = 15;

export const NO_USD = 0n as Usd;

/** A decimal number: `units * 10^-scale`, `scale` never negative. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads decimal text such as `3e-07`, `0.25` or `1_000`.
 *
 * @throws {RangeError} when the text is no finite decimal number
 */
export function decimalOf(text: string): Decimal {
  const match = DECIMAL.exec(text.replaceAll('_', '').trim());
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole.length + fraction.length === 0) throw new RangeError(`not a decimal number: ${text.slice(0, 40)}`);
  const exponent = Number(match[4] ?? 0);
  const digits = BigInt(whole + fraction) * (match[1] === '-' ? -1n : 1n);
  const scale = fraction.length - exponent;
  return scale >= 0 ? { units: digits, scale } : { units: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** `value` in units of 10^-`scale`; digits beyond are rounded half up (away from zero). */
export function unitsAt(value: Decimal, scale: number): bigint {
  if (value.scale <= scale) return value.units * 10n ** BigInt(scale - value.scale);
  return divideHalfUp(value.units, 10n ** BigInt(value.scale - scale));
}

/** Integer division, rounded half up (away from zero for negative values). `divisor` is positive. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return dividend >= 0n ? (dividend + half) / divisor : -((-dividend + half) / divisor);
}

/**
 * Reads an amount from decimal text.
 *
 * @throws {RangeError} when the text is no decimal number
 */
export function usdOf(text: string): Usd {
  return unitsAt(decimalOf(text), USD_DECIMALS) as Usd;
}

const ZERO = 0x30;

/** The amount as plain decimal text, every digit, no exponent: `0.0000375`, `10`, `-2.5`. */
export function usdText(usd: Usd): string {
  if (usd === 0n) return '0';
  const sign = usd < 0n ? '-' : '';
  const digits = (usd < 0n ? 0n - usd : (usd as bigint)).toString().padStart(USD_DECIMALS + 1, '0');
  const point = digits.length - USD_DECIMALS;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end--;
  return sign + digits.slice(0, point) + (end === point ? '' : `.${digits.slice(point, end)}`);
}

export function addUsd(a: Usd, b: Usd): Usd {
  return (a + b) as Usd;
}

export function subtractUsd(a: Usd, b: Usd): Usd {
  return (a - b) as Usd;
}

/** The amount as a JSON number with every digit; give it to `JSON.stringify`. */
export function usdJson(usd: Usd): unknown {
  return JSON.rawJSON(usdText(usd));
}
