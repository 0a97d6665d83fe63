import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { answerOf, chat, END, readEvents, sse, START, streamOf, textDelta } from './asking.ts';

const STREAMED = [
  'text',
  'cached-prompt',
  'tool-calls',
  'thinking',
  'thinking-with-tools',
  'citations',
  'logprobs',
  'max-tokens',
  'stop-sequence',
  'assist-turn-on',
];

describe.each(STREAMED)('%s', (name) => {
  test('folding the stream gives the whole answer', () => {
    expectFoldEquals(streamOf(name), answerOf(name));
  });

  test('cutting the bytes anywhere changes nothing', () => {
    expectCutsChangeNothing(wireCase(`cohere/${name}`).stream, 'sse', () => chat().reader());
  });
});

test('an answer has its id, text, reason and counts', () => {
  expect(answerOf('text')).toMatchObject({
    id: 'c14c80c3-0000-4000-8000-000000000001',
    choices: [
      { index: 0, parts: [{ type: 'text', text: 'Light scatters — blue most 🌍.' }], finish: { reason: 'stop', native: 'COMPLETE' } },
    ],
  });
});

test('thoughts come apart from the text', () => {
  expect(answerOf('thinking').choices[0]?.parts).toEqual([
    { type: 'reasoning', text: 's-t-r, then b-e-r-r-y.' },
    { type: 'text', text: 'Three.' },
  ]);
});

describe('calls', () => {
  test('have the plan before them as text, and no arguments as an empty object', () => {
    expect(answerOf('tool-calls').choices[0]).toEqual({
      index: 0,
      parts: [
        { type: 'text', text: 'I will look up the weather in Zürich and the time.' },
        { type: 'tool_call', id: 'get_weather_p1t92w7gfgq7', name: 'get_weather', arguments: '{"city":"Zürich"}' },
        { type: 'tool_call', id: 'get_time_ay6nmvjgp9vn', name: 'get_time', arguments: '{}' },
      ],
      finish: { reason: 'tool_calls', native: 'TOOL_CALL' },
    });
  });

  test('are told piece by piece, each with its start and its end', () => {
    expect(streamOf('tool-calls').filter(({ type }) => type.startsWith('tool_call'))).toEqual([
      { type: 'tool_call_start', index: 0, id: 'get_weather_p1t92w7gfgq7', name: 'get_weather' },
      { type: 'tool_call_delta', index: 0, arguments: '{"city"' },
      { type: 'tool_call_delta', index: 0, arguments: ':"Zü' },
      { type: 'tool_call_delta', index: 0, arguments: 'rich"}' },
      { type: 'tool_call_end', index: 0 },
      { type: 'tool_call_start', index: 1, id: 'get_time_ay6nmvjgp9vn', name: 'get_time' },
      { type: 'tool_call_delta', index: 1, arguments: '{}' },
      { type: 'tool_call_end', index: 1 },
    ]);
  });

  const opened = (index: number, id: string | undefined, args: unknown = ''): JsonObject => ({
    type: 'tool-call-start',
    index,
    delta: { message: { tool_calls: { id, type: 'function', function: { name: 'f', arguments: args } } } },
  });
  const more = (index: number, args: string): JsonObject => ({
    type: 'tool-call-delta',
    index,
    delta: { message: { tool_calls: { function: { arguments: args } } } },
  });
  const callsIn = (...events: JsonObject[]): unknown[] =>
    (foldStream(readEvents(START, ...events, END)).choices[0]?.parts ?? []).map((part) => part.type === 'tool_call' && part.arguments);

  test('may interleave, begin with their arguments, lack an end, and begin anew', () => {
    expect(callsIn(opened(0, 'a', '{"x"'), opened(1, 'b'), more(0, ':1}'), more(1, '{}'))).toEqual(['{"x":1}', '{}']);
    expect(callsIn(opened(0, 'a'), opened(0, 'b'), more(0, '[]'))).toEqual(['{}', '[]']);
    expect(callsIn(more(5, '{"lost":1}'))).toEqual([]);
  });

  test('may come as a list of one, with an object for their arguments', () => {
    const call = { id: 'a', function: { name: 'f', arguments: { x: 1 } } };
    expect(callsIn({ type: 'tool-call-start', index: 0, delta: { message: { tool_calls: [call] } } })).toEqual(['{"x":1}']);
  });

  test('without an id, or with one that was given before, get one, the same each time', () => {
    const ids = (): unknown[] =>
      readEvents(START, opened(0, undefined), opened(1, 'a'), opened(2, 'a'), END).flatMap((part) =>
        part.type === 'tool_call_start' ? part.id : [],
      );
    expect(ids()[0]).toMatch(/^call_[0-9a-f]{24}$/);
    expect(new Set(ids()).size).toBe(3);
    expect(ids()[1]).toBe('a');
    expect(ids()).toEqual(ids());
  });

  test('make a plain end the end of calls, and an end of calls without one a plain end', () => {
    const finishOf = (...events: JsonObject[]): unknown => readEvents(START, ...events).find(({ type }) => type === 'finish');
    expect(finishOf(opened(0, 'a'), END)).toMatchObject({ finish: { reason: 'tool_calls', native: 'COMPLETE' } });
    expect(finishOf({ type: 'message-end', delta: { finish_reason: 'TOOL_CALL' } })).toMatchObject({ finish: { reason: 'stop' } });
  });
});

describe('citations', () => {
  const [text, ...rest] = answerOf('citations').choices[0]?.parts ?? [];

  test('of pages are citations with their place in the text', () => {
    expect(rest.filter(({ type }) => type === 'citation')).toEqual([
      { type: 'citation', url: 'https://example.org/penguins', title: 'Tall penguins', start: 4, end: 20 },
    ]);
    expect(text?.type === 'text' && text.text.slice(4, 20)).toBe('emperor penguins');
  });

  test('are whole in the fields of the provider, those of documents too', () => {
    const given = (wireCase('cohere/citations').response as { message: { citations: unknown[] } }).message.citations;
    const fields = rest.flatMap((part) => (part.type === 'native' ? [part.raw] : []));
    expect(fields).toEqual(given.map((citation) => ({ provider_specific_fields: { citations: [citation] } })));
  });

  const cited = (more: JsonObject): JsonObject => ({
    type: 'citation-start',
    index: 0,
    delta: {
      message: { citations: { start: 1, end: 2, sources: [{ type: 'tool', tool_output: { url: 'https://a.example' } }], ...more } },
    },
  });
  const block = (index: number, text_: string): JsonObject => ({
    type: 'content-start',
    index,
    delta: { message: { content: { type: 'text', text: text_ } } },
  });
  const plan: JsonObject = { type: 'tool-plan-delta', delta: { message: { tool_plan: 'Plan.' } } };
  const placeOf = (more: JsonObject): unknown =>
    readEvents(START, plan, block(0, 'one'), block(1, 'two'), cited(more), END).find(({ type }) => type === 'citation');

  test.each([
    [{ content_index: 0 }, 6],
    [{ content_index: 1 }, 9],
    [{}, 9],
    [{ type: 'PLAN' }, 1],
  ])('%j counts from its own block', (more, start) => {
    expect(placeOf(more)).toMatchObject({ citation: { start, end: start + 1 } });
  });

  test('of thoughts have no place in the text', () => {
    expect(placeOf({ type: 'THINKING_CONTENT' })).toBeUndefined();
  });
});

test('log probabilities take the form of OpenAI, a piece of several tokens as one', () => {
  expect(answerOf('logprobs').choices[0]?.logprobs).toEqual({
    content: [
      { token: 'Oh', logprob: -0.5, bytes: null, top_logprobs: [] },
      { token: ' hi', logprob: -0.375, bytes: null, top_logprobs: [] },
    ],
  });
});

test.each([
  ['COMPLETE', { reason: 'stop', native: 'COMPLETE' }],
  ['STOP_SEQUENCE', { reason: 'stop', native: 'STOP_SEQUENCE' }],
  ['MAX_TOKENS', { reason: 'length', native: 'MAX_TOKENS' }],
  ['max_tokens', { reason: 'length', native: 'max_tokens' }],
  ['ERROR_TOXIC', { reason: 'content_filter', native: 'ERROR_TOXIC' }],
  ['SOMETHING_NEW', { reason: 'stop', native: 'SOMETHING_NEW' }],
  [undefined, { reason: 'stop' }],
])('finish_reason %s', (finish_reason, finish) => {
  expect(chat().answer({ message: { content: [] }, finish_reason }).choices[0]?.finish).toEqual(finish);
});

describe('counts', () => {
  test('are those of the tokens, with the bill beside them', () => {
    expect(answerOf('text').usage).toEqual({
      inputTokens: 512,
      outputTokens: 12,
      billed: { inputTokens: 18, outputTokens: 12 },
      raw: { billed_units: { input_tokens: 18, output_tokens: 12 }, tokens: { input_tokens: 512, output_tokens: 12 } },
    });
  });

  test('hold the cached ones inside their total', () => {
    expect(answerOf('cached-prompt').usage).toMatchObject({ inputTokens: 2048, cacheReadTokens: 1984 });
    const usage = { tokens: { input_tokens: 5, output_tokens: 1 }, cached_tokens: 9 };
    expect(chat().answer({ message: {}, usage }).usage).toMatchObject({ inputTokens: 5, cacheReadTokens: 5 });
  });

  const usageOf = (usage: unknown): unknown => chat().answer({ message: {}, usage }).usage;

  test('are the bill where nothing else is told', () => {
    const billed = { inputTokens: 3, outputTokens: 4 };
    expect(usageOf({ billed_units: { input_tokens: 3, output_tokens: 4 } })).toMatchObject({ ...billed, billed });
  });

  test.each([
    undefined,
    {},
    { tokens: {} },
    { tokens: { input_tokens: -1, output_tokens: 2 } },
    { billed_units: { input_tokens: 'x' } },
    7,
  ])('%j are no counts', (usage) => {
    expect(usageOf(usage)).toBeUndefined();
  });
});

describe('what goes wrong', () => {
  test('a stream that ends before its message is not finished', () => {
    expect(() => readEvents(START, textDelta('Li'))).toThrow(TruncatedStreamError);
    expect(() => readStream(['data: [DONE]\n\n'], 'sse', chat().reader())).toThrow(TruncatedStreamError);
  });

  test('an answer that Cohere says has failed has failed, with its words and what was counted', () => {
    const reader = chat().reader();
    const { stream } = wireCase('cohere/error-in-mid-stream');
    expect(() => readStream([stream], 'sse', reader)).toThrow('internal error while generating');
    expect(reader.usageSoFar).toMatchObject({ inputTokens: 500, billed: { inputTokens: 6 } });
    const failed = (finish_reason: string) => (): unknown => chat().answer({ message: { content: [] }, finish_reason });
    expect(failed('ERROR')).toThrow(expect.objectContaining({ status: 500, retryable: true }));
    expect(failed('TIMEOUT')).toThrow(expect.objectContaining({ status: 504, retryable: true }));
  });

  test('an error among the events, or in place of an answer, is an error', () => {
    expect(() => readStream(['event: error\ndata: {"message":"overloaded"}\n\n'], 'sse', chat().reader())).toThrow('overloaded');
    expect(() => chat().answer({ id: 'x', message: 'no such model' })).toThrow('no such model');
    expect(() => chat().answer({ error: { message: 'of a proxy' }, status: 429 })).toThrow(expect.objectContaining({ status: 429 }));
  });

  test('broken JSON is 500, another shape 502', () => {
    expect(() => readStream(['data: {"type":\n\n'], 'sse', chat().reader())).toThrow(expect.objectContaining({ status: 500 }));
    for (const body of [[], null, {}, { message: [] }]) expect(() => chat().answer(body)).toThrow(MalformedAnswerError);
  });

  test('events it does not know, names only beside the data, and odd members do not break it', () => {
    const odd = {
      message: { content: [7, { type: 'new', text: 'x' }], tool_calls: 'none', citations: {} },
      logprobs: [{}],
      id: 5,
      usage: [],
    };
    expect(chat().answer(odd)).toEqual({ choices: [{ index: 0, parts: [{ type: 'text', text: 'x' }], finish: { reason: 'stop' } }] });
    expect(readEvents(START, { type: 'debug', prompt: 'p' }, textDelta('x'), END).map(({ type }) => type)).toEqual([
      'start',
      'text_delta',
      'finish',
    ]);
    const named = 'event: content-delta\ndata: {"delta":{"message":{"content":{"text":"x"}}}}\n\nevent: message-end\ndata: {}\n\n';
    expect(readStream([named], 'sse', chat().reader()).map(({ type }) => type)).toEqual(['start', 'text_delta', 'finish']);
  });

  test('nothing follows the end, not even an error', () => {
    const reader = chat().reader();
    readStream([sse([START, textDelta('x'), END])], 'sse', reader);
    expect(reader.finished).toBe(true);
    expect(reader.push({ event: null, data: '{"message":"late"}' })).toEqual([]);
    expect(() => chat().reader().push({ event: null, data: '{"message":"early"}' })).toThrow(ProviderError);
  });
});
