import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDuration, durationMs, parseDuration } from '../../src/config/duration.ts';

describe('a duration', () => {
  test.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['hourly', 3_600_000],
    ['daily', 86_400_000],
    ['weekly', 604_800_000],
  ])('%s is %d ms', (text, ms) => {
    const duration = parseDuration(text);
    expect(duration && durationMs(duration)).toBe(ms);
  });

  test.each(['1mo', 'monthly', 'yearly'])('%s has no fixed length', (text) => {
    const duration = parseDuration(text);
    expect(duration).not.toBeNull();
    expect(duration && durationMs(duration)).toBeNull();
  });

  test.each(['', '0s', '-1d', '1.5h', '1 d', '1y', 'd', '1D', '1M', '10', '1d2h', 'constructor', '9999999999s', ' 1d'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test.each([
    ['2024-01-31T10:00:00Z', '1mo', '2024-02-29T10:00:00Z'],
    ['2023-01-31T10:00:00Z', '1mo', '2023-02-28T10:00:00Z'],
    ['2023-11-15T23:59:59.999Z', '3mo', '2024-02-15T23:59:59.999Z'],
    ['2024-02-29T00:00:00Z', 'yearly', '2025-02-28T00:00:00Z'],
    ['2024-03-30T12:00:00Z', '2d', '2024-04-01T12:00:00Z'],
  ])('from %s, %s later is %s', (from, text, until) => {
    const duration = parseDuration(text);
    expect(duration && addDuration(Date.parse(from), duration)).toBe(Date.parse(until));
  });

  test('beyond the last day that can be written is null', () => {
    expect(addDuration(0, { amount: 999_999_999, unit: 'w' })).toBeNull();
    expect(addDuration(0, { amount: 999_999_999, unit: 'mo' })).toBeNull();
  });

  test('always moves forward', () => {
    const unit = fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 1000 }), unit, (from, amount, word) => {
        const duration = parseDuration(`${amount}${word}`);
        const until = duration && addDuration(from, duration);
        expect(until).toBeGreaterThan(from);
      }),
    );
  });
});
