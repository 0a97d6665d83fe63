import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activityRange, rowRange } from '../../src/ledger/sums/activity-range.ts';

const NOW = Date.UTC(2026, 3, 20, 9, 30);
const DAY_MS = 86_400_000;

/** On which day each quarter of an hour is counted, as the statement does it. */
function daysOf(moment: number, range: ReturnType<typeof activityRange>): string[] {
  const utc = new Date(moment).toISOString().slice(0, 10);
  const inUtc = range.utcDays !== null && utc >= range.utcDays.first && utc <= range.utcDays.last ? [utc] : [];
  const inside = range.days.length > 0 && moment >= (range.days[0]?.start ?? 0) && moment < range.end;
  return inside ? [...inUtc, range.days.findLast(({ start }) => start <= moment)?.date ?? ''] : inUtc;
}

describe('the days of a range', () => {
  test('are those of the daily table in UTC', () => {
    expect(activityRange('2025-01-01', '2026-04-20', 'UTC', NOW)).toEqual({ utcDays: { first: '2025-01-01', last: '2026-04-20' }, days: [], end: 0, utcUntil: null }); // prettier-ignore
  });

  test('begin at midnight of the zone while quarters are kept, on days of 23 hours too', () => {
    const { utcDays, days, end, utcUntil } = activityRange('2026-03-29', '2026-03-30', 'Europe/Berlin', NOW);
    expect({ utcDays, utcUntil }).toEqual({ utcDays: null, utcUntil: null });
    expect(days).toEqual([
      { date: '2026-03-29', start: Date.UTC(2026, 2, 28, 23) },
      { date: '2026-03-30', start: Date.UTC(2026, 2, 29, 22) },
    ]);
    expect(end).toBe(Date.UTC(2026, 2, 30, 22));
  });

  test('are those of UTC before, and the answer can say so', () => {
    const { utcDays, days, utcUntil } = activityRange('2026-01-01', '2026-04-20', 'America/Los_Angeles', NOW);
    expect(utcDays).toEqual({ first: '2026-01-01', last: '2026-03-11' });
    expect(days[0]).toEqual({ date: '2026-03-12', start: Date.UTC(2026, 2, 12) });
    expect(days[1]).toEqual({ date: '2026-03-13', start: Date.UTC(2026, 2, 13, 7) });
    expect(utcUntil).toBe('2026-03-12');
    expect(activityRange('2025-01-01', '2025-01-31', 'Asia/Tokyo', NOW)).toMatchObject({ days: [], utcUntil: '2025-01-31' });
  });

  test('hold each moment once and lose none, in every zone', () => {
    const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kathmandu', 'Europe/Berlin', 'America/St_Johns', '+05:45', '-09:30'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 80 * 96 }), (zone, quarter) => {
        const range = activityRange('2026-02-01', '2026-04-20', zone, NOW);
        const moment = Date.UTC(2026, 1, 2) + quarter * 900_000;
        if (moment >= Date.UTC(2026, 3, 20) - DAY_MS) return;
        expect(daysOf(moment, range)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  test('are none when the end comes first', () => {
    expect(activityRange('2026-01-02', '2026-01-01', 'UTC', NOW)).toMatchObject({ utcDays: null, days: [] });
    expect(rowRange('2026-01-02', '2026-01-01', 'UTC')).toMatchObject({ utcDays: null, days: [] });
  });

  test('reach back in their zone without end where rows are folded', () => {
    expect(rowRange('2020-01-01', '2020-01-01', 'Asia/Tokyo')).toEqual({
      utcDays: null,
      days: [{ date: '2020-01-01', start: Date.UTC(2019, 11, 31, 15) }],
      end: Date.UTC(2020, 0, 1, 15),
      utcUntil: null,
    });
  });
});
