import type { WindowStarts } from '../../ledger/sums/subject-sums.ts';
import { dayOf, startOf } from '../../ledger/sums/local-days.ts';

/** Day, week and month that hold a moment, in Home Assistant's time zone. Milliseconds since 1970. */
export interface Windows extends WindowStarts {
  /** When the day ends, and with it perhaps the others. */
  readonly dayEnd: number;
  readonly monthEnd: number;
}

/** Days begin at midnight, weeks on Monday. @param zone IANA name */
export function windowsAt(now: number, zone: string): Windows {
  const today = dayOf(now, zone);
  const firstOfMonth = today.with({ day: 1 });
  return {
    day: startOf(today, zone),
    week: startOf(today.subtract({ days: today.dayOfWeek - 1 }), zone),
    month: startOf(firstOfMonth, zone),
    dayEnd: startOf(today.add({ days: 1 }), zone),
    monthEnd: startOf(firstOfMonth.add({ months: 1 }), zone),
  };
}
