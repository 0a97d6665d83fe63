import { usdOf, type Usd } from './money.ts';

/** A number kept as the text that stood in the JSON; `JSON.stringify` writes it back digit for digit. */
export interface ExactNumber {
  readonly rawJSON: string;
}

/**
 * Parses JSON without losing digits (ruling M1): whole numbers that a double holds are numbers, every other number is an
 * {@link ExactNumber}.
 *
 * @throws {SyntaxError}
 */
export function parseExact(text: string): unknown {
  if (!MAY_LOSE.test(text)) return JSON.parse(text);
  return JSON.parse(text, function keepDigits(_key, value, { source }) {
    if (typeof value !== 'number' || source === undefined) return value;
    return Number.isSafeInteger(value) && String(value) === source ? value : JSON.rawJSON(source);
  });
}

/**
 * A number that a double may hold otherwise than it is written: with a point or an exponent, longer than fifteen digits, or the
 * negative nought. Text without any, in its strings too, needs no second look at each value, which takes five times as long.
 */
const MAY_LOSE = /\d[.eE]|\d{16}|-0/;

export function isExactNumber(value: unknown): value is ExactNumber {
  return typeof value === 'object' && value !== null && typeof (value as Partial<ExactNumber>).rawJSON === 'string';
}

/** A number, exact or not, as a double; null for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return isExactNumber(value) ? Number(value.rawJSON) : null;
}

/** An amount from a parsed JSON value: a number, an exact number, or decimal text; null for anything else. */
export function usdFrom(value: unknown): Usd | null {
  try {
    if (typeof value === 'number' && Number.isFinite(value)) return usdOf(String(value));
    if (typeof value === 'string') return usdOf(value);
    return isExactNumber(value) ? usdOf(value.rawJSON) : null;
  } catch {
    return null;
  }
}
