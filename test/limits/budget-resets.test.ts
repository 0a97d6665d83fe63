import { describe, expect, test } from 'vitest';
import { BudgetExceededError } from '../../src/core/errors.ts';
import { usdOf } from '../../src/core/money.ts';
import { Desk, HASH, policyOf } from './support.ts';

const MIDNIGHT = Date.parse('2026-05-16T00:00:00Z');
const daily = policyOf({ maxBudget: usdOf('1'), budgetDuration: '1d', budgetResetAt: MIDNIGHT });
const KEY = `key:${HASH}`;

describe('a reset', () => {
  test('comes with the first access at the boundary, not a millisecond before', () => {
    const desk = new Desk();
    desk.spend(daily, '1');
    desk.clock.pass(MIDNIGHT - 1 - desk.clock.now());
    expect(() => desk.admit(daily)).toThrow(BudgetExceededError);
    desk.clock.pass(1);
    desk.spend(daily, '0.25');
    expect(desk.limits.balanceOf(KEY)).toEqual({ account: KEY, spend: usdOf('0.25'), total: usdOf('1.25'), windowStart: MIDNIGHT });
    expect(desk.limits.budgetsOf(daily)[0]?.resetAt).toBe(MIDNIGHT + 86_400_000);
  });

  test('happens once for each window, however long nothing was asked', () => {
    const desk = new Desk();
    desk.spend(daily, '1');
    desk.clock.passTo('2026-07-20T12:00:00Z');
    desk.spend(daily, '0.5');
    desk.spend(daily, '0.5');
    expect(() => desk.admit(daily)).toThrow(BudgetExceededError);
    expect(desk.limits.balanceOf(KEY)).toMatchObject({ windowStart: Date.parse('2026-07-20T00:00:00Z'), total: usdOf('2') });
  });

  test('a clock that steps back gives no second budget', () => {
    const desk = new Desk();
    desk.clock.passTo('2026-05-16T00:00:01Z');
    desk.spend(daily, '1');
    desk.clock.step(-2000);
    expect(() => desk.admit(daily)).toThrow(BudgetExceededError);
    desk.clock.step(2000);
    expect(() => desk.admit(daily)).toThrow(BudgetExceededError);
    desk.clock.passTo('2026-05-17T00:00:00Z');
    desk.admit(daily);
  });

  test('a reservation made before the boundary is booked behind it, and counts there meanwhile', () => {
    const desk = new Desk({ at: '2026-05-15T23:59:59Z' });
    desk.spend(daily, '0.3');
    const hold = desk.admit(daily, { cost: '0.6' });
    expect(hold.charges).toContainEqual({ account: KEY, windowStart: 0 });
    desk.clock.pass(2000);
    expect(() => desk.admit(daily, { cost: '0.5' })).toThrow(BudgetExceededError);
    desk.settle(hold, '0.7');
    expect(hold.charges).toContainEqual({ account: KEY, windowStart: MIDNIGHT });
    expect(desk.spent()).toBe('0.7');
    expect(desk.limits.budgetsOf(daily)[0]).toMatchObject({ held: 0n });
  });

  test('is read from the balance after a restart, and not made twice', () => {
    const desk = new Desk({ at: '2026-05-16T10:00:00Z' });
    desk.limits.load([{ account: KEY, spend: usdOf('0.9'), total: usdOf('5'), windowStart: MIDNIGHT }]);
    desk.spend(daily, '0.05');
    expect(desk.spent()).toBe('0.95');
    const late = new Desk({ at: '2026-05-16T10:00:00Z' });
    late.limits.load([{ account: KEY, spend: usdOf('0.9'), total: usdOf('5'), windowStart: MIDNIGHT - 86_400_000 }]);
    late.spend(daily, '0.05');
    expect(late.limits.balanceOf(KEY)).toMatchObject({ spend: usdOf('0.05'), total: usdOf('5.05') });
  });

  test('a stored time off the calendar begins the window; the calendar ends it', () => {
    const odd = policyOf({ maxBudget: usdOf('1'), budgetDuration: '1d', budgetResetAt: Date.parse('2026-05-15T13:22:00Z') });
    const desk = new Desk();
    desk.spend(odd, '1');
    desk.clock.passTo('2026-05-15T13:22:00Z');
    desk.spend(odd, '1');
    expect(desk.limits.balanceOf(KEY)?.windowStart).toBe(Date.parse('2026-05-15T13:22:00Z'));
    desk.clock.passTo('2026-05-16T00:00:00Z');
    desk.admit(odd);
  });

  test('a budget without a stored reset never resets, whatever its duration says', () => {
    const desk = new Desk();
    const never = policyOf({ maxBudget: usdOf('1'), budgetDuration: '1d' });
    desk.spend(never, '1');
    desk.clock.passTo('2027-05-15T10:30:00Z');
    expect(() => desk.admit(never)).toThrow(BudgetExceededError);
    expect(desk.limits.budgetsOf(never)[0]?.resetAt).toBe(null);
  });

  test('windows and model budgets reset apart from each other', () => {
    const policy = policyOf({
      windows: [
        { duration: '1h', maxBudget: usdOf('1') },
        { duration: '3d', maxBudget: usdOf('10') },
      ],
      modelBudgets: { 'gpt-4o': { maxBudget: usdOf('2'), duration: '1d' } },
    });
    const desk = new Desk();
    desk.spend(policy, '1');
    desk.clock.passTo('2026-05-15T11:00:00Z');
    desk.spend(policy, '1');
    expect([desk.spent(`${KEY}|1h`), desk.spent(`${KEY}|3d`), desk.spent(`${KEY}|model:gpt-4o`)]).toEqual(['1', '2', '2']);
    desk.clock.passTo('2026-05-16T00:00:00Z');
    desk.spend(policy, '1');
    expect([desk.spent(`${KEY}|1h`), desk.spent(`${KEY}|3d`), desk.spent(`${KEY}|model:gpt-4o`)]).toEqual(['1', '3', '1']);
    desk.clock.passTo('2026-05-18T00:00:00Z');
    desk.spend(policy, '1');
    expect(desk.spent(`${KEY}|3d`)).toBe('1');
    expect(desk.limits.budgetsOf(policy).map(({ resetAt }) => resetAt && new Date(resetAt).toISOString())).toEqual([
      null,
      '2026-05-18T01:00:00.000Z',
      '2026-05-21T00:00:00.000Z',
      '2026-05-19T00:00:00.000Z',
    ]);
  });

  test('the global budget resets in local time', () => {
    const desk = new Desk({ at: '2026-05-15T21:59:59Z', zone: { timezone: 'Europe/Berlin', resetTime: '00:00' } });
    desk.limits.setGlobalBudget({ maxBudget: usdOf('1'), duration: '1d' });
    desk.spend(policyOf(), '1');
    expect(() => desk.admit(policyOf())).toThrow(BudgetExceededError);
    desk.clock.pass(1000);
    desk.spend(policyOf(), '0.5');
    expect(desk.limits.globalBudget()).toMatchObject({ spend: usdOf('0.5'), resetAt: Date.parse('2026-05-16T22:00:00Z') });
  });

  test('another time zone acts at once', () => {
    const desk = new Desk({ at: '2026-05-15T23:00:00Z' });
    const policy = policyOf({ windows: [{ duration: '1d', maxBudget: usdOf('1') }] });
    desk.spend(policy, '1');
    expect(() => desk.admit(policy)).toThrow(BudgetExceededError);
    desk.limits.configure({ zone: { timezone: 'Europe/Berlin', resetTime: '00:00' } });
    desk.admit(policy);
  });

  test('a longer duration keeps what was spent, a shorter one begins anew when its boundary has passed', () => {
    const desk = new Desk();
    const of = (duration: string) => policyOf({ modelBudgets: { 'gpt-4o': { maxBudget: usdOf('1'), duration } } });
    desk.spend(of('1d'), '0.5');
    desk.spend(of('1mo'), '0.25');
    expect(desk.spent(`${KEY}|model:gpt-4o`)).toBe('0.75');
    desk.clock.passTo('2026-05-16T00:00:00Z');
    desk.spend(of('1mo'), '0.125');
    expect(desk.spent(`${KEY}|model:gpt-4o`)).toBe('0.875');
    desk.spend(of('1d'), '0.5');
    expect(desk.spent(`${KEY}|model:gpt-4o`)).toBe('0.5');
  });

  test('a changed key does not keep the windows of its open calls from ending', () => {
    const desk = new Desk({ at: '2026-05-15T23:59:00Z' });
    const of = (rpm: number) =>
      policyOf({
        rpm,
        windows: [{ duration: '1d', maxBudget: usdOf('9') }],
        modelBudgets: { 'gpt-4o': { maxBudget: usdOf('9'), duration: '1d' } },
      });
    const hold = desk.admit(of(10), { cost: '1' });
    desk.limits.policyChanged(of(20));
    desk.clock.pass(120_000);
    desk.settle(hold, '1');
    expect(hold.charges.slice(1, 3)).toEqual([
      { account: `${KEY}|1d`, windowStart: MIDNIGHT },
      { account: `${KEY}|model:gpt-4o`, windowStart: MIDNIGHT },
    ]);
  });
});
