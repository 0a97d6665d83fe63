import { describe, expect, test } from 'vitest';
import { BudgetExceededError, RateLimitExceededError } from '../../src/core/errors.ts';
import { usdOf } from '../../src/core/money.ts';
import { askOf, Desk, HASH, policyOf } from './support.ts';

const KEY = `key:${HASH}`;

describe('a hold', () => {
  test('tells what the call is booked on, each account once', () => {
    const policy = policyOf({
      windows: [
        { duration: '1d', maxBudget: usdOf('1') },
        { duration: '1d', maxBudget: usdOf('1') },
      ],
      modelBudgets: { 'gpt-*': { maxBudget: usdOf('1'), duration: null } },
    });
    const { charges } = new Desk().admit(policy);
    expect(charges).toEqual([
      { account: KEY, windowStart: 0 },
      { account: `${KEY}|1d`, windowStart: Date.parse('2026-05-15T00:00:00Z') },
      { account: `${KEY}|model:gpt-*`, windowStart: 0 },
      { account: 'global', windowStart: 0 },
    ]);
  });

  test('is settled once: a second settlement and a release change nothing', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1'), rpm: 5, maxParallel: 1 });
    const hold = desk.admit(policy, { cost: '0.5' });
    desk.settle(hold, '0.2');
    const { charges } = hold;
    desk.settle(hold, '0.2');
    desk.limits.release(hold);
    expect(hold.charges).toBe(charges);
    expect(hold.open).toBe(false);
    expect(desk.limits.openHolds).toBe(0);
    expect(desk.limits.budgetsOf(policy)[0]).toMatchObject({ spend: usdOf('0.2'), held: 0n });
    expect(desk.headersOf(desk.admit(policy))['x-ratelimit-api_key-remaining-requests']).toBe('3');
  });

  test('that is released was never there, its request included', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1'), rpm: 1, tpm: 100, maxParallel: 1 });
    for (let n = 0; n < 10; n++) {
      const hold = desk.admit(policy, { cost: '1', input: 100 });
      desk.limits.release(hold);
      desk.settle(hold, '1');
      expect(hold.charges).toEqual([]);
    }
    expect(desk.spent()).toBe('0');
  });

  test('that is settled without cost, after a failure, keeps its request and gives the rest back', () => {
    const desk = new Desk();
    const policy = policyOf({ rpm: 2, tpm: 100, maxBudget: usdOf('1') });
    desk.settle(desk.admit(policy, { cost: '1', input: 100 }));
    desk.settle(desk.admit(policy, { cost: '1', input: 100 }));
    expect(() => desk.admit(policy)).toThrow(RateLimitExceededError);
  });

  test('moves to another model: what it held is exchanged, the request counts once', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1'), rpm: 1, maxParallel: 1, modelTpm: { 'gpt-4o': 100, claude: 100 } });
    const first = desk.admit(policy, { cost: '0.9', input: 100 });
    const second = desk.limits.move(first, askOf(policy, { model: 'claude', cost: '0.8', input: 60 }));
    expect([first.open, second.open, desk.limits.openHolds]).toEqual([false, true, 1]);
    expect(desk.limits.budgetsOf(policy)[0]).toMatchObject({ held: usdOf('0.8') });
    expect(desk.headersOf(second)).toMatchObject({
      'x-ratelimit-api_key-remaining-requests': '0',
      'x-ratelimit-model_per_key-remaining-tokens': '40',
    });
    desk.settle(first, '5');
    desk.settle(second, '0.5');
    expect([desk.spent(), desk.limits.openHolds]).toEqual(['0.5', 0]);
  });

  test('that cannot move stands as before, and one that was settled stays settled', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1'), rpm: 2, modelRpm: { claude: 0 } });
    const hold = desk.admit(policy, { cost: '0.9' });
    const move = () => desk.limits.move(hold, askOf(policy, { model: 'claude', cost: '0.1' }));
    expect(move).toThrow(RateLimitExceededError);
    expect([hold.open, desk.limits.openHolds]).toEqual([true, 1]);
    expect(desk.limits.budgetsOf(policy)[0]).toMatchObject({ held: usdOf('0.9') });
    expect(desk.headersOf(hold)).toMatchObject({ 'x-ratelimit-api_key-remaining-requests': '1' });
    desk.settle(hold, '0.9');
    expect(move).toThrow(RateLimitExceededError);
    expect([hold.open, desk.limits.openHolds, desk.spent()]).toEqual([false, 0, '0.9']);
    expect(desk.limits.budgetsOf(policy)[0]).toMatchObject({ held: 0n });
  });

  test('past its time is reported until it is settled, and meanwhile holds on', () => {
    const desk = new Desk();
    const policy = policyOf({ maxBudget: usdOf('1') });
    const expiresAt = desk.clock.now() + 660_000;
    const hold = desk.admit(policy, { cost: '1', expiresAt });
    desk.admit(null);
    expect(desk.limits.sweep(expiresAt - 1)).toEqual([]);
    expect(desk.limits.sweep(expiresAt)).toEqual([hold]);
    expect(desk.limits.sweep(expiresAt)).toEqual([hold]);
    expect(() => desk.admit(policy, { cost: '1' })).toThrow(BudgetExceededError);
    desk.settle(hold, '0.5');
    expect(desk.limits.sweep(expiresAt)).toEqual([]);
    expect(desk.limits.openHolds).toBe(1);
  });

  test('survives the sweep of idle keys with its counters', () => {
    const desk = new Desk();
    const policy = policyOf({ maxParallel: 1, rpm: 3 });
    const hold = desk.admit(policy);
    desk.clock.pass(3_600_000);
    desk.limits.sweep(desk.clock.now());
    expect(() => desk.admit(policy)).toThrow(RateLimitExceededError);
    desk.settle(hold);
    desk.limits.sweep(desk.clock.now());
    desk.admit(policy);
  });

  test('a sweep forgets no count of a running window', () => {
    const desk = new Desk();
    const policy = policyOf({ modelRpm: { 'gpt-4o': 1 } });
    desk.settle(desk.admit(policy));
    desk.clock.pass(59_999);
    desk.limits.sweep(desk.clock.now());
    expect(() => desk.admit(policy)).toThrow(RateLimitExceededError);
  });
});
