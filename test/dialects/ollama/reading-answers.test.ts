import { expect, describe, test } from 'vitest';
import type { Answer } from '../../../src/core/answer.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { chat } from './asking.ts';

const STREAMED = ['text', 'thinking', 'think-tags', 'tool-calls', 'logprobs', 'cached-prompt'];

const answerOf = (name: string): Answer => chat().answer(wireCase(`ollama/${name}`).response);
const streamOf = (name: string) => readStream([wireCase(`ollama/${name}`).stream], 'ndjson', chat().reader());
const partsOf = (name: string) => answerOf(name).choices[0]?.parts;

describe.each(STREAMED)('%s', (name) => {
  test('folding the stream gives the whole answer', () => {
    expectFoldEquals(streamOf(name), answerOf(name));
  });

  test('cutting the bytes anywhere changes nothing', () => {
    expectCutsChangeNothing(wireCase(`ollama/${name}`).stream, 'ndjson', () => chat().reader());
  });
});

test('an answer has its text, time, model and counts', () => {
  expect(answerOf('text')).toMatchObject({
    created: Date.UTC(2026, 2, 1, 8, 0, 1) / 1000,
    model: 'qwen3:8b',
    choices: [{ index: 0, parts: [{ type: 'text', text: 'Light scatters — blue most 🌍.' }], finish: { reason: 'stop' } }],
    usage: { inputTokens: 26, outputTokens: 12, raw: { eval_count: 12, total_duration: 4_883_583_458 } },
  });
});

test('thoughts come apart, whether the server or the text parts them', () => {
  expect(partsOf('thinking')).toEqual([
    { type: 'reasoning', text: 's-t-r, then b-e-r-r-y.' },
    { type: 'text', text: 'Three.' },
  ]);
  expect(partsOf('think-tags')).toEqual([
    { type: 'reasoning', text: 'One < two.\n' },
    { type: 'text', text: 'Two. A tag is written <think>.' },
  ]);
});

test('a server that parts thoughts itself may write tags in its text', () => {
  const line = (message: object, done = false) => `${JSON.stringify({ message, done })}\n`;
  const stream = [line({ content: '', thinking: 'Hm.' }), line({ content: '<think>' }), line({ content: ' is a tag' }, true)];
  expect(foldStream(readStream(stream, 'ndjson', chat().reader())).choices[0]?.parts).toEqual([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'text', text: '<think> is a tag' },
  ]);
});

test('tool calls count on across lines and turn the reason into tool_calls', () => {
  const parts = streamOf('tool-calls');
  expect(parts.filter((part) => part.type === 'tool_call_start')).toMatchObject([
    { index: 0, id: 'call_a1b2c3d4', name: 'get_weather' },
    { index: 1, id: 'call_e5f6g7h8', name: 'get_time' },
  ]);
  expect(parts.filter((part) => part.type === 'tool_call_delta').map((part) => part.arguments)).toEqual(['{"city":"Zürich"}', '{}']);
  expect(parts.find((part) => part.type === 'finish')).toEqual({ type: 'finish', finish: { reason: 'tool_calls', native: 'stop' } });
});

test('calls in one line and in several all count on', () => {
  const call = { function: { name: 'f', arguments: {} } };
  const stream = [[call, call], [call], []].map((tool_calls, at) => `${JSON.stringify({ message: { tool_calls }, done: at === 2 })}\n`);
  const parts = readStream(stream, 'ndjson', chat().reader());
  expect(parts.filter((part) => part.type === 'tool_call_start').map((part) => part.index)).toEqual([0, 1, 2]);
});

test('nothing follows the line that is done', () => {
  const line = `${JSON.stringify({ message: { content: 'x' }, done: true })}\n`;
  expect(readStream([line, line], 'ndjson', chat().reader())).toEqual(readStream([line], 'ndjson', chat().reader()));
});

test('held-back text goes out before a call', () => {
  const stream = `${JSON.stringify({ message: { content: '<th', tool_calls: [{ function: { name: 'f' } }] }, done: true })}\n`;
  const parts = foldStream(readStream([stream], 'ndjson', chat().reader())).choices[0]?.parts;
  expect(parts).toMatchObject([
    { type: 'text', text: '<th' },
    { type: 'tool_call', name: 'f', arguments: '{}' },
  ]);
});

test('long whole numbers in streamed arguments keep their digits', () => {
  const stream = '{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"id":12345678901234567890,"x":[1,0.5]}}}]},"done":true}\n';
  const [call] = foldStream(readStream([stream], 'ndjson', chat().reader())).choices[0]?.parts ?? [];
  expect(call).toMatchObject({ arguments: '{"id":12345678901234567890,"x":[1,0.5]}' });
});

test.each([
  ['stop', { reason: 'stop' }],
  ['length', { reason: 'length' }],
  ['load', { reason: 'stop', native: 'load' }],
  [undefined, { reason: 'stop' }],
])('done_reason %s', (done_reason, finish) => {
  expect(chat().answer({ message: { content: '' }, done: true, done_reason }).choices[0]?.finish).toEqual(finish);
});

test('log probabilities take the form of OpenAI', () => {
  expect(answerOf('logprobs').choices[0]?.logprobs).toEqual({
    content: [
      { token: 'Oh', logprob: -0.5, bytes: [79, 104], top_logprobs: [{ token: 'Oh', logprob: -0.5, bytes: null }] },
      { token: ' hi', logprob: -0.25, bytes: null, top_logprobs: [] },
    ],
  });
});

describe('counts', () => {
  test('a cached prompt is not counted by the server: 0, and the raw counts show it', () => {
    expect(answerOf('cached-prompt').usage).toEqual({ inputTokens: 0, outputTokens: 3, raw: { total_duration: 900, eval_count: 3 } });
  });

  test('no counts at all are no usage', () => {
    expect(chat().answer({ message: { content: 'x' }, done: true })).not.toHaveProperty('usage');
  });
});

describe('what goes wrong', () => {
  const read = (...lines: string[]) =>
    readStream(
      lines.map((line) => `${line}\n`),
      'ndjson',
      chat().reader(),
    );

  test('a stream that ends before done is not finished', () => {
    expect(() => read('{"message":{"content":"Li"},"done":false}')).toThrow(TruncatedStreamError);
    expect(() => read()).toThrow(TruncatedStreamError);
  });

  test('an error line is an error, also when the answer seemed finished', () => {
    expect(() => streamOf('error-line')).toThrow(/unexpected EOF/);
    expect(() => read('{"message":{"content":"x"},"done":true}', '{"error":"too late"}')).toThrow(ProviderError);
  });

  test('broken JSON is 500, a page or JSON of another shape 502', () => {
    expect(() => read('{"message":')).toThrow(expect.objectContaining({ status: 500 }));
    expect(() => read('<html>')).toThrow(expect.objectContaining({ status: 502 }));
    expect(() => read('{"message":"hi"}')).toThrow(expect.objectContaining({ status: 502 }));
    expect(() => chat().answer([])).toThrow(MalformedAnswerError);
  });

  test('odd members beside the answer do not break it', () => {
    const odd = { model: 7, created_at: 5, message: { content: 'x' }, done: true, done_reason: 1, eval_count: 'many', logprobs: 'none' };
    expect(chat().answer(odd)).toEqual({ choices: [{ index: 0, parts: [{ type: 'text', text: 'x' }], finish: { reason: 'stop' } }] });
  });

  test('an error body with status 200 is an error', () => {
    expect(() => chat().answer({ error: 'no model' })).toThrow('no model');
  });
});
