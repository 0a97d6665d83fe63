import { describe, expect, test } from 'vitest';
import { GatewayError, RateLimitExceededError } from '../../src/core/errors.ts';
import { usdOf } from '../../src/core/money.ts';
import { Desk, HASH, policyOf, refusalOf } from './support.ts';

describe('requests a minute', () => {
  test('the window begins with its first call and ends exactly a minute later', () => {
    const desk = new Desk();
    const two = policyOf({ rpm: 2 });
    desk.admit(two);
    desk.clock.pass(30_000);
    desk.admit(two);
    desk.clock.pass(29_999);
    const refusal = refusalOf(() => desk.admit(two));
    expect(refusal).toBeInstanceOf(RateLimitExceededError);
    expect(refusal.message).toBe(
      `Rate limit exceeded for api_key: ${HASH}. Limit type: requests. Current limit: 2, Remaining: 0. Limit resets at: 2026-05-15 10:31:00 UTC`,
    );
    expect(refusal).toMatchObject({
      type: 'throttling_error',
      retryAfterMs: 1000,
      shouldRetry: null,
      headers: { rate_limit_type: 'requests', reset_at: '2026-05-15 10:31:00 UTC' },
    });
    desk.clock.pass(1);
    desk.admit(two);
    desk.admit(two);
    expect(() => desk.admit(two)).toThrow(RateLimitExceededError);
  });

  test('a wait longer than a voice turn tells not to retry (ruling E7)', () => {
    const desk = new Desk();
    desk.admit(policyOf({ rpm: 1 }));
    expect(refusalOf(() => desk.admit(policyOf({ rpm: 1 })))).toMatchObject({ retryAfterMs: 60_000, shouldRetry: false });
  });

  test('a limit of 0 refuses every call', () => {
    const desk = new Desk();
    for (const policy of [
      policyOf({ rpm: 0 }),
      policyOf({ tpm: 0 }),
      policyOf({ maxParallel: 0 }),
      policyOf({ modelRpm: { 'gpt-4o': 0 } }),
    ]) {
      expect(() => desk.admit(policy)).toThrow(RateLimitExceededError);
    }
  });

  test('a limit set, raised or lowered in the running window finds the calls made in it', () => {
    const desk = new Desk();
    desk.admit(policyOf());
    desk.clock.pass(90_000);
    for (let n = 0; n < 3; n++) desk.admit(policyOf());
    expect(() => desk.admit(policyOf({ rpm: 3 }))).toThrow(RateLimitExceededError);
    desk.admit(policyOf({ rpm: 4 }));
    expect(refusalOf(() => desk.admit(policyOf({ rpm: 2 }))).message).toContain('Current limit: 2, Remaining: 0');
  });

  test('setting the system clock moves no window', () => {
    const desk = new Desk();
    const one = policyOf({ rpm: 1 });
    desk.admit(one);
    desk.clock.step(3_600_000);
    expect(() => desk.admit(one)).toThrow(RateLimitExceededError);
    desk.clock.step(-7_200_000);
    desk.clock.pass(60_000);
    desk.admit(one);
  });

  test('another length of the window acts on the next one', () => {
    const desk = new Desk({ windowMs: 1000 });
    const one = policyOf({ rpm: 1 });
    desk.admit(one);
    desk.clock.pass(1000);
    desk.admit(one);
    desk.limits.configure({ windowMs: 5000 });
    desk.clock.pass(4999);
    expect(() => desk.admit(one)).toThrow(RateLimitExceededError);
    desk.clock.pass(1);
    desk.admit(one);
  });
});

describe('tokens a minute', () => {
  const thousand = policyOf({ tpm: 1000 });

  test('an estimate is reserved and replaced by what was used', () => {
    const desk = new Desk();
    const hold = desk.admit(thousand, { input: 300, output: 500 });
    const refusal = refusalOf(() => desk.admit(thousand, { input: 201 }));
    expect(refusal.message).toContain('Limit type: tokens. Current limit: 1000, Remaining: 200.');
    desk.settle(hold, '0', { input: 300, output: 20 });
    desk.admit(thousand, { input: 680 });
    expect(() => desk.admit(thousand, { input: 1 })).toThrow(RateLimitExceededError);
  });

  test('an estimate larger than the limit is admitted alone, and what it used then counts', () => {
    const desk = new Desk();
    const hold = desk.admit(thousand, { output: 4096 });
    expect(() => desk.admit(thousand)).toThrow(RateLimitExceededError);
    desk.settle(hold, '0', { input: 100, output: 899 });
    desk.settle(desk.admit(thousand, { output: 4096 }), '0', { input: 1, output: 0 });
    expect(() => desk.admit(thousand)).toThrow(RateLimitExceededError);
  });

  test('requests and tokens have windows of their own', () => {
    const desk = new Desk();
    const both = policyOf({ rpm: 2, modelTpm: { 'gpt-4o': 10 } });
    desk.settle(desk.admit(both, { model: 'other' }));
    desk.clock.pass(59_000);
    desk.settle(desk.admit(both), '0', { input: 10, output: 0 });
    desk.clock.pass(1000);
    expect(refusalOf(() => desk.admit(both)).message).toContain(`for model_per_key: ${HASH}:gpt-4o. Limit type: tokens`);
    desk.admit(both, { model: 'other' });
    desk.clock.pass(58_999);
    expect(() => desk.admit(both)).toThrow(RateLimitExceededError);
    desk.clock.pass(1);
    desk.admit(both);
  });

  test('a call that outlives its window gives nothing back to the next, and adds only what it had not reserved', () => {
    const desk = new Desk();
    const [small, large] = [desk.admit(thousand, { output: 400 }), desk.admit(thousand, { output: 400 })];
    desk.clock.pass(60_000);
    const next = desk.admit(thousand, { output: 100 });
    desk.settle(small, '0', { input: 0, output: 10 });
    desk.settle(large, '0', { input: 0, output: 700 });
    desk.admit(thousand, { output: 600 });
    expect(() => desk.admit(thousand, { output: 1 })).toThrow(RateLimitExceededError);
    desk.settle(next);
    desk.admit(thousand, { output: 100 });
  });

  test.each([
    ['total', 110],
    ['input', 10],
    ['output', 100],
  ] as const)('%s tokens count %d of a call with 10 in and 100 out', (tokenType, counted) => {
    const desk = new Desk({ tokenType });
    desk.settle(desk.admit(thousand), '0', { input: 10, output: 100 });
    desk.admit(thousand, tokenType === 'output' ? { output: 1000 - counted } : { input: 1000 - counted });
    expect(() => desk.admit(thousand, { input: 1, output: 1 })).toThrow(RateLimitExceededError);
  });

  test('nonsense from a provider spoils no counter', () => {
    const desk = new Desk();
    for (const tokens of [NaN, -5000]) desk.settle(desk.admit(thousand), '0', { input: tokens, output: 0 });
    desk.admit(thousand, { input: 1000 });
    expect(() => desk.admit(thousand)).toThrow(RateLimitExceededError);
  });
});

describe('calls at the same time', () => {
  test('a slot is free again when its call ends, however it ends', () => {
    const desk = new Desk();
    const two = policyOf({ maxParallel: 2 });
    const holds = [desk.admit(two), desk.admit(two)] as const;
    const refusal = refusalOf(() => desk.admit(two));
    expect(refusal.message).toContain('Limit type: max_parallel_requests. Current limit: 2, Remaining: 0.');
    expect(refusal).toMatchObject({ retryAfterMs: 1000, shouldRetry: null });
    desk.clock.pass(3_600_000);
    expect(() => desk.admit(two)).toThrow(RateLimitExceededError);
    desk.settle(holds[0]);
    desk.settle(holds[0]);
    desk.admit(two);
    expect(() => desk.admit(two)).toThrow(RateLimitExceededError);
    desk.limits.release(holds[1]);
    desk.limits.release(holds[1]);
    desk.admit(two);
    expect(() => desk.admit(two)).toThrow(RateLimitExceededError);
  });
});

describe('limits by model', () => {
  test('a wildcard is one limit for all that fall under it', () => {
    const desk = new Desk();
    const policy = policyOf({ modelRpm: { 'gpt-*': 2, 'gpt-4o': 1 } });
    desk.admit(policy);
    expect(refusalOf(() => desk.admit(policy)).message).toContain(`model_per_key: ${HASH}:gpt-4o.`);
    desk.admit(policy, { model: 'gpt-5' });
    desk.admit(policy, { model: 'openai/gpt-6' });
    expect(refusalOf(() => desk.admit(policy, { model: 'gpt-7' })).message).toContain(`model_per_key: ${HASH}:gpt-7.`);
    desk.admit(policy, { model: 'claude' });
  });

  test('names without end under a wildcard lose no count', () => {
    const desk = new Desk();
    const policy = policyOf({ modelRpm: { '*': 1000 } });
    for (let n = 0; n < 1000; n++) desk.limits.release(desk.admit(policy, { model: `m${n}` }));
    for (let n = 0; n < 1000; n++) desk.admit(policy, { model: `m${n}` });
    expect(() => desk.admit(policy, { model: 'm1' })).toThrow(RateLimitExceededError);
  });
});

describe('a refused call consumes nothing elsewhere', () => {
  test.each([
    [
      'the budget',
      policyOf({ maxBudget: usdOf('0'), rpm: 1, tpm: 10, maxParallel: 1, modelRpm: { 'gpt-4o': 1 }, modelTpm: { 'gpt-4o': 10 } }),
    ],
    ['parallel calls', policyOf({ maxParallel: 0, rpm: 1, tpm: 10, modelRpm: { 'gpt-4o': 1 }, modelTpm: { 'gpt-4o': 10 } })],
    ['requests', policyOf({ rpm: 0, tpm: 10, maxParallel: 1, modelRpm: { 'gpt-4o': 1 }, modelTpm: { 'gpt-4o': 10 } })],
    ['requests of the model', policyOf({ rpm: 1, tpm: 10, maxParallel: 1, modelRpm: { 'gpt-4o': 0 }, modelTpm: { 'gpt-4o': 10 } })],
    ['tokens', policyOf({ rpm: 1, tpm: 0, maxParallel: 1, modelRpm: { 'gpt-4o': 1 }, modelTpm: { 'gpt-4o': 10 } })],
    ['tokens of the model', policyOf({ rpm: 1, tpm: 10, maxParallel: 1, modelRpm: { 'gpt-4o': 1 }, modelTpm: { 'gpt-4o': 0 } })],
  ])('refused by %s', (_, closed) => {
    const desk = new Desk();
    for (let n = 0; n < 5; n++) expect(() => desk.admit(closed, { cost: '1', input: 10 })).toThrow(GatewayError);
    expect(desk.limits.openHolds).toBe(0);
    const open = policyOf({
      maxBudget: usdOf('1'),
      rpm: 1,
      tpm: 10,
      maxParallel: 1,
      modelRpm: { 'gpt-4o': 1 },
      modelTpm: { 'gpt-4o': 10 },
    });
    const hold = desk.admit(open, { cost: '1', input: 10 });
    expect(desk.limits.budgetsOf(open)[0]).toMatchObject({ held: usdOf('1') });
    desk.limits.release(hold);
    desk.admit(open, { cost: '1', input: 10 });
  });
});
