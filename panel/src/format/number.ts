import { locale } from '../i18n/locale.ts';

/** `24,310` */
export function count(value: number): string {
  return new Intl.NumberFormat(locale.numbers, { maximumFractionDigits: 0 }).format(value);
}

/** `400K`, `1.2M`: where a figure stands in a sentence or a narrow column. */
export function compact(value: number): string {
  return new Intl.NumberFormat(locale.numbers, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** @param share 0 to 1; whole percents above 10 %, one decimal below, none for 0 */
export function percent(share: number): string {
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return new Intl.NumberFormat(locale.numbers, { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** A figure with a chosen number of decimals. */
export function decimal(value: number, digits: number): string {
  return new Intl.NumberFormat(locale.numbers, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** `3.4 GB` */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  const unit = units[step] ?? 'byte';
  return new Intl.NumberFormat(locale.numbers, { style: 'unit', unit, maximumFractionDigits: step === 0 ? 0 : 1 }).format(
    value / 1000 ** step,
  );
}
