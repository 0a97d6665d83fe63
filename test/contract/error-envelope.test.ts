import { expect, test } from 'vitest';
import { errorAnswerOf } from '../../src/contract/error-envelope.ts';
import { AuthError, BudgetExceededError, RateLimitExceededError, RequestTooLargeError } from '../../src/core/errors.ts';
import { usdOf } from '../../src/core/money.ts';
import { ProviderError } from '../../src/core/provider-error.ts';

const statuses = { budgetExceeded: 429, modelAccessDenied: 401, requestTooLarge: 400 };

test('what was not foreseen tells the client nothing', () => {
  for (const thrown of [new Error('password=hunter2'), new TypeError('x is undefined'), 'text', null, undefined, { message: 'secret' }]) {
    const { status, body } = errorAnswerOf(thrown);
    expect(status).toBe(500);
    expect(body).toEqual({
      error: {
        message: 'Internal server error. The log tells more under this call id.',
        type: 'internal_server_error',
        param: null,
        code: '500',
      },
    });
  }
});

test('code is text: the symbol where there is one, else the status', () => {
  expect(errorAnswerOf(new AuthError('no')).body.error['code']).toBe('401');
  expect(
    errorAnswerOf(new ProviderError({ class: 'ContextWindowExceededError', status: 400, message: 'long', code: 'context_length_exceeded' }))
      .body.error['code'],
  ).toBe('context_length_exceeded');
});

test('settings choose the status of budgets and sizes, and the code follows', () => {
  const budget = new BudgetExceededError('key', 'Key=a', usdOf('2'), usdOf('1'), null, null, 0);
  expect(errorAnswerOf(budget)).toMatchObject({ status: 422, body: { error: { code: '422' } } });
  expect(errorAnswerOf(budget, statuses)).toMatchObject({ status: 429, body: { error: { code: '429' } } });
  expect(errorAnswerOf(new RequestTooLargeError(1_048_576), statuses).status).toBe(400);
});

test('a wait is told in whole seconds, at least one, and a long one asks not to try again', () => {
  const soon = errorAnswerOf(new RateLimitExceededError('api_key: x', 'requests', 1, 0, 1100, 1000));
  expect(soon.headers).toMatchObject({ 'retry-after': '1', rate_limit_type: 'requests', reset_at: '1970-01-01 00:00:01 UTC' });
  expect(soon.headers['x-should-retry']).toBeUndefined();
  expect(errorAnswerOf(new RateLimitExceededError('api_key: x', 'tokens', 1, 0, 41_000, 1000)).headers).toMatchObject({
    'retry-after': '40',
    'x-should-retry': 'false',
  });
});

test('a provider\u2019s own type, code and wait are passed on', () => {
  const answer = errorAnswerOf(
    new ProviderError({
      class: 'RateLimitError',
      status: 429,
      message: 'slow down',
      type: 'tokens',
      code: 'rate_limit_exceeded',
      retryAfterMs: 1500,
      fields: { innererror: 1 },
    }),
  );
  expect(answer).toEqual({
    status: 429,
    headers: { 'retry-after': '2' },
    body: {
      error: {
        message: 'slow down',
        type: 'tokens',
        param: null,
        code: 'rate_limit_exceeded',
        provider_specific_fields: { innererror: 1 },
      },
    },
  });
});
