import { describe, expect, test } from 'vitest';
import { Desk, policyOf } from './support.ts';

describe('x-ratelimit headers (control-plane 11.3)', () => {
  test('a key without limits has none, and neither has the master key', () => {
    const desk = new Desk();
    expect(desk.headersOf(desk.admit(policyOf()))).toEqual({});
    expect(desk.headersOf(desk.admit(null))).toEqual({});
  });

  test('each limit has its pair, and the plain names show the tightest', () => {
    const desk = new Desk();
    const policy = policyOf({ rpm: 10, tpm: 1000, maxParallel: 3, modelRpm: { 'gpt-4o': 5 }, modelTpm: { 'gpt-4o': 5000 } });
    desk.settle(desk.admit(policy, { model: 'other', input: 200 }), '0', { input: 300, output: 0 });
    desk.clock.pass(20_500);
    expect(desk.headersOf(desk.admit(policy, { input: 50, output: 50 }))).toEqual({
      'x-ratelimit-api_key-limit-requests': '10',
      'x-ratelimit-api_key-remaining-requests': '8',
      'x-ratelimit-model_per_key-limit-requests': '5',
      'x-ratelimit-model_per_key-remaining-requests': '4',
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '4',
      'x-ratelimit-reset-requests': '1m0s',
      'x-ratelimit-api_key-limit-tokens': '1000',
      'x-ratelimit-api_key-remaining-tokens': '600',
      'x-ratelimit-model_per_key-limit-tokens': '5000',
      'x-ratelimit-model_per_key-remaining-tokens': '4900',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '600',
      'x-ratelimit-reset-tokens': '40s',
      'x-ratelimit-api_key-limit-max_parallel_requests': '3',
      'x-ratelimit-api_key-remaining-max_parallel_requests': '2',
    });
  });

  test('they tell the state when they are asked for, never below 0', () => {
    const desk = new Desk();
    const policy = policyOf({ rpm: 2, tpm: 100 });
    const hold = desk.admit(policy, { input: 900 });
    expect(desk.headersOf(hold)).toMatchObject({ 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-remaining-tokens': '0' });
    desk.clock.pass(59_800);
    expect(desk.headersOf(hold)['x-ratelimit-reset-requests']).toBe('200ms');
    desk.clock.pass(200);
    expect(desk.headersOf(hold)).toMatchObject({ 'x-ratelimit-remaining-requests': '2', 'x-ratelimit-remaining-tokens': '100' });
  });
});
