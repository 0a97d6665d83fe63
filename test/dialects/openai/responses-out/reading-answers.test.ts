import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { foldStream } from '../../../../src/core/fold-stream.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../../src/core/provider-error.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../../laws.ts';
import { wireCase } from '../../wire-case.ts';
import { answerOf, chat, completed, CREATED, readEvents, streamOf } from './asking.ts';

const STREAMED = [
  'text',
  'parallel-tools',
  'thinking-with-tools',
  'sealed-thought',
  'open-thought',
  'refusal',
  'max-tokens',
  'content-filter',
  'json-schema',
  'web-search',
  'logprobs',
  'custom-tool',
  'image-made',
  'arguments-at-the-end',
  'empty',
];

describe.each(STREAMED)('%s', (name) => {
  test('folding the stream gives the whole answer', () => {
    expectFoldEquals(streamOf(name), answerOf(name));
  });

  test('cutting the bytes anywhere changes nothing', () => {
    expectCutsChangeNothing(wireCase(`responses/${name}`).stream, 'sse', () => chat().reader());
  });
});

test('an answer has its id, time, model, text, reason and counts', () => {
  expect(answerOf('text')).toEqual({
    id: 'resp_01',
    created: 1767225600,
    model: 'gpt-5.4-2026-03-05',
    choices: [{ index: 0, parts: [{ type: 'text', text: 'Grüß Gott! 🌍 "How" can I\nhelp?' }], finish: { reason: 'stop' } }],
    usage: { inputTokens: 20, outputTokens: 9, cacheReadTokens: 8, serviceTier: 'default', raw: expect.anything() },
  });
});

describe('thoughts', () => {
  test('have their summary and the proof that only the provider reads', () => {
    expect(answerOf('thinking-with-tools').choices[0]).toMatchObject({
      parts: [
        {
          type: 'reasoning',
          text: '**Looking** up the weather.\n\nZürich it is.',
          signature: 'openai.rs_03.gAAAAABsealed-03==',
          origin: 'responses',
        },
        { type: 'text', text: 'I look it up.' },
        { type: 'tool_call', id: 'call_Cc3', name: 'get_weather', arguments: '{"city":"Zürich"}' },
      ],
      finish: { reason: 'tool_calls' },
    });
    expect(answerOf('thinking-with-tools').usage).toMatchObject({ outputTokens: 70, reasoningTokens: 48 });
  });

  test('that are not told are kept all the same, under the name of who thought them', () => {
    expect(answerOf('sealed-thought', { provider: 'xai' }).choices[0]?.parts[0]).toEqual({
      type: 'reasoning',
      text: '',
      signature: 'xai.rs_04.gAAAAABsealed-04==',
      origin: 'responses',
    });
  });

  test('of open models are told themselves', () => {
    expect(answerOf('open-thought').choices[0]?.parts[0]).toEqual({ type: 'reasoning', text: 'The user says hi, so do I.' });
  });

  test('that are told twice, in short and in full, are told once', () => {
    const item = { type: 'reasoning', id: 'rs', summary: [{ text: 'short' }], content: [{ text: 'in full' }] };
    expect(readEvents(CREATED, completed(item)).filter(({ type }) => type === 'reasoning_delta')).toEqual([
      { type: 'reasoning_delta', text: 'short' },
    ]);
    const delta = { type: 'response.reasoning_text.delta', output_index: 0, content_index: 0, delta: 'in full' };
    expect(readEvents(CREATED, delta, completed(item)).filter(({ type }) => type === 'reasoning_delta')).toEqual([
      { type: 'reasoning_delta', text: 'in full' },
    ]);
  });
});

describe('calls', () => {
  test('are told piece by piece, each with its start and its end', () => {
    expect(streamOf('parallel-tools').filter(({ type }) => type.startsWith('tool_call'))).toEqual([
      { type: 'tool_call_start', index: 0, id: 'call_Aa1', name: 'get_weather' },
      { type: 'tool_call_delta', index: 0, arguments: '{"city":' },
      { type: 'tool_call_delta', index: 0, arguments: '"Zürich"}' },
      { type: 'tool_call_end', index: 0 },
      { type: 'tool_call_start', index: 1, id: 'call_Bb2', name: 'get_time' },
      { type: 'tool_call_delta', index: 1, arguments: '{}' },
      { type: 'tool_call_end', index: 1 },
    ]);
  });

  const added = (index: number, item: JsonObject = {}): JsonObject => ({
    type: 'response.output_item.added',
    output_index: index,
    item: { type: 'function_call', call_id: `c${index}`, name: 'f', ...item },
  });
  const more = (index: number, delta: string): JsonObject => ({
    type: 'response.function_call_arguments.delta',
    output_index: index,
    delta,
  });
  const callsIn = (...events: JsonObject[]): unknown[] =>
    (foldStream(readEvents(CREATED, ...events)).choices[0]?.parts ?? []).map((part) => part.type === 'tool_call' && part.arguments);

  test('may interleave, and lack every event but the last one', () => {
    expect(callsIn(added(0), added(1), more(0, '{"x"'), more(1, '[]'), more(0, ':1}'), completed())).toEqual(['{"x":1}', '[]']);
    expect(callsIn(completed({ type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' }))).toEqual(['{"x":1}']);
    expect(callsIn(added(0), completed({ type: 'function_call', call_id: 'c0', name: 'f' }))).toEqual(['{}']);
  });

  test('of which the name comes late begin with it', () => {
    const late = { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' };
    expect(callsIn(added(0, { name: '' }), more(0, '{"x":'), completed(late))).toEqual(['{"x":1}']);
    expect(callsIn(added(0, { name: '' }), more(0, '{}'), completed())).toEqual([]);
  });

  test('without an id, or with one that was given before, get one, the same each time', () => {
    const one = (id: string): JsonObject => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
    const ids = (): unknown[] =>
      readEvents(CREATED, completed(one('a'), one('a'), one(''))).flatMap((part) => (part.type === 'tool_call_start' ? part.id : []));
    expect(new Set(ids()).size).toBe(3);
    expect(ids()).toEqual(ids());
  });

  test('of custom tools are told as chat has them, in their place among the calls', () => {
    expect(answerOf('custom-tool').choices[0]).toMatchObject({
      parts: [
        { type: 'tool_call', id: 'call_Dd4' },
        {
          type: 'native',
          dialect: 'openai',
          raw: { tool_calls: [{ index: 1, id: 'call_Ee5', type: 'custom', custom: { name: 'run_sql', input: 'select 1;' } }] },
        },
      ],
      finish: { reason: 'tool_calls' },
    });
  });
});

const counted = (more: JsonObject): JsonObject => ({
  ...CREATED,
  response: { ...(CREATED['response'] as JsonObject), usage: { input_tokens: 9, output_tokens: 3 }, ...more },
});

test('searches in files and sandboxes for code are counted, a sandbox once', () => {
  const ran = (id: string): JsonObject => ({ type: 'code_interpreter_call', container_id: id, code: 'x', status: 'completed' });
  const search = { type: 'file_search_call', queries: ['x'], status: 'completed' };
  const parts = readEvents(counted({}), completed(search, ran('c1'), ran('c1'), search, ran('c2')));
  expect(parts.findLast(({ type }) => type === 'usage')).toMatchObject({ usage: { fileSearches: 2, codeSessions: 2 } });
});

test('a search of the web tells how much it read, where the response does', () => {
  const asked = { tools: [{ type: 'web_search', search_context_size: 'high' }] };
  const searched = { type: 'web_search_call', action: { type: 'search', query: 'x' } };
  const parts = readEvents(counted(asked), completed(searched));
  expect(parts.findLast(({ type }) => type === 'usage')).toMatchObject({
    usage: { webSearchRequests: 1, webSearchContextSize: 'high' },
  });
});

describe('what the provider looked up', () => {
  const { choices, usage } = answerOf('web-search');
  const parts = choices[0]?.parts ?? [];

  test('is cited with its place in the whole text; what is no page stays as it is', () => {
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const citation = parts.find((part) => part.type === 'citation');
    expect(citation).toMatchObject({ url: 'https://example.org/penguins', title: 'Penguins' });
    expect(text.slice(citation?.start, citation?.end)).toBe('Penguins live in the south.');
    expect(parts).toContainEqual(
      expect.objectContaining({ dialect: 'openai', raw: { annotations: [expect.objectContaining({ type: 'file_citation' })] } }),
    );
  });

  test('is counted by its searches, and its steps are kept', () => {
    expect(usage).toMatchObject({ webSearchRequests: 1 });
    expect(parts.filter((part) => part.type === 'native' && part.dialect === 'responses')).toHaveLength(2);
  });
});

test('a picture that the model drew is a picture', () => {
  expect(answerOf('image-made').choices[0]?.parts[0]).toEqual({
    type: 'media',
    kind: 'image',
    source: { type: 'data', data: 'UklGRg==' },
    mediaType: 'image/webp',
  });
});

test.each([
  ['max-tokens', { reason: 'length', native: 'max_output_tokens' }],
  ['content-filter', { reason: 'content_filter' }],
  ['refusal', { reason: 'stop' }],
  ['empty', { reason: 'stop' }],
])('%s ends with its reason', (name, finish) => {
  expect(answerOf(name).choices[0]?.finish).toEqual(finish);
});

describe('what goes wrong', () => {
  const reading = (name: string) => (): unknown => streamOf(name);

  test('a response that failed has failed, whole or streamed, with the status of its code', () => {
    expect(reading('failed-at-once')).toThrow(expect.objectContaining({ status: 500, retryable: true }));
    expect(() => answerOf('failed-at-once')).toThrow('An error occurred');
    expect(reading('failed-in-mid-stream')).toThrow(expect.objectContaining({ status: 429, retryable: true }));
    expect(reading('error-event')).toThrow('The server had an error');
  });

  test.each([
    ['invalid_prompt', 400],
    ['context_length_exceeded', 400],
    ['cyber_policy', 400],
    ['server_is_overloaded', 503],
    ['vector_store_timeout', 504],
    ['429', 429],
    ['something_new', 500],
  ])('the code %s means %i', (code, status) => {
    expect(() => readEvents(CREATED, { type: 'error', code, message: 'no' })).toThrow(expect.objectContaining({ status }));
  });

  test('nothing is said before there is something to say, so that another try is possible', () => {
    const reader = chat().reader();
    expect(reader.push({ event: 'response.created', data: JSON.stringify(CREATED) })).toEqual([]);
  });

  test('a stream that ends before its response is not finished', () => {
    expect(reading('cut-off')).toThrow(TruncatedStreamError);
    expect(() => readStream(['data: [DONE]\n\n'], 'sse', chat().reader())).toThrow(TruncatedStreamError);
  });

  test('an error in place of a response is an error, and another shape is none of its answers', () => {
    expect(() => chat().answer({ error: { message: 'of a proxy', code: 429 } })).toThrow(expect.objectContaining({ status: 429 }));
    for (const body of [[], null, {}, { choices: [] }]) expect(() => chat().answer(body)).toThrow(MalformedAnswerError);
    expect(() => readStream(['data: {"type":\n\n'], 'sse', chat().reader())).toThrow(expect.objectContaining({ status: 500 }));
    expect(() => readStream(['data: {"choices":[]}\n\n'], 'sse', chat().reader())).toThrow(MalformedAnswerError);
  });

  test('events and items that it does not know, and events without a place, do not break it', () => {
    const text = { type: 'response.output_text.delta', item_id: 'm', delta: 'x' };
    const done = { type: 'response.output_item.done', item: { id: 'm', type: 'message', content: [{ type: 'output_text', text: 'xy' }] } };
    const parts = readEvents(CREATED, { type: 'response.new_thing', n: 1 }, text, done, completed({ type: 'new_item', id: 'n' }));
    expect(parts.map((part) => (part.type === 'text_delta' ? part.text : part.type))).toEqual(['start', 'x', 'y', 'native', 'finish']);
  });

  test('nothing follows the end', () => {
    const reader = chat().reader();
    readStream([wireCase('responses/text').stream], 'sse', reader);
    expect(reader.finished).toBe(true);
    expect(reader.push({ event: 'error', data: '{"type":"error","message":"late"}' })).toEqual([]);
  });
});
