import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { spanOf } from '../../src/limits/duration.ts';
import { ResetCalendar } from '../../src/limits/reset-times.ts';

function ms(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

function nextOf(duration: string, at: string, timezone = 'UTC', resetTime = '00:00'): string {
  const next = new ResetCalendar({ timezone, resetTime }).nextReset(duration, ms(at));
  return next === null ? 'never' : Temporal.Instant.fromEpochMilliseconds(next).toString();
}

describe('the next reset (control-plane 10.4)', () => {
  test.each([
    ['1d', '2023-05-15T10:30:00Z', '2023-05-16T00:00:00Z'],
    ['7d', '2023-05-17T15:45:00Z', '2023-05-22T00:00:00Z'],
    ['30d', '2023-05-15T10:00:00Z', '2023-06-01T00:00:00Z'],
    ['3d', '2023-05-15T10:30:00Z', '2023-05-18T00:00:00Z'],
    ['2w', '2023-05-17T09:00:00Z', '2023-05-31T00:00:00Z'],
    ['2h', '2023-05-15T15:20:30Z', '2023-05-15T16:00:00Z'],
    ['2h', '2023-05-15T14:00:00Z', '2023-05-15T16:00:00Z'],
    ['30m', '2023-05-15T23:50:00Z', '2023-05-16T00:00:00Z'],
    ['15s', '2023-05-15T10:00:14.999Z', '2023-05-15T10:00:15Z'],
    ['15s', '2023-05-15T10:00:15Z', '2023-05-15T10:00:30Z'],
    ['24h', '2023-05-15T10:30:00Z', '2023-05-16T00:00:00Z'],
    ['daily', '2023-05-16T00:00:00Z', '2023-05-17T00:00:00Z'],
    ['weekly', '2023-05-22T00:00:00Z', '2023-05-29T00:00:00Z'],
    ['1w', '2023-05-21T23:59:59Z', '2023-05-22T00:00:00Z'],
    ['monthly', '2023-12-31T23:59:59Z', '2024-01-01T00:00:00Z'],
    ['1mo', '2023-06-01T00:00:00Z', '2023-07-01T00:00:00Z'],
    ['2mo', '2023-12-15T00:00:00Z', '2024-02-01T00:00:00Z'],
    ['hourly', '2023-05-15T10:59:59Z', '2023-05-15T11:00:00Z'],
    ['yearly', '2023-05-15T10:00:00Z', '2024-05-01T00:00:00Z'],
    ['5h', '2023-05-15T21:00:00Z', '2023-05-16T00:00:00Z'],
    ['36h', '2023-05-15T10:00:00Z', '2023-05-17T00:00:00Z'],
  ])('%s at %s in UTC is %s', (duration, at, next) => {
    expect(nextOf(duration, at)).toBe(next);
  });

  test.each([
    ['1d', '2023-05-16T22:30:00+00:00', 'Asia/Kolkata', '2023-05-17T18:30:00Z'],
    ['1d', '2023-05-16T10:30:00+00:00', 'Asia/Kolkata', '2023-05-16T18:30:00Z'],
    ['1d', '2023-05-15T15:00:00Z', 'Asia/Tokyo', '2023-05-16T15:00:00Z'],
    ['1mo', '2023-01-31T23:30:00Z', 'Europe/Berlin', '2023-02-28T23:00:00Z'],
    ['30m', '2023-05-15T10:10:00Z', 'Asia/Kathmandu', '2023-05-15T10:15:00Z'],
  ])('%s at %s in %s (%s) is local', (duration, at, zone, next) => {
    expect(nextOf(duration, at, zone)).toBe(next);
  });

  test.each([
    ['1mo', '2023-05-01T09:00:00Z', '2023-05-01T12:00:00Z'],
    ['1mo', '2023-05-01T12:00:00Z', '2023-06-01T12:00:00Z'],
    ['7d', '2023-05-22T09:00:00Z', '2023-05-22T12:00:00Z'],
    ['1d', '2023-05-22T12:00:00Z', '2023-05-23T12:00:00Z'],
    ['3d', '2023-05-15T10:30:00Z', '2023-05-18T12:00:00Z'],
    ['2h', '2023-05-15T15:20:30Z', '2023-05-15T16:00:00Z'],
  ])('%s at %s with reset time 12:00 is %s', (duration, at, next) => {
    expect(nextOf(duration, at, 'UTC', '12:00')).toBe(next);
  });

  test.each([
    ['a day is 23 hours when the clocks go forward', '1d', '2026-03-29T00:30:00+01:00', '00:00', '2026-03-29T22:00:00Z'],
    ['a day is 25 hours when they go back', '1d', '2026-10-25T00:30:00+02:00', '00:00', '2026-10-25T23:00:00Z'],
    ['a skipped reset time counts from the skip', '1d', '2026-03-29T00:30:00+01:00', '02:30', '2026-03-29T01:00:00Z'],
    ['a repeated reset time counts the first time', '1d', '2026-10-25T00:30:00+02:00', '02:30', '2026-10-25T00:30:00Z'],
    ['and not a second time', '1d', '2026-10-25T02:45:00+02:00', '02:30', '2026-10-26T01:30:00Z'],
    ['a skipped hour ends at the skip', '2h', '2026-03-29T01:59:00+01:00', '00:00', '2026-03-29T01:00:00Z'],
    ['after the skip the wall clock counts', '2h', '2026-03-29T03:00:00+02:00', '00:00', '2026-03-29T02:00:00Z'],
    ['hours repeat when the clocks go back', '1h', '2026-10-25T02:59:00+02:00', '00:00', '2026-10-25T01:00:00Z'],
    ['minutes too', '5m', '2026-10-25T02:58:00+02:00', '00:00', '2026-10-25T01:00:00Z'],
  ])('Berlin: %s', (_, duration, at, resetTime, next) => {
    expect(nextOf(duration, at, 'Europe/Berlin', resetTime)).toBe(next);
  });

  test('midnight that does not exist is the first moment of the day', () => {
    expect(nextOf('1d', '2026-04-23T12:00:00Z', 'Africa/Cairo')).toBe('2026-04-23T22:00:00Z');
  });

  test('leap day and month ends', () => {
    expect(nextOf('1d', '2028-02-28T10:00:00Z')).toBe('2028-02-29T00:00:00Z');
    expect(nextOf('1d', '2027-02-28T10:00:00Z')).toBe('2027-03-01T00:00:00Z');
    expect(nextOf('1mo', '2028-02-29T23:59:59Z')).toBe('2028-03-01T00:00:00Z');
    expect(nextOf('2mo', '2027-12-31T10:00:00Z')).toBe('2028-02-01T00:00:00Z');
  });

  test('an unknown zone or time falls back, with a warning that names it', () => {
    const calendar = new ResetCalendar({ timezone: 'Mars/Olympus', resetTime: '25:00' });
    expect(calendar.warnings).toEqual([
      'unknown time zone "Mars/Olympus": budgets reset in UTC',
      'budget_reset_time "25:00" is no HH:MM time: budgets reset at 00:00',
    ]);
    expect(calendar.nextReset('1d', ms('2023-05-15T10:30:00Z'))).toBe(ms('2023-05-16T00:00:00Z'));
    expect(new ResetCalendar({ timezone: 'Asia/Tokyo', resetTime: '06:30:15' }).warnings).toEqual([]);
  });

  test.each(['', '0d', 'd', '-1d', '1.5h', '1y', '1 d', 'sometimes', '9999999d'])('%o is no duration', (text) => {
    expect(spanOf(text)).toBe(null);
    expect(nextOf(text, '2023-05-15T10:30:00Z')).toBe('never');
  });
});

const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Apia',
  'America/Sao_Paulo',
);
const durations = fc.constantFrom('15s', '7m', '30m', '45m', '1h', '2h', '5h', '1d', '3d', '7d', '2w', '1mo', '2mo', '12mo');
const moments = fc.integer({ min: ms('2010-01-01T00:00:00Z'), max: ms('2035-01-01T00:00:00Z') });
/** Within three hours of a change of the clocks. */
const changes = fc
  .tuple(
    fc.constantFrom(
      ...[
        '2026-03-29T01:00Z',
        '2026-10-25T01:00Z',
        '2026-11-01T06:00Z',
        '2026-03-08T07:00Z',
        '2026-04-04T15:00Z',
        '2011-12-30T10:00Z',
        '2026-04-23T22:00Z',
      ].map(ms),
    ),
    fc.integer({ min: -10_800_000, max: 10_800_000 }),
  )
  .map(([at, off]) => at + off);
const times = fc.constantFrom('00:00', '02:30', '12:00');

describe('windows', () => {
  test('hold their moment, and follow on each other without gap or overlap', () => {
    fc.assert(
      fc.property(zones, durations, times, fc.oneof(moments, changes), (timezone, duration, resetTime, at) => {
        const window = new ResetCalendar({ timezone, resetTime }).windowAt(duration, at);
        if (!window) throw new Error('no window');
        expect(window.start).toBeLessThanOrEqual(at);
        expect(window.end).toBeGreaterThan(at);
        const again = (moment: number, lastStart: number) =>
          new ResetCalendar({ timezone, resetTime }).windowAt(duration, moment, lastStart);
        expect(again(window.end - 1, window.start)).toEqual(window);
        expect(again(window.start, window.start)).toEqual(window);
        expect(again(window.end, window.start)?.start).toBe(window.end);
        expect(again(window.end, window.end)?.start).toBe(window.end);
      }),
      { numRuns: 600 },
    );
  });

  test('parts of a day begin where the wall clock shows a multiple, or just skipped one', () => {
    fc.assert(
      fc.property(
        zones,
        fc.constantFrom(['15s', 15] as const, ['7m', 420] as const, ['1h', 3600] as const, ['5h', 18_000] as const),
        fc.oneof(moments, changes),
        (timezone, [duration, seconds], at) => {
          const start = new ResetCalendar({ timezone, resetTime: '00:00' }).windowAt(duration, at)?.start ?? 0;
          const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timezone);
          const second = local.hour * 3600 + local.minute * 60 + local.second;
          const skipped = local.subtract({ seconds: 1 }).offsetNanoseconds !== local.offsetNanoseconds;
          expect(second % seconds === 0 || skipped).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a long pause of every length finds the same window as a sweep that never slept', () => {
    fc.assert(
      fc.property(zones, durations, moments, fc.integer({ min: 0, max: 40 }), (timezone, duration, at, steps) => {
        const calendar = new ResetCalendar({ timezone, resetTime: '00:00' });
        const begun = calendar.windowAt(duration, at)?.start ?? 0;
        let window = calendar.windowAt(duration, at, begun);
        for (let n = 0; n < steps && window; n++) window = calendar.windowAt(duration, window.end, window.start);
        expect(calendar.windowAt(duration, window?.start ?? 0, begun)).toEqual(window);
      }),
      { numRuns: 200 },
    );
  });

  test('a reset off the calendar begins a window that ends on it', () => {
    const calendar = new ResetCalendar({ timezone: 'UTC', resetTime: '00:00' });
    expect(calendar.windowAt('1d', ms('2023-05-15T10:30:00Z'), ms('2023-05-15T09:00:00Z'))).toEqual({
      start: ms('2023-05-15T09:00:00Z'),
      end: ms('2023-05-16T00:00:00Z'),
    });
    expect(calendar.windowAt('1d', ms('2023-05-15T10:30:00Z'), ms('2023-05-14T09:00:00Z'))?.start).toBe(ms('2023-05-15T00:00:00Z'));
  });

  test('a window that every account shares costs no calendar work the second time', () => {
    const calendar = new ResetCalendar({ timezone: 'Europe/Berlin', resetTime: '00:00' });
    const at = ms('2026-05-15T10:30:00Z');
    expect(calendar.windowAt('1d', at)).toEqual(calendar.windowAt('1d', at + 1));
    const work = vi.spyOn(Temporal.Instant, 'fromEpochMilliseconds');
    onTestFinished(() => work.mockRestore());
    expect(calendar.windowAt('1d', at + 2)?.end).toBe(ms('2026-05-15T22:00:00Z'));
    expect(work).not.toHaveBeenCalled();
    expect(calendar.windowAt('1d', at + 86_400_000)?.end).toBe(ms('2026-05-16T22:00:00Z'));
    expect(work).toHaveBeenCalled();
  });
});
