import { describe, expect, test } from 'vitest';
import { BudgetExceededError } from '../../src/core/errors.ts';
import { usdOf } from '../../src/core/money.ts';
import { Desk, HASH, policyOf, refusalOf } from './support.ts';

const TEN = policyOf({ maxBudget: usdOf('10') });

describe('a budget near its limit (ruling M5)', () => {
  test('settled spend over the limit refuses, and tells not to retry', () => {
    const desk = new Desk();
    desk.spend(TEN, '10.02');
    const refusal = refusalOf(() => desk.admit(TEN));
    expect(refusal).toBeInstanceOf(BudgetExceededError);
    expect(refusal.message).toBe('Budget has been exceeded! Key=app (sk-...AbCd) Current cost: 10.02, Max budget: 10.');
    expect(refusal).toMatchObject({
      type: 'budget_exceeded',
      scope: 'key',
      shouldRetry: false,
      retryAfterMs: null,
      headers: { 'x-litellm-budget-scope': 'key' },
    });
  });

  test('spend equal to the limit is over it', () => {
    const desk = new Desk();
    desk.spend(TEN, '9.999999999999999');
    desk.spend(TEN, '0.000000000000001');
    expect(() => desk.admit(TEN)).toThrow(BudgetExceededError);
  });

  test('open calls that fill the rest refuse, tell how many hold what, and ask to retry', () => {
    const desk = new Desk();
    desk.spend(TEN, '1');
    const holds = [desk.admit(TEN, { cost: '4' }), desk.admit(TEN, { cost: '4.5' })];
    const refusal = refusalOf(() => desk.admit(TEN, { cost: '0.6' }));
    expect(refusal.message).toBe(
      'Budget has been exceeded! Key=app (sk-...AbCd) Current cost: 1, Max budget: 10. 2 running calls hold 8.5 of it; try again when they end.',
    );
    expect(refusal).toMatchObject({ shouldRetry: true, retryAfterMs: 1000 });
    desk.admit(TEN, { cost: '0.5' });
    for (const hold of holds) desk.settle(hold, '0');
    desk.admit(TEN, { cost: '8' });
  });

  test('with nothing held one call is admitted whose estimate does not fit, and no second beside it', () => {
    const desk = new Desk();
    desk.spend(TEN, '9.99');
    const hold = desk.admit(TEN, { cost: '5' });
    expect(refusalOf(() => desk.admit(TEN, { cost: '0.001' })).message).toContain('1 running call holds 5 of it');
    desk.settle(hold, '0.005');
    desk.settle(desk.admit(TEN, { cost: '5' }), '0.005');
    expect(refusalOf(() => desk.admit(TEN))).toMatchObject({ shouldRetry: false });
  });

  test('calls of unknown price hold nothing and do not stand in each other’s way', () => {
    const desk = new Desk();
    const holds = Array.from({ length: 5 }, () => desk.admit(TEN, { cost: '0' }));
    desk.admit(TEN, { cost: '20' });
    expect(refusalOf(() => desk.admit(TEN)).message).toContain('1 running call holds 20 of it');
    expect(desk.limits.openHolds).toBe(holds.length + 1);
  });

  test('a limit of 0 refuses the first call', () => {
    const refusal = refusalOf(() => new Desk().admit(policyOf({ maxBudget: usdOf('0') })));
    expect(refusal.message).toBe('Budget has been exceeded! Key=app (sk-...AbCd) Current cost: 0, Max budget: 0.');
    expect(refusal.shouldRetry).toBe(false);
  });

  test('a call that cannot cost anything is asked for no budget', () => {
    const desk = new Desk();
    desk.settle(desk.admit(policyOf({ maxBudget: usdOf('0') }), { cost: '1', free: true }));
    desk.spend(TEN, '11');
    desk.admit(TEN, { free: true });
    expect(desk.limits.budgetsOf(TEN)[0]).toMatchObject({ held: 0n, spend: usdOf('11') });
  });
});

describe('which budget refuses (control-plane 10.1)', () => {
  const all = policyOf({
    maxBudget: usdOf('10'),
    windows: [
      { duration: '1d', maxBudget: usdOf('5') },
      { duration: '1h', maxBudget: usdOf('4') },
    ],
    modelBudgets: { 'gpt-4o': { maxBudget: usdOf('3'), duration: null } },
  });

  test('the first in the order of the table names the error', () => {
    const desk = new Desk();
    desk.limits.setGlobalBudget({ maxBudget: usdOf('2'), duration: null });
    const textAfter = (spend: string) => {
      desk.limits.apply(
        [`key:${HASH}`, `key:${HASH}|1d`, `key:${HASH}|1h`, `key:${HASH}|model:gpt-4o`, 'global'].map((account) => ({
          account,
          windowStart: desk.limits.balanceOf(account)?.windowStart ?? 0,
        })),
        usdOf(spend),
      );
      return refusalOf(() => desk.admit(all)).message;
    };
    desk.spend(all, '2');
    expect(refusalOf(() => desk.admit(all)).message).toBe('Budget has been exceeded! Global budget: Current cost: 2, Max budget: 2.');
    expect(textAfter('1')).toBe(
      `Budget has been exceeded! LiteLLM Virtual Key: ${HASH}, key_alias: app (sk-...AbCd), exceeded budget for model=gpt-4o Current cost: 3, Max budget: 3.`,
    );
    expect(textAfter('1')).toBe(
      'Budget has been exceeded! Key=app (sk-...AbCd) Window=1h Current cost: 4, Max budget: 4. Budget resets at: 2026-05-15 11:00:00 UTC.',
    );
    expect(textAfter('1')).toBe(
      'Budget has been exceeded! Key=app (sk-...AbCd) Window=1d Current cost: 5, Max budget: 5. Budget resets at: 2026-05-16 00:00:00 UTC.',
    );
    expect(textAfter('5')).toBe('Budget has been exceeded! Key=app (sk-...AbCd) Current cost: 10, Max budget: 10.');
  });

  test('a budget that resets tells when, and how long that is', () => {
    const desk = new Desk();
    const daily = policyOf({ maxBudget: usdOf('1'), budgetDuration: '1d', budgetResetAt: Date.parse('2026-05-16T00:00:00Z') });
    desk.spend(daily, '1');
    expect(refusalOf(() => desk.admit(daily)).retryAfterMs).toBe(13.5 * 3_600_000);
  });

  test('exhausting one model touches no other', () => {
    const desk = new Desk();
    desk.spend(all, '3');
    expect(refusalOf(() => desk.admit(all)).message).toContain('exceeded budget for model=gpt-4o');
    expect(desk.admit(all, { model: 'claude' }).charges.map(({ account }) => account)).toEqual([
      `key:${HASH}`,
      `key:${HASH}|1d`,
      `key:${HASH}|1h`,
      'global',
    ]);
  });

  test.each([
    ['gpt-4o', 'gpt-4o'],
    ['openai/gpt-4o', 'gpt-4o'],
    ['anthropic/claude-sonnet', 'anthropic/claude-sonnet'],
    ['anthropic/claude-opus', 'anthropic/*'],
    ['gpt-5', 'gpt-*'],
    ['gpt-4.1-mini', 'gpt-4.1*'],
    ['azure/gpt-5', 'gpt-*'],
    ['llama3', null],
  ])('a call to %s falls under the entry %s', (model, entry) => {
    const entries = Object.fromEntries(
      ['gpt-4o', 'anthropic/claude-sonnet', 'anthropic/*', 'gpt-*', 'gpt-4.1*'].map((name) => [
        name,
        { maxBudget: usdOf('1'), duration: null },
      ]),
    );
    const { charges } = new Desk().admit(policyOf({ modelBudgets: entries }), { model });
    expect(charges.find(({ account }) => account.includes('model:'))?.account).toBe(
      entry === null ? undefined : `key:${HASH}|model:${entry}`,
    );
  });

  test('the master key is refused by nothing, and what it spends counts globally', () => {
    const desk = new Desk();
    desk.limits.setGlobalBudget({ maxBudget: usdOf('1'), duration: null });
    desk.spend(null, '5');
    desk.spend(null, '5');
    expect(desk.spent('global')).toBe('10');
    expect(refusalOf(() => desk.admit(policyOf()))).toMatchObject({ scope: 'global', shouldRetry: false });
    desk.limits.setGlobalBudget(null);
    desk.admit(policyOf());
  });
});

describe('limits that change while the key is in use (ruling K3)', () => {
  test('a raised or lowered budget acts at once', () => {
    const desk = new Desk();
    desk.spend(TEN, '6');
    expect(() => desk.admit(policyOf({ maxBudget: usdOf('5') }))).toThrow(BudgetExceededError);
    desk.limits.policyChanged(policyOf({ maxBudget: usdOf('7') }));
    desk.admit(policyOf({ maxBudget: usdOf('7') }));
  });

  test('a temporary increase counts until its time, to the millisecond', () => {
    const desk = new Desk();
    const until = desk.clock.now() + 1000;
    const raised = policyOf({ maxBudget: usdOf('10'), temporaryIncrease: { amount: usdOf('5'), until } });
    desk.spend(raised, '12');
    desk.clock.pass(999);
    desk.limits.release(desk.admit(raised));
    desk.clock.pass(1);
    expect(refusalOf(() => desk.admit(raised)).message).toContain('Current cost: 12, Max budget: 10.');
  });

  test('an increase of no budget is none', () => {
    const desk = new Desk();
    desk.spend(policyOf({ temporaryIncrease: { amount: usdOf('5'), until: Infinity } }), '100');
    desk.admit(policyOf({ temporaryIncrease: { amount: usdOf('5'), until: Infinity } }));
  });
});
