import { expect, test } from 'vitest';
import { ollama } from '../../../src/dialects/ollama/index.ts';

const failure = (status: number, body: unknown, headers = {}) =>
  ollama.error({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

/** @see https://github.com/ollama/ollama/blob/v0.17.4/server/routes.go for Ollama's words */
test.each([
  [404, "model 'qwen9' not found", 'NotFoundError', 404],
  [400, '"gemma:2b" does not support tools', 'BadRequestError', 400],
  [400, '"gemma:2b" does not support thinking', 'BadRequestError', 400],
  [400, 'the input length exceeds the context length', 'ContextWindowExceededError', 400],
  [401, 'unauthorized', 'AuthenticationError', 401],
  [429, 'too many requests', 'RateLimitError', 429],
  [500, 'model requires more system memory (9.1 GiB) than is available (5.2 GiB)', 'InternalServerError', 500],
  [502, 'upstream unreachable', 'BadGatewayError', 502],
  [503, 'server busy, please try again.  maximum pending requests exceeded', 'ServiceUnavailableError', 503],
])('%i %s', (status, error, kind, becomes) => {
  expect(failure(status, { error })).toMatchObject({ class: kind, status: becomes, message: error });
});

test('a prompt that is too long has the code that clients look for', () => {
  expect(failure(400, { error: 'the input length exceeds the context length' }).code).toBe('context_length_exceeded');
});

test('busy servers may be tried again, wrong requests not', () => {
  const retryable = (status: number) => ollama.error({ status, headers: {}, body: '{"error":"x"}' }).retryable;
  expect([503, 500, 404, 400].map(retryable)).toEqual([true, true, false, false]);
});

test('a proxy in between may speak otherwise', () => {
  expect(failure(401, { error: { message: 'Invalid token', type: 'auth', code: 'bad_token' } })).toMatchObject({
    message: 'Invalid token',
    type: 'auth',
    code: 'bad_token',
  });
  expect(failure(502, '<html><h1>Bad Gateway</h1></html>').message).toBe('The server answered with status 502 and a page instead of JSON.');
  expect(failure(503, '').message).toBe('The server answered with status 503 and no body.');
  expect(failure(500, 'plain words').message).toBe('plain words');
});

test('an error inside a 200 is the status it names, else 500', () => {
  expect(failure(200, { error: 'no', status: 400 }).status).toBe(400);
  expect(failure(200, { error: 'no' }).status).toBe(500);
});
