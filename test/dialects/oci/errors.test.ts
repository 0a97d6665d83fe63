import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { chat, COMMAND_A, COMMAND_R, LLAMA, oci, readEvents } from './asking.ts';

const failure = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  oci.error({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

describe('an error', () => {
  test.each([
    [
      'oci/error-404',
      { class: 'NotFoundError', status: 404, code: 'NotAuthorizedOrNotFound', fields: { 'opc-request-id': 'A1/B2/C3' } },
      'Authorization failed',
    ],
    [
      'oci/error-of-the-maker',
      { class: 'BadRequestError', status: 400, code: 'Client specified an invalid argument' },
      'Argument not supported on this model: stop',
    ],
    ['oci/error-429', { class: 'RateLimitError', status: 429, code: 'TooManyRequests', retryAfterMs: 7000 }, 'Too many requests'],
  ])('%s is what its words say', (name, facts, words) => {
    const { about, response } = wireCase(name);
    const read = failure(about.status ?? 0, response, about.headers);
    expect(read).toMatchObject(facts);
    expect(read.message).toContain(words);
    expect(read.message).not.toContain('{');
  });

  test.each([
    [400, { code: 'InvalidParameter', message: 'Inappropriate content detected!!!' }, 'ContentPolicyViolationError', 400],
    [
      400,
      { code: '400', message: '{"message":"too many tokens: total number of tokens in the prompt cannot exceed 128000"}' },
      'ContextWindowExceededError',
      400,
    ],
    [
      400,
      {
        code: '400',
        message: JSON.stringify({
          error: { message: 'Unsupported value', type: 'invalid_request_error', param: 'temperature', code: 'unsupported_value' },
        }),
      },
      'BadRequestError',
      400,
    ],
    [
      401,
      { code: 'NotAuthenticated', message: 'The required information to complete authentication was not provided.' },
      'AuthenticationError',
      401,
    ],
    [400, { code: 'QuotaExceeded', message: 'The quota is used up.' }, 'RateLimitError', 429],
    [500, { code: '500', message: 'Internal Server Error.' }, 'InternalServerError', 500],
    [503, '<html><body>away</body></html>', 'ServiceUnavailableError', 503],
    [502, '', 'BadGatewayError', 502],
  ])('%i %j is a %s', (status, body, kind, meant) => {
    expect(failure(status, body)).toMatchObject({ class: kind, status: meant });
  });

  test('keeps the symbols of the innermost, and the parameter that it is about', () => {
    const inner = {
      error: { message: 'Unsupported value', type: 'invalid_request_error', param: 'temperature', code: 'unsupported_value' },
    };
    expect(failure(400, { code: '400', message: JSON.stringify(inner) })).toMatchObject({
      code: 'unsupported_value',
      param: 'temperature',
      message: 'Unsupported value',
    });
  });

  test('whose words are JSON without words is told as it came', () => {
    expect(failure(400, { code: 'X', message: '{"a":1}' }).message).toBe('{"a":1}');
    expect(failure(400, '[1]').message).toBe('[1]');
  });
});

describe('an answer that is none', () => {
  test.each([LLAMA, COMMAND_R, COMMAND_A])('is an error of the provider (%s)', (model) => {
    const outward = chat({}, { model });
    for (const body of [[], {}, { chatResponse: [] }, { chatResponse: {} }, { code: '429', message: 'slow down' }]) {
      expect(() => outward.answer(body)).toThrow(ProviderError);
    }
    expect(() => outward.answer({ code: '429', message: 'slow down' })).toThrow(expect.objectContaining({ status: 429 }));
  });

  test('says what the model’s end says', () => {
    const chatResponse = {
      apiFormat: 'COHERE',
      text: 'Half',
      chatHistory: [],
      finishReason: 'ERROR',
      errorMessage: 'the model broke down',
    };
    const outward = chat({}, { model: COMMAND_R });
    expect(() => outward.answer({ modelId: COMMAND_R, chatResponse })).toThrow('the model broke down');
    expect(() => readStream([wireCase('oci-cohere/failed-end').stream], 'sse', outward.reader())).toThrow('the model broke down');
    expect(() => readEvents([{ index: 0, finishReason: 'ERROR' }, { usage: { promptTokens: 1 } }])).toThrow(ProviderError);
  });
});

test('an error in a stream ends it, and what came before was told', () => {
  const reader = chat().reader();
  const { stream } = wireCase('oci/error-in-mid-stream');
  expect(() => readStream([stream], 'sse', reader)).toThrow(expect.objectContaining({ status: 500, message: 'Internal Server Error.' }));
  for (const model of [LLAMA, COMMAND_R, COMMAND_A]) {
    expect(() => readEvents([{ code: '400', message: 'Bad' }], { model })).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => readStream(['data: {"a\n\n'], 'sse', chat({}, { model }).reader())).toThrow(ProviderError);
  }
});
