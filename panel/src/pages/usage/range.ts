import type { Days, Span } from '../../api/usage.ts';
import { isoDay, midnight } from '../../format/time.ts';

export const RANGES = ['today', '7d', '30d', '90d', 'month', 'last_month', 'custom'] as const;
export type Range = (typeof RANGES)[number];

const DAY_MS = 86_400_000;

/** A day so many days later; noon, so that a change of the clock does not matter. */
export function dayAfter(date: string, days: number): string {
  return isoDay(midnight(date) + days * DAY_MS + DAY_MS / 2);
}

function monthOf(date: string): Days {
  const first = `${date.slice(0, 8)}01`;
  return { first, last: dayAfter(`${dayAfter(first, 32).slice(0, 8)}01`, -1) };
}

/** The days of a range as it is now. @param custom what stands in the address; it may be anything */
export function daysOf(range: Range, custom: Days, now: number): Days {
  const today = isoDay(now);
  switch (range) {
    case 'today':
      return { first: today, last: today };
    case '7d':
      return { first: dayAfter(today, -6), last: today };
    case '30d':
      return { first: dayAfter(today, -29), last: today };
    case '90d':
      return { first: dayAfter(today, -89), last: today };
    case 'month':
      return { first: monthOf(today).first, last: today };
    case 'last_month':
      return monthOf(dayAfter(monthOf(today).first, -1));
    case 'custom':
      return isDay(custom.first) && isDay(custom.last) && custom.first <= custom.last ? custom : { first: today, last: today };
  }
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(midnight(text));
}

/** How many days these are. */
export function lengthOf({ first, last }: Days): number {
  return Math.round((midnight(last) - midnight(first)) / DAY_MS) + 1;
}

/** As many days, right before or after. */
export function neighbour(days: Days, step: -1 | 1): Days {
  const by = step * lengthOf(days);
  return { first: dayAfter(days.first, by), last: dayAfter(days.last, by) };
}

/** What it is compared with: the same days of the month before for a month, else as many days before. */
export function before(range: Range, days: Days): Days {
  if (range !== 'month' && range !== 'last_month') return neighbour(days, -1);
  const last = monthOf(dayAfter(days.first, -1));
  const same = dayAfter(last.first, lengthOf(days) - 1);
  return { first: last.first, last: range === 'last_month' || same > last.last ? last.last : same };
}

export function spanOf({ first, last }: Days): Span {
  return { from: midnight(first), until: midnight(dayAfter(last, 1)) };
}

/** Every day, the first one first. */
export function eachDay(days: Days): string[] {
  return Array.from({ length: lengthOf(days) }, (_, index) => dayAfter(days.first, index));
}
