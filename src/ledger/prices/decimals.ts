import { decimalOf, type Decimal } from '../../core/money.ts';

/** Plain decimal text, every digit, no exponent: `0.0000003`, `12`, `-0.05`. */
export function decimalText({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * The decimal that a number was written as: its shortest digits that read back the same (ruling M1). No arithmetic is
 * done with the number itself.
 *
 * @throws {RangeError} for NaN and the infinities
 */
export function decimalOfNumber(value: number): Decimal {
  return decimalOf(String(value));
}

/** `value * 10^-places`, exact. */
export function shiftDown(value: Decimal, places: number): Decimal {
  return { units: value.units, scale: value.scale + places };
}
