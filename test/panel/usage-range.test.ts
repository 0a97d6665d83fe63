import { expect, test } from 'vitest';
import { before, daysOf, eachDay, lengthOf, neighbour } from '../../panel/src/pages/usage/range.ts';

const now = new Date(2026, 10, 25, 14, 32).getTime();
const none = { first: '', last: '' };

test.each([
  ['today', { first: '2026-11-25', last: '2026-11-25' }],
  ['7d', { first: '2026-11-19', last: '2026-11-25' }],
  ['month', { first: '2026-11-01', last: '2026-11-25' }],
  ['last_month', { first: '2026-10-01', last: '2026-10-31' }],
] as const)('%s is these days', (range, days) => {
  expect(daysOf(range, none, now)).toEqual(days);
});

test('days of one’s own are taken when they are days in order, else today', () => {
  expect(daysOf('custom', { first: '2026-02-27', last: '2026-03-01' }, now)).toEqual({ first: '2026-02-27', last: '2026-03-01' });
  expect(daysOf('custom', { first: '2026-03-02', last: '2026-03-01' }, now).first).toBe('2026-11-25');
  expect(daysOf('custom', { first: 'then', last: 'now' }, now).first).toBe('2026-11-25');
});

test('a month is compared with the same days of the month before, other days with as many before', () => {
  expect(before('month', { first: '2026-11-01', last: '2026-11-25' })).toEqual({ first: '2026-10-01', last: '2026-10-25' });
  expect(before('month', { first: '2026-03-01', last: '2026-03-31' })).toEqual({ first: '2026-02-01', last: '2026-02-28' });
  expect(before('last_month', { first: '2026-10-01', last: '2026-10-31' })).toEqual({ first: '2026-09-01', last: '2026-09-30' });
  expect(before('7d', { first: '2026-11-19', last: '2026-11-25' })).toEqual({ first: '2026-11-12', last: '2026-11-18' });
});

test('days are counted and stepped over changes of the clock and of the year', () => {
  expect(lengthOf({ first: '2026-10-24', last: '2026-10-26' })).toBe(3);
  expect(eachDay({ first: '2026-12-30', last: '2027-01-02' })).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']);
  expect(neighbour({ first: '2026-12-30', last: '2026-12-31' }, 1)).toEqual({ first: '2027-01-01', last: '2027-01-02' });
});
