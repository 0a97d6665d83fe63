/** Moves the point of a decimal text by some places, digit by digit: no double is in between. Text that is no such number gives null. */
function shifted(text: string, places: number): string | null {
  const found = /^(\d*)(?:\.(\d*))?$/.exec(text);
  const [whole, part] = [found?.[1] ?? '', found?.[2] ?? ''];
  if (!found || whole + part === '') return null;
  const digits = (places < 0 ? '0'.repeat(-places) : '') + whole + part + '0'.repeat(Math.max(0, places));
  const point = places < 0 ? whole.length : whole.length + places;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const right = digits.slice(point).replace(/0+$/, '');
  return right === '' ? left : `${left}.${right}`;
}

/** As typed, in a locale's way or not: `1,25` and `1.25`. */
const plain = (text: string) => text.trim().replace(',', '.');

/** A price per million as typed → per token: `1.25` → `0.00000125`; null for what is no amount. */
export const perToken = (perMillion: string) => shifted(plain(perMillion), -6);

/** A price per token as it came → per million, for a field: `0.00000125` → `1.25`. */
export function perMillion(price: unknown): string {
  const text = typeof price === 'number' ? decimalText(price) : typeof price === 'string' ? price : '';
  return shifted(/e/i.test(text) ? decimalText(Number(text)) : text, 6) ?? '';
}

/** A double as decimal text without exponent. */
function decimalText(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e');
  if (exponent === undefined) return mantissa;
  const places = Number(exponent);
  return shifted(mantissa, places) ?? mantissa;
}
