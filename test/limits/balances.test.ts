import { describe, expect, test } from 'vitest';
import { usdOf } from '../../src/core/money.ts';
import { Desk, HASH, policyOf } from './support.ts';

const KEY = `key:${HASH}`;
const NOON = Date.parse('2026-05-15T12:00:00Z');

describe('balances', () => {
  test('charges settled elsewhere count by their window', () => {
    const { limits } = new Desk();
    limits.apply([{ account: KEY, windowStart: 10 }], usdOf('1'));
    limits.apply([{ account: KEY, windowStart: 10 }], usdOf('0.5'));
    limits.apply([{ account: KEY, windowStart: 5 }], usdOf('7'));
    expect(limits.balanceOf(KEY)).toEqual({ account: KEY, spend: usdOf('1.5'), total: usdOf('8.5'), windowStart: 10 });
    limits.apply([{ account: KEY, windowStart: 20 }], usdOf('0.25'));
    expect(limits.balanceOf(KEY)).toEqual({ account: KEY, spend: usdOf('0.25'), total: usdOf('8.75'), windowStart: 20 });
  });

  test('what the database does not hold yet is added to what it holds', () => {
    const desk = new Desk();
    desk.limits.load([{ account: KEY, spend: usdOf('1'), total: usdOf('4'), windowStart: 0 }]);
    desk.limits.apply(
      [
        { account: KEY, windowStart: 0 },
        { account: 'global', windowStart: 0 },
      ],
      usdOf('0.5'),
    );
    desk.limits.applyRecord({ kind: 'adjust', account: KEY, windowStart: 0, delta: '-1.25' });
    expect(desk.limits.balanceOf(KEY)).toEqual({ account: KEY, spend: usdOf('0.25'), total: usdOf('4.5'), windowStart: 0 });
    expect(desk.limits.spendOf(HASH)).toBe(usdOf('0.25'));
    expect(desk.spent('global')).toBe('0.5');
  });

  test('loading keeps what open calls hold, and never turns a window back', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('2') });
    desk.limits.apply([{ account: KEY, windowStart: NOON }], usdOf('1'));
    const hold = desk.admit(policy, { cost: '1' });
    desk.limits.load([{ account: KEY, spend: usdOf('50'), total: usdOf('60'), windowStart: NOON - 1 }]);
    expect(desk.limits.balanceOf(KEY)).toEqual({ account: KEY, spend: usdOf('1'), total: usdOf('60'), windowStart: NOON });
    desk.limits.load([{ account: KEY, spend: usdOf('0.5'), total: usdOf('60'), windowStart: NOON }]);
    desk.settle(hold, '1');
    expect(desk.spent()).toBe('1.5');
  });

  test('an administrator sets the spend; the ledger gets the difference, the total stays', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('10'), budgetDuration: '1d', budgetResetAt: Date.parse('2026-05-16T00:00:00Z') });
    desk.spend(policy, '4');
    expect(desk.limits.adjust(KEY, usdOf('1.5'), policy)).toEqual({ kind: 'adjust', account: KEY, windowStart: 0, delta: '-2.5' });
    expect(desk.limits.balanceOf(KEY)).toMatchObject({ spend: usdOf('1.5'), total: usdOf('4') });
    desk.clock.passTo('2026-05-16T08:00:00Z');
    expect(desk.limits.adjust(KEY, usdOf('9'), policy)).toEqual({
      kind: 'adjust',
      account: KEY,
      windowStart: Date.parse('2026-05-16T00:00:00Z'),
      delta: '9',
    });
    expect(desk.limits.spendOf(HASH, policy)).toBe(usdOf('9'));
  });

  test('a look at an idle key makes the reset that is due', () => {
    const desk = new Desk();
    const policy = policyOf({ budgetDuration: '1d', budgetResetAt: Date.parse('2026-05-16T00:00:00Z') });
    desk.limits.load([{ account: KEY, spend: usdOf('3'), total: usdOf('3'), windowStart: 0 }]);
    expect(desk.limits.spendOf(HASH, policy)).toBe(usdOf('3'));
    desk.clock.passTo('2026-05-16T00:00:00Z');
    expect(desk.limits.spendOf(HASH, policy)).toBe(usdOf('0'));
    expect(desk.limits.balanceOf(KEY)?.total).toBe(usdOf('3'));
  });

  test('what a deleted key spent stays known, and leaves nothing to one that is made with the same name', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1'), windows: [{ duration: '1d', maxBudget: usdOf('1') }], rpm: 1 });
    const hold = desk.admit(policy, { cost: '1' });
    desk.limits.forget(HASH);
    desk.settle(hold, '1');
    expect(hold.charges.map(({ account }) => account)).toEqual([KEY, `${KEY}|1d`, 'global']);
    expect(desk.limits.spendOf(HASH)).toBe(usdOf('1'));
    expect(desk.limits.begin(policy, usdOf('0')).map(({ account, delta }) => [account, delta])).toEqual([
      [KEY, '-1'],
      [`${KEY}|1d`, '-1'],
    ]);
    desk.admit(policy, { cost: '1' });
    expect(desk.limits.balanceOf(KEY)).toMatchObject({ spend: 0n, total: usdOf('1') });
    expect(desk.spent('global')).toBe('1');
  });

  test('a key with a new name has spent what it had spent, on each of its budgets', () => {
    const desk = new Desk();
    const old = policyOf({
      maxBudget: usdOf('5'),
      windows: [{ duration: '1d', maxBudget: usdOf('5') }],
      modelBudgets: { m: { maxBudget: usdOf('5'), duration: null } },
    });
    desk.settle(desk.admit(old, { cost: '1', model: 'm' }), '2');
    const renamed = { ...old, id: 'b'.repeat(64) };
    desk.limits.inherit(renamed, old);
    expect(desk.limits.budgetsOf(renamed).map(({ account, spend }) => [account.slice(68), spend])).toEqual([
      ['', usdOf('2')],
      ['|1d', usdOf('2')],
      ['|model:m', usdOf('2')],
    ]);
  });
});
