import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BudgetExceededError, InvalidRequestError, RateLimitExceededError, TimeoutError } from '../../src/core/errors.ts';
import { NO_USD } from '../../src/core/money.ts';
import { retriesFor, waitBefore } from '../../src/router/retries.ts';
import { failure } from './support.ts';

const NO_POLICY = new Map<string, number>();
const allowed = (error: unknown, { others = true, fallbacks = false, policy = NO_POLICY } = {}): number =>
  retriesFor(error, 2, policy, others, fallbacks);

describe('what is tried again', () => {
  test.each([408, 409, 429, 500, 502, 503, 504, 529])('%i is', (status) => {
    expect(allowed(failure(status))).toBe(2);
    expect(allowed(failure(status), { others: false })).toBe(2);
  });

  test('our own time-outs are', () => {
    expect(allowed(new TimeoutError('first byte', 1000))).toBe(2);
  });

  test.each([400, 404, 413, 422])('%i is not', (status) => {
    expect(allowed(failure(status))).toBe(0);
  });

  test.each([401, 402, 403])('%i is only where another deployment is left', (status) => {
    expect(allowed(failure(status))).toBe(2);
    expect(allowed(failure(status), { others: false })).toBe(0);
  });

  test.each(['ContextWindowExceededError', 'ContentPolicyViolationError'] as const)('%s is not, whatever its status', (kind) => {
    expect(allowed(failure(500, { class: kind }))).toBe(0);
  });

  test('429 goes to a fallback at once when nobody else is left', () => {
    expect(allowed(failure(429), { others: false, fallbacks: true })).toBe(0);
    expect(allowed(failure(429), { others: true, fallbacks: true })).toBe(2);
  });

  test('refusals of the gateway itself are not', () => {
    const refusals = [
      new InvalidRequestError('no'),
      new BudgetExceededError('key', 'Key', NO_USD, NO_USD, null, null, 0),
      new RateLimitExceededError('api_key: x', 'requests', 1, 0, 60_000, 0),
    ];
    expect(refusals.map((error) => allowed(error))).toEqual([0, 0, 0]);
  });

  test('a retry policy replaces the count of its class, and of all others by its default', () => {
    const policy = new Map([['RateLimitErrorRetries', 5], ['BadRequestErrorRetries', 1], ['TimeoutErrorRetries', 0], ['DefaultRetries', 3]]); // prettier-ignore
    const named = (error: unknown): number => allowed(error, { policy });
    expect(named(failure(429, { class: 'RateLimitError' }))).toBe(5);
    expect(named(failure(400, { class: 'BadRequestError' }))).toBe(1);
    expect(named(new TimeoutError('total', 1))).toBe(0);
    expect(named(failure(500, { class: 'InternalServerError' }))).toBe(3);
  });
});

describe('how long is waited', () => {
  const wait = (attempt: number, error: unknown, { others = false, least = 0, random = 1 } = {}): number =>
    waitBefore(attempt, error, others, least, () => random);

  test('not at all when another deployment stands ready, save for `retry_after` of the router', () => {
    expect(wait(1, failure(429, { retryAfterMs: 9000 }), { others: true })).toBe(0);
    expect(wait(1, failure(500), { others: true, least: 300 })).toBe(300);
  });

  test('as long as the provider asks, up to a minute', () => {
    expect(wait(1, failure(429, { retryAfterMs: 1500 }))).toBe(1500);
    expect(wait(1, failure(429, { retryAfterMs: 60_000 }))).toBe(60_000);
    expect(wait(1, failure(429, { retryAfterMs: 60_001 }))).toBe(500);
    expect(wait(1, failure(429, { retryAfterMs: 0 }))).toBe(500);
    expect(wait(1, failure(429, { retryAfterMs: 100 }), { least: 2000 })).toBe(2000);
  });

  test('else half a second, doubled each time, at most eight seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map((attempt) => wait(attempt, failure(500)))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  test('between three quarters and all of that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const full = Math.min(500 * 2 ** (attempt - 1), 8000);
        const waited = wait(attempt, failure(503), { random });
        expect(waited).toBeGreaterThanOrEqual(full * 0.75);
        expect(waited).toBeLessThan(full);
      }),
    );
  });
});
