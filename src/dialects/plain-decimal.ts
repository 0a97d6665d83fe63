/**
 * A number's shortest decimal, without exponent: money goes on as text (ruling M1).
 *
 * @returns undefined for what is no finite, non-negative number
 */
export function plainDecimal(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : typeof value === 'string' ? value.trim() : '';
  const found = NUMBER.exec(text);
  if (!found) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = found;
  return shifted(whole, fraction, Number(exponent));
}

const NUMBER = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/** `whole.fraction` times ten to the power `by`. */
function shifted(whole: string, fraction: string, by: number): string {
  const digits = whole + fraction;
  const point = whole.length + by;
  const left = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const right = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const trimmed = right.replace(/0+$/, '');
  return left.replace(/^0+(?=\d)/, '') + (trimmed === '' ? '' : `.${trimmed}`);
}
