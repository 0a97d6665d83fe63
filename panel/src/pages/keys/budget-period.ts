import { hasText, t } from '../../i18n/texts.ts';
import { clock, day, month } from '../../format/time.ts';
import type { Option } from '../../components/gw-select.ts';

/** Spellings of the same period; budgets of them begin at the same moments. */
const SAME: Readonly<Record<string, string>> = { '24h': '1d', daily: '1d', '1w': '7d', weekly: '7d', '30d': '1mo', monthly: '1mo' };

/** Periods that have a name: day, week, month. */
export const usualPeriod = (duration: string | null): string => (duration === null ? '' : (SAME[duration] ?? duration));

/** What a budget's period is called in a choice; another one stands as it is written. */
function choiceOf(period: string): string {
  const key = `budget.starts_again.${period === '' ? 'never' : `p${period}`}`;
  return hasText(key) ? t(key) : t('budget.starts_again.every', { period });
}

/** The usual periods, and the one that is set when it is another. */
export function periodOptions(current: string): Option[] {
  const usual = ['', '1d', '7d', '1mo'];
  const all = usual.includes(current) ? usual : [...usual, current];
  return all.map((value) => ({ value, label: choiceOf(value) }));
}

/** When it begins anew, in words below the choice. */
export function periodHint(period: string): string {
  const key = `budget.begins.${period === '' ? 'never' : `p${period}`}`;
  return hasText(key) ? t(key) : '';
}

/** "a month", "a week", "in 3d": behind an amount. */
export function perPeriod(duration: string | null): string {
  const period = usualPeriod(duration);
  const key = `budget.per.${period === '' ? 'never' : `p${period}`}`;
  return hasText(key) ? t(key) : t('budget.per.other', { period });
}

const DAY_MS = 86_400_000;

/** When a budget begins anew: the hour within a day, the weekday of a weekly one, else the date. */
export function resetDay(resetsAt: string, duration: string | null, now = Date.now()): string {
  const left = Date.parse(resetsAt) - now;
  if (left < DAY_MS) return clock(resetsAt);
  return usualPeriod(duration) === '7d' ? weekdayName(resetsAt) : day(resetsAt, now);
}

function weekdayName(moment: string): string {
  return new Intl.DateTimeFormat(document.documentElement.lang || 'en', { weekday: 'long' }).format(new Date(moment));
}

/** Heading of a budget: "Budget for November". */
export function budgetHeading(duration: string | null, now = Date.now()): string {
  switch (usualPeriod(duration)) {
    case '1d':
      return t('budget.for_today');
    case '7d':
      return t('budget.for_week');
    case '1mo':
      return t('budget.for_month', { month: month(now) });
    default:
      return t('budget.heading');
  }
}

/** When the running period of a budget began, milliseconds since 1970; null when its period has no name of ours. */
export function periodStart(resetsAt: string | null, duration: string | null): number | null {
  if (resetsAt === null) return null;
  const end = new Date(resetsAt);
  switch (usualPeriod(duration)) {
    case '1d':
      return end.getTime() - DAY_MS;
    case '7d':
      return end.getTime() - 7 * DAY_MS;
    case '1mo':
      // The day before a month's end lies in the month, whatever the zone.
      return end.getTime() - daysOfMonth(end.getTime() - DAY_MS) * DAY_MS;
    default:
      return null;
  }
}

function daysOfMonth(at: number): number {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
