import { locale } from '../i18n/locale.ts';

/** In which currency amounts are shown. They come in US dollars; `rate` is how much of the currency one of them is. */
export interface Currency {
  code: string;
  rate: number;
}

/** The currency in use; `format/money` reads it at each call. */
export const currency: Currency = { code: 'USD', rate: 1 };

/** Takes a currency into use. What cannot be a rate leaves US dollars. */
export function useCurrency(code: string, rate: number): void {
  const usable = /^[A-Z]{3}$/.test(code) && Number.isFinite(rate) && rate > 0;
  Object.assign(currency, usable ? { code, rate } : { code: 'USD', rate: 1 });
}

/** Codes and names of all currencies, by name. */
export function currencies(): { readonly code: string; readonly name: string }[] {
  const names = new Intl.DisplayNames(locale.language, { type: 'currency' });
  const all = Intl.supportedValuesOf('currency').map((code) => ({ code, name: names.of(code) ?? code }));
  return all.toSorted((a, b) => a.name.localeCompare(b.name, locale.language));
}
