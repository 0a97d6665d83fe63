import { midnight } from '../../format/time.ts';
import type { Summary } from '../../../../src/contract/panel/summary.ts';
import { startOfWindow, type Budget } from './forecast.ts';

const DAY_MS = 86_400_000;

/** The budget over all when there is one; else the month, without a limit. */
export function budgetOf({ budget, month }: Summary): Budget {
  const monthStart = midnight(month.first_day);
  const monthEnd = midnight(month.last_day) + DAY_MS;
  if (!budget || budget.limit === null) return { spend: month.spend, limit: null, start: monthStart, end: monthEnd };
  const end = budget.resets_at ? new Date(budget.resets_at).getTime() : monthEnd;
  const start = budget.resets_at && budget.duration ? startOfWindow(end, budget.duration) : monthStart;
  return { spend: budget.spend, limit: budget.limit, start, end };
}

/** US dollars a day over the last week that had any calls. */
export function recentPace({ month }: Summary): number {
  const days = month.days.slice(-7);
  return days.reduce((sum, { spend }) => sum + spend, 0) / Math.max(1, days.length);
}
