import { describe, expect, test } from 'vitest';
import type { ProviderErrorClass } from '../../../src/core/provider-error.ts';
import { errorInside, readError } from '../../../src/dialects/openai/errors.ts';
import { classify, maskSecrets, retryAfterOf } from '../../../src/dialects/provider-errors.ts';
import { wireCase } from '../wire-case.ts';

const reply = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

function caseReply(name: string) {
  const { about, response } = wireCase(`openai/${name}`);
  return reply(about.status ?? 500, response, { ...about.headers });
}

describe('an error answer', () => {
  test.each<[string, ProviderErrorClass, number, string | undefined]>([
    ['error-400', 'BadRequestError', 400, undefined],
    ['error-401', 'AuthenticationError', 401, 'invalid_api_key'],
    ['error-404', 'NotFoundError', 404, 'model_not_found'],
    ['error-429', 'RateLimitError', 429, 'rate_limit_exceeded'],
    ['error-quota', 'RateLimitError', 429, 'insufficient_quota'],
    ['error-500', 'InternalServerError', 500, undefined],
    ['error-503', 'ServiceUnavailableError', 503, undefined],
    ['error-context', 'ContextWindowExceededError', 400, 'context_length_exceeded'],
    ['error-context-llama-cpp', 'ContextWindowExceededError', 400, 'context_length_exceeded'],
    ['error-azure-filter', 'ContentPolicyViolationError', 400, 'content_filter'],
  ])('%s is a %s', (name, kind, status, code) => {
    const { failure } = caseReply(name);
    expect([failure.class, failure.status, failure.code]).toEqual([kind, status, code]);
  });

  test.each<[string, number, object, ProviderErrorClass, number, string | undefined]>([
    [
      'a deployment is unknown',
      404,
      { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } },
      'NotFoundError',
      404,
      'DeploymentNotFound',
    ],
    ['a path is unknown', 404, { error: { code: '404', message: 'Resource not found' } }, 'NotFoundError', 404, undefined],
    [
      'a key is wrong',
      401,
      { error: { code: '401', message: 'Access denied due to invalid subscription key or wrong API endpoint.' } },
      'AuthenticationError',
      401,
      undefined,
    ],
    [
      'API Management refuses',
      401,
      { statusCode: 401, message: 'Unauthorized. Access token is missing.' },
      'AuthenticationError',
      401,
      undefined,
    ],
    [
      'a token lacks its role',
      403,
      { error: { code: 'PermissionDenied', message: 'The principal lacks the required data action.' } },
      'PermissionDeniedError',
      403,
      'PermissionDenied',
    ],
    ['it took too long', 408, { error: { code: 'Timeout', message: 'The operation was timeout.' } }, 'Timeout', 408, 'Timeout'],
    [
      'a model is unknown to Foundry',
      400,
      { error: { code: 'unknown_model', message: 'Unknown model: x' } },
      'BadRequestError',
      400,
      'unknown_model',
    ],
    [
      'a filter is named inside the error alone',
      400,
      { error: { code: null, message: 'Invalid prompt.', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
      'ContentPolicyViolationError',
      400,
      'ResponsibleAIPolicyViolation',
    ],
    [
      'a filter is named in other letters',
      400,
      { error: { code: '400', message: 'Invalid prompt.', inner_error: { code: 'ResponsibleAIPolicyViolation' } } },
      'ContentPolicyViolationError',
      400,
      'ResponsibleAIPolicyViolation',
    ],
    [
      'a prompt is too long',
      400,
      { error: { code: 'context_length_exceeded', message: "This model's maximum context length is 8192 tokens." } },
      'ContextWindowExceededError',
      400,
      'context_length_exceeded',
    ],
  ])('of Azure: when %s', (_, status, body, kind, told, code) => {
    const { failure } = reply(status, body);
    expect([failure.class, failure.status, failure.code]).toEqual([kind, told, code]);
  });

  test('of Azure says to the millisecond when to come back', () => {
    const body = {
      error: { code: '429', message: 'Requests to the ChatCompletions_Create Operation have exceeded the token rate limit.' },
    };
    expect(reply(429, body, { 'retry-after': '7', 'retry-after-ms': '6412' })).toMatchObject({
      retryable: true,
      failure: { class: 'RateLimitError', retryAfterMs: 6412 },
    });
  });

  test('keeps the provider’s type, parameter and further data', () => {
    expect(caseReply('error-400').failure).toMatchObject({
      type: 'invalid_request_error',
      param: 'temperature',
      message: "Invalid value for 'temperature'.",
    });
    expect(caseReply('error-azure-filter').failure.fields).toEqual({
      innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true, severity: 'high' } } },
    });
    expect(caseReply('error-context-llama-cpp').failure.fields).toEqual({ n_prompt_tokens: 5000, n_ctx: 4096 });
  });

  test.each([
    [{ error: 'plain text' }, 'plain text'],
    [{ message: 'bare' }, 'bare'],
    [{ detail: 'fast' }, 'fast'],
    [{ detail: [{ loc: ['body', 'n'], msg: 'too big', type: 'x' }] }, 'body.n: too big'],
    [{ object: 'error', message: 'vllm', code: 400 }, 'vllm'],
    [{ error_code: 'BAD', message: 'databricks' }, 'databricks'],
    [[{ error: { code: 400, message: 'google', status: 'INVALID_ARGUMENT' } }], 'google'],
    [{ errors: [{ message: 'cloudflare', code: 1000 }], success: false }, 'cloudflare'],
    [{ error: { message: 'Provider returned error', metadata: { raw: 'upstream said no' } } }, 'Provider returned error: upstream said no'],
    [
      '<html><head><title>502 Bad\n Gateway</title></head></html>',
      'The provider answered with an HTML page ("502 Bad Gateway") and status 400.',
    ],
    ['just words', 'just words'],
    ['', 'The provider answered with status 400 and no body.'],
  ])('%j says %j', (body, message) => {
    expect(reply(400, body).failure).toMatchObject({ message, status: 400 });
  });

  test('numeric codes are no symbols', () => {
    expect(reply(429, { error: { message: 'x', code: '429' } }).failure.code).toBeUndefined();
    expect(reply(429, { error: { message: 'x', code: 429 } }).failure.code).toBeUndefined();
  });

  test('secrets never stand in the text, and it is at most 8 kB', () => {
    expect(caseReply('error-401').message).not.toContain('abcdefghijklmnop');
    expect(Buffer.byteLength(reply(500, { error: { message: 'ü'.repeat(9000) } }).message)).toBeLessThanOrEqual(8192);
  });

  test('waiting times come in milliseconds, seconds, or as a date beside the answer’s own', () => {
    expect(caseReply('error-429').failure.retryAfterMs).toBe(6512);
    expect(retryAfterOf({ 'retry-after': '7' })).toBe(7000);
    expect(retryAfterOf({ 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' })).toBe(10_000);
    expect(retryAfterOf({ 'retry-after': 'soon' })).toBeUndefined();
    expect(retryAfterOf({})).toBeUndefined();
  });
});

describe('an error inside a 200', () => {
  test.each<[object, number, ProviderErrorClass]>([
    [{ error: { message: 'x', code: 402 } }, 402, 'APIError'],
    [{ error: { message: 'x', code: '503' } }, 503, 'ServiceUnavailableError'],
    [{ error: { message: 'x', type: 'overloaded_error' } }, 500, 'InternalServerError'],
    [{ error: { message: 'x', type: 'rate_limit_error' } }, 429, 'RateLimitError'],
    [{ error: { message: 'x', type: 'invalid_request_error', code: 'context_length_exceeded' } }, 400, 'ContextWindowExceededError'],
    [{ success: false, message: 'x' }, 500, 'InternalServerError'],
    [{ object: 'error', message: 'x', code: 404 }, 404, 'NotFoundError'],
    [{ base_resp: { status_code: 1002, status_msg: 'slow' } }, 429, 'RateLimitError'],
    [{ base_resp: { status_code: 1026, status_msg: 'no' } }, 400, 'ContentPolicyViolationError'],
    [{ error: 'Unexpected endpoint or method. (POST /chat/completions)' }, 404, 'NotFoundError'],
  ])('%j', (body, status, kind) => {
    expect(errorInside({ ...body })?.failure).toMatchObject({ status, class: kind });
  });

  test.each([{ error: null }, { error: {} }, { error: '' }, { base_resp: { status_code: 0 } }, { success: true }, { choices: [] }])(
    '%j is none',
    (body) => {
      expect(errorInside({ ...body })).toBeNull();
    },
  );
});

describe('classes and statuses', () => {
  test.each<[number, string | null, string, ProviderErrorClass, number]>([
    [400, null, 'API key not valid. Please pass a valid API key.', 'AuthenticationError', 401],
    [400, null, 'Incorrect API key provided: xai-1', 'AuthenticationError', 401],
    [400, 'string_above_max_length', 'string too long. Expected a string with maximum length 10', 'BadRequestError', 400],
    [400, null, 'string too long. Expected a string with maximum length 10', 'ContextWindowExceededError', 400],
    [429, null, 'Too many tokens, please wait before trying again.', 'RateLimitError', 429],
    [400, null, 'too many tokens: total must be below 4096', 'ContextWindowExceededError', 400],
    [500, null, 'input (700 tokens) is too large to process. increase the physical batch size', 'ContextWindowExceededError', 400],
    [400, null, 'prompt is too long: 210000 tokens > 200000 maximum', 'ContextWindowExceededError', 400],
    [403, null, 'x', 'PermissionDeniedError', 403],
    [408, null, 'x', 'Timeout', 408],
    [409, null, 'x', 'APIError', 409],
    [413, null, 'x', 'BadRequestError', 413],
    [422, null, 'x', 'UnprocessableEntityError', 422],
    [502, null, 'x', 'BadGatewayError', 502],
    [504, null, 'x', 'Timeout', 504],
    [529, null, 'x', 'InternalServerError', 529],
    [599, null, 'x', 'InternalServerError', 599],
  ])('%i %s "%s" is %s', (status, code, text, kind, given) => {
    expect(classify(status, code, text)).toEqual({ class: kind, status: given });
  });

  test.each([
    ['Authorization: Bearer abcdef123456', 'Authorization: Bearer ***'],
    ['https://x/y?key=AIzaSyA1234567890123456789&alt=sse', 'https://x/y?key=***&alt=sse'],
    ['{"api_key": "verysecret"}', '{"api_key": "***"}'],
    ['key gsk_abcdefghijklmnopqrstuv wrong', 'key gsk_*** wrong'],
    ['AKIAIOSFODNN7EXAMPLE', 'AKIA***'],
    ['a task-oriented model', 'a task-oriented model'],
  ])('%s is masked', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });
});
