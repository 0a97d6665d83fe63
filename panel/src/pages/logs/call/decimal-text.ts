/** Moves the point of a decimal text to the right, every digit kept: `0.000003` by 6 is `3`. */
export function shifted(text: string, places: number): string {
  const [whole = '0', part = ''] = text.split('.');
  const digits = part.padEnd(places, '0');
  const moved = `${whole}${digits.slice(0, places)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(places).replace(/0+$/, '');
  return rest === '' ? moved : `${moved}.${rest}`;
}
