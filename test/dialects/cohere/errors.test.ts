import { expect, test } from 'vitest';
import { wireCase } from '../wire-case.ts';
import { cohere } from './asking.ts';

const failure = (status: number, body: unknown, headers = {}) =>
  cohere.error({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

/** @see https://docs.cohere.com/reference/errors for Cohere's words (read 2026-11-26) */
test.each([
  [400, 'message must not be empty in a turn', 'BadRequestError', 400],
  [400, 'too many tokens: size limit exceeded by 11326 tokens. Try using shorter or fewer inputs.', 'ContextWindowExceededError', 400],
  [401, 'invalid api token', 'AuthenticationError', 401],
  [402, 'Please add or update your payment method', 'APIError', 402],
  [404, "model 'command-x' not found", 'NotFoundError', 404],
  [422, 'invalid type: parameter tools is of type object but should be of type array', 'UnprocessableEntityError', 422],
  [429, 'trial token rate limit exceeded, limit is 100 API calls per minute', 'RateLimitError', 429],
  [498, 'blocked output: this generation may be a potential violation of our terms', 'ContentPolicyViolationError', 400],
  [499, 'request cancelled by user', 'APIError', 499],
  [500, 'internal server error, this has been reported to our developers', 'InternalServerError', 500],
  [503, 'service unavailable', 'ServiceUnavailableError', 503],
  [504, 'gateway timeout', 'Timeout', 504],
])('%i %s', (status, message, kind, becomes) => {
  expect(failure(status, { message })).toMatchObject({ class: kind, status: becomes, message });
});

test('a prompt that is too long and one that is filtered have the codes that clients look for', () => {
  expect(failure(400, { message: 'too many tokens: total number of tokens in the prompt cannot exceed 4081' }).code).toBe(
    'context_length_exceeded',
  );
  expect(failure(498, { message: 'blocked input' }).code).toBe('content_policy_violation');
});

test('a limit says how long to wait, and keeps the id of the call', () => {
  const { about, response } = wireCase('cohere/error-429');
  expect(failure(about.status ?? 0, response, about.headers)).toMatchObject({
    class: 'RateLimitError',
    retryAfterMs: 6000,
    fields: { id: '0e0f' },
    message: expect.stringContaining('limited to 10 API calls / minute'),
  });
});

test('what may be tried again is told', () => {
  const retryable = (status: number) => cohere.error({ status, headers: {}, body: '{"message":"x"}' }).retryable;
  expect([503, 500, 429, 498, 404, 400].map(retryable)).toEqual([true, true, true, false, false, false]);
});

test('a proxy in between may speak otherwise', () => {
  expect(failure(401, { error: { message: 'Invalid token', type: 'auth', code: 'bad_token' } })).toMatchObject({
    message: 'Invalid token',
    type: 'auth',
    code: 'bad_token',
  });
  expect(failure(401, { error: 'no token' }).message).toBe('no token');
  expect(failure(502, '<html><h1>Bad Gateway</h1></html>').message).toBe('The server answered with status 502 and a page instead of JSON.');
  expect(failure(503, '').message).toBe('The server answered with status 503 and no body.');
  expect(failure(500, 'plain words').message).toBe('plain words');
});

test('an error inside a 200 is the status it names, else 500', () => {
  expect(failure(200, { message: 'no', status: 400 }).status).toBe(400);
  expect(failure(200, { message: 'no' }).status).toBe(500);
});
