/**
 * How a budget window is cut from the calendar (control-plane 10.4).
 *
 * `part_of_day`: multiples of `seconds` from midnight. `day`, `week`, `month`: the calendar's own.
 * `days`, `months`: every `count` of them from the window before.
 */
export type Span =
  | { readonly unit: 'part_of_day'; readonly seconds: number }
  | { readonly unit: 'day' | 'week' | 'month' }
  | { readonly unit: 'days' | 'months'; readonly count: number };

const WORDS: Readonly<Record<string, string>> = { hourly: '1h', daily: '1d', weekly: '7d', monthly: '1mo', yearly: '12mo' };
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const DAY_SECONDS = 86_400;
const MOST_DAYS = 36_525;
const MOST_MONTHS = 1200;

/**
 * Reads `30s`, `1h`, `7d`, `2w`, `1mo`, `daily` ... A day and more given in hours, minutes or seconds counts in whole
 * days, rounded up.
 *
 * @returns null when the text is no duration, is 0, or is longer than a century
 */
export function spanOf(duration: string): Span | null {
  const match = /^(\d{1,10})(mo|[smhdw])$/.exec(WORDS[duration] ?? duration);
  const count = Number(match?.[1] ?? 0);
  const unit = match?.[2] ?? '';
  if (count === 0) return null;
  if (unit === 'mo') return count === 1 ? { unit: 'month' } : count <= MOST_MONTHS ? { unit: 'months', count } : null;
  const seconds = count * (SECONDS[unit] ?? 0);
  return seconds < DAY_SECONDS ? { unit: 'part_of_day', seconds } : daysSpanOf(Math.ceil(seconds / DAY_SECONDS));
}

function daysSpanOf(days: number): Span | null {
  if (days > MOST_DAYS) return null;
  if (days === 1) return { unit: 'day' };
  if (days === 7) return { unit: 'week' };
  if (days === 30) return { unit: 'month' };
  return { unit: 'days', count: days };
}
