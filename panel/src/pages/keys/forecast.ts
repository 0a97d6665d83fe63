import { periodStart } from './budget-period.ts';
import type { BudgetView } from './key-facts.ts';

/** Where a budget goes if the rest of its period is like what has passed. */
export interface Forecast {
  /** Whole days of the period, and the one that runs. */
  readonly days: number;
  readonly dayNow: number;
  readonly startedAt: number;
  /** At the period's end; null while too little of it has passed to tell. */
  readonly onCourseFor: number | null;
  /** When it will be used up, milliseconds since 1970; null when it lasts. */
  readonly usedUpAt: number | null;
}

const DAY_MS = 86_400_000;
/** Share of a period before which nothing can be told. */
const LEAST_PASSED = 0.04;

/** Null for a budget that never begins anew, or whose period has no name. */
export function forecastOf({ spend, limit, duration, resetsAt }: BudgetView, now = Date.now()): Forecast | null {
  const startedAt = periodStart(resetsAt, duration);
  if (startedAt === null || resetsAt === null) return null;
  const length = Date.parse(resetsAt) - startedAt;
  const passed = Math.min(1, Math.max(0, (now - startedAt) / length));
  const days = Math.round(length / DAY_MS);
  const dayNow = Math.min(days, Math.floor((now - startedAt) / DAY_MS) + 1);
  if (passed < LEAST_PASSED || spend <= 0) return { days, dayNow, startedAt, onCourseFor: null, usedUpAt: null };
  const onCourseFor = spend / passed;
  const usedUpAt = onCourseFor > limit && spend < limit ? startedAt + (length * passed * limit) / spend : null;
  return { days, dayNow, startedAt, onCourseFor, usedUpAt };
}
