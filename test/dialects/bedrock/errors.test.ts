import { describe, expect, test } from 'vitest';
import { readError, streamError } from '../../../src/dialects/bedrock/errors.ts';

const failure = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

test.each([
  [400, 'ValidationException', 400, 'BadRequestError'],
  [403, 'AccessDeniedException', 403, 'PermissionDeniedError'],
  [403, 'ExpiredTokenException', 401, 'AuthenticationError'],
  [403, 'UnrecognizedClientException', 401, 'AuthenticationError'],
  [403, 'InvalidSignatureException', 401, 'AuthenticationError'],
  [404, 'ResourceNotFoundException', 404, 'NotFoundError'],
  [408, 'ModelTimeoutException', 408, 'Timeout'],
  [424, 'ModelErrorException', 500, 'InternalServerError'],
  [429, 'ThrottlingException', 429, 'RateLimitError'],
  [429, 'ModelNotReadyException', 429, 'RateLimitError'],
  [400, 'ServiceQuotaExceededException', 429, 'RateLimitError'],
  [500, 'InternalServerException', 500, 'InternalServerError'],
  [503, 'ServiceUnavailableException', 503, 'ServiceUnavailableError'],
])('%d %s is %d', (status, name, meant, kind) => {
  const told = { status: meant, class: kind, type: name, message: 'Words.' };
  expect(failure(status, { message: 'Words.' }, { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` })).toMatchObject(told);
  expect(failure(status, { __type: `com.amazon.coral.service#${name}`, Message: 'Words.' })).toMatchObject(told);
});

describe('a prompt that is too long', () => {
  test.each([
    'Input is too long for requested model.',
    'Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.',
    'The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum',
    'Malformed input request: expected maxLength: 8192, actual: 9000, please reformat your input and try again.',
  ])('%s', (message) => {
    expect(failure(400, { message }, { 'x-amzn-errortype': 'ValidationException' })).toMatchObject({
      class: 'ContextWindowExceededError',
      status: 400,
      code: 'context_length_exceeded',
    });
  });

  test('is not meant by a limit of tokens a minute', () => {
    const failed = failure(429, { message: 'Too many tokens, please wait before trying again.' }, { 'retry-after': '7' });
    expect(failed).toMatchObject({ class: 'RateLimitError', status: 429, retryAfterMs: 7000 });
  });
});

test('words that a filter stopped are told as such', () => {
  expect(failure(400, { message: 'This request has been blocked by our content filters.' })).toMatchObject({
    class: 'ContentPolicyViolationError',
    status: 400,
  });
});

test('a model that only a profile reaches is told how', () => {
  const message = "Invocation of model ID anthropic.claude-sonnet-4 with on-demand throughput isn't supported.";
  expect(failure(400, { message }).message).toMatch(
    /isn't supported\. Write the model with the prefix of a cross-region inference profile/,
  );
});

test('an API key that is wrong is 401', () => {
  const message = 'Authentication failed: Please make sure your API Key is valid.';
  expect(failure(403, { message }, { 'x-amzn-errortype': 'AccessDeniedException' })).toMatchObject({
    status: 401,
    class: 'AuthenticationError',
  });
});

test.each([
  [502, '<html><body>Bad gateway</body></html>', /status 502 and a page/],
  [500, '', /status 500/],
  [400, 'plain words', /^plain words$/],
])('%d with no JSON is told', (status, body, words) => {
  expect(failure(status, body)).toMatchObject({ status, message: expect.stringMatching(words) });
});

test('a stream may name the status of the model', () => {
  const data = JSON.stringify({ originalMessage: 'Overloaded', originalStatusCode: 529 });
  expect(streamError('newException', data).failure).toMatchObject({ status: 529, message: 'Overloaded' });
});
