import { dayOf, localDays, startOf, type LocalDay } from './local-days.ts';

/** Where the sums of a range of days stand. */
export interface ActivityRange {
  /** Whole UTC days of the daily table, both included; null: none. */
  readonly utcDays: { readonly first: string; readonly last: string } | null;
  /** Days that quarters of an hour are folded into, one after another; empty: none. */
  readonly days: readonly LocalDay[];
  /** When the last of `days` ends, milliseconds since 1970. */
  readonly end: number;
  /** The last day that is one of UTC although another zone was asked for. */
  readonly utcUntil: string | null;
}

const UTC: ReadonlySet<string> = new Set(['UTC', '+00:00']);
const NO_DAYS = { days: [], end: 0 } as const;

/** Days for which quarters are certainly there: they are kept for 40. */
const KEPT_DAYS = 39;

/**
 * Days of a zone are folded from quarters of an hour as long as these are kept; before that, days are those of UTC (ruling M14). The
 * last UTC day reaches to where the first local one begins, so that each moment is in one day, and none is lost.
 */
export function activityRange(firstDay: string, lastDay: string, zone: string, now: number): ActivityRange {
  const [first, last] = [Temporal.PlainDate.from(firstDay), Temporal.PlainDate.from(lastDay)];
  if (Temporal.PlainDate.compare(first, last) > 0) return { utcDays: null, ...NO_DAYS, utcUntil: null };
  if (UTC.has(zone)) return { utcDays: { first: firstDay, last: lastDay }, ...NO_DAYS, utcUntil: null };
  const seam = dayOf(now, 'UTC').subtract({ days: KEPT_DAYS });
  const before = earlier(last, seam.subtract({ days: 1 }));
  const days = localDays(later(first, seam), last, zone).map((day) => (day.date === seam.toString() ? { ...day, start: startOf(seam, 'UTC') } : day)); // prettier-ignore
  return {
    utcDays: Temporal.PlainDate.compare(first, before) > 0 ? null : { first: firstDay, last: before.toString() },
    days,
    end: days.length === 0 ? 0 : startOf(last.add({ days: 1 }), zone),
    utcUntil: Temporal.PlainDate.compare(first, seam) > 0 ? null : earlier(last, seam).toString(),
  };
}

/** Every day in its zone, however long ago: for what is folded from the rows of calls themselves. */
export function rowRange(firstDay: string, lastDay: string, zone: string): ActivityRange {
  const last = Temporal.PlainDate.from(lastDay);
  const days = localDays(Temporal.PlainDate.from(firstDay), last, zone);
  return { utcDays: null, days, end: days.length === 0 ? 0 : startOf(last.add({ days: 1 }), zone), utcUntil: null };
}

function earlier(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) < 0 ? a : b;
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) > 0 ? a : b;
}
