/** How the reader writes numbers, dates and times. Set at start from Home Assistant when it frames us, else from the browser. */
export interface Locale {
  /** BCP 47, `en`, `de-CH`. */
  language: string;
  /** Locale that writes numbers; differs from the language when the reader chose so. */
  numbers: string;
  /** `null`: as the language does. */
  hour12: boolean | null;
  /** IANA name; sums of days and months are asked for in it. */
  timeZone: string;
  direction: 'ltr' | 'rtl';
}

const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'dv', 'fa', 'ha', 'he', 'ku', 'ps', 'ur', 'yi']);

export function directionOf(language: string): Locale['direction'] {
  return RIGHT_TO_LEFT.has(language.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

function browserLocale(): Locale {
  const language = globalThis.navigator?.language || 'en';
  return {
    language,
    numbers: language,
    hour12: null,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    direction: directionOf(language),
  };
}

/** The locale in use; `format/` reads it at each call. */
export const locale: Locale = browserLocale();
