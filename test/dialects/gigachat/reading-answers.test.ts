import { describe, expect, test } from 'vitest';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { gigachat } from '../../../src/dialects/gigachat/index.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';
import { chat, CITY, STATE, streamOf } from './asking.ts';

const answerOf = (name: string) => chat().answer(wireCase(`gigachat/${name}`).response).choices[0];

describe.each(['text', 'function-call', 'function-result', 'reasoning', 'blacklist', 'length', 'form'])('an answer with %s', (name) => {
  const { response, stream } = wireCase(`gigachat/${name}`);

  test('reads the same whole and streamed', () => {
    expectFoldEquals(streamOf(name), chat().answer(response));
  });

  test('may be cut anywhere', () => {
    expectCutsChangeNothing(stream, 'sse', () => chat().reader());
  });
});

describe('an answer', () => {
  test('counts what came from the cache, and bills the rest', () => {
    expect(foldStream(streamOf('text')).usage).toMatchObject({
      inputTokens: 21,
      outputTokens: 9,
      cacheReadTokens: 6,
      billed: { inputTokens: 15, outputTokens: 9 },
    });
  });

  test('that calls has the state by which GigaChat goes on', () => {
    expect(answerOf('function-call')).toMatchObject({
      parts: [
        { type: 'reasoning', text: '', encrypted: STATE, origin: 'gigachat' },
        { type: 'tool_call', name: 'get_weather', arguments: '{"city":"Zürich","days":2}' },
      ],
      finish: { reason: 'tool_calls' },
    });
  });

  test('that fills in the form is text', () => {
    const format = { type: 'json_schema', json_schema: { name: 'capital', schema: CITY } };
    const { response, stream } = wireCase('gigachat/form');
    const whole = chat({ response_format: format }).answer(response);
    expect(whole.choices).toEqual([{ index: 0, parts: [{ type: 'text', text: '{"city":"Wien"}' }], finish: { reason: 'stop' } }]);
    expectFoldEquals(readStream([stream], 'sse', chat({ response_format: format }).reader()), whole);
  });

  test('that the filter of words gave is one of a content filter', () => {
    expect(answerOf('blacklist')?.finish).toEqual({ reason: 'content_filter', native: 'blacklist' });
    expect(answerOf('length')?.finish).toEqual({ reason: 'length' });
  });

  test('gives calls ids that the conversation does not have yet', () => {
    const idOf = (messages: readonly object[]): string => {
      const [, call] = chat({ messages }).answer(wireCase('gigachat/function-call').response).choices[0]?.parts ?? [];
      return call?.type === 'tool_call' ? call.id : '';
    };
    const first = idOf([{ role: 'user', content: 'Hi' }]);
    const tool_calls = [{ id: first, type: 'function', function: { name: 'f', arguments: '{}' } }];
    expect(first).toMatch(/^call_\w{24}$/);
    expect(idOf([{ role: 'assistant', content: null, tool_calls }])).not.toBe(first);
  });

  test('leaves out what a function of GigaChat’s own says while it runs', () => {
    const events = [
      { choices: [{ index: 0, delta: { role: 'function_in_progress', content: 'Drawing' } }] },
      { choices: [{ index: 0, delta: { role: 'assistant', content: 'Done' }, finish_reason: 'stop' }] },
    ];
    const bytes = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    expect(foldStream(readStream([bytes], 'sse', chat().reader())).choices[0]?.parts).toEqual([{ type: 'text', text: 'Done' }]);
  });

  test('that breaks off, or says that it failed, is none', () => {
    expect(() => readStream(['data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'], 'sse', chat().reader())).toThrow('finished');
    expect(() => readStream(['data: [DONE]\n\n'], 'sse', chat().reader())).toThrow('without an answer');
    const failed = { choices: [{ message: { content: '' }, finish_reason: 'error' }] };
    expect(() => chat().answer(failed)).toThrow("finish_reason is 'error'");
    expect(() => chat().answer({ status: 500, message: 'Internal' })).toThrow('Internal');
    expect(() => readStream(['data: {"status":429,"message":"Too many"}\n\n'], 'sse', chat().reader())).toThrow('Too many');
  });
});

describe('an error', () => {
  const failureOf = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    gigachat.error({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }).failure;

  test('says what GigaChat says', () => {
    expect(failureOf(404, wireCase('gigachat/error-404').response)).toMatchObject({ class: 'NotFoundError', message: 'No such model' });
    expect(failureOf(429, wireCase('gigachat/error-429').response, { 'retry-after': '2' })).toMatchObject({
      class: 'RateLimitError',
      retryAfterMs: 2000,
    });
    expect(failureOf(502, '<html>')).toMatchObject({ class: 'BadGatewayError', message: expect.stringContaining('a page') as string });
  });

  test('about the length of the conversation is known as one', () => {
    expect(failureOf(413, { status: 413, message: 'Payload too large: tokens limit exceeded' })).toMatchObject({
      class: 'ContextWindowExceededError',
      code: 'context_length_exceeded',
    });
  });
});

describe('embeddings', () => {
  const { request, response } = wireCase('gigachat/embeddings');
  const asked = (input: readonly string[] | readonly number[][]) =>
    gigachat.embeddings?.({ model: 'e', input, single: false, extras: {} }, target('gigachat', 'Embeddings'));

  test('are asked for and read as the documentation says, and counted together', () => {
    expect(asked(['a', 'b'])?.body).toEqual(request);
    expect(asked(['a', 'b'])?.answer(response)).toMatchObject({
      vectors: [
        [0.25, -0.5],
        [1, 2],
      ],
      usage: { inputTokens: 7, outputTokens: 0 },
    });
  });

  test('are of text alone', () => {
    expect(() => asked([[1, 2]])).toThrow('token lists');
  });
});
