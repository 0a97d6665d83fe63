import { describe, expect, test } from 'vitest';
import type { OutwardChat } from '../../../src/core/dialect.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { exception } from '../../support/aws-frames.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { answerOf, bytesOf, chat, eventsOf, folded, said, streamOf, WEATHER } from './asking.ts';

const JSON_ASKED = (): OutwardChat => chat({ responseFormat: { type: 'json_object' } });
const CASES = [
  'text',
  'tool-calls',
  'thinking-with-tools',
  'redacted-thinking',
  'cached-prompt',
  'max-tokens',
  'stop-sequence',
  'guardrail',
  'citations',
  'server-tool',
  'json-by-tool',
];

describe.each(CASES)('%s', (name) => {
  const asked = (): OutwardChat => (name === 'json-by-tool' ? JSON_ASKED() : chat());

  test('the stream and the whole answer say the same', () => {
    expectFoldEquals(streamOf(name, asked()), answerOf(name, asked()));
  });

  test('cutting the bytes anywhere changes nothing', () => {
    expectCutsChangeNothing(bytesOf(eventsOf(name)), 'aws-event-stream', () => asked().reader());
  });

  test('a stream without its last events was cut, and one without its counts was not', () => {
    const events = eventsOf(name);
    const read = (count: number) => readStream([bytesOf(events.slice(0, -count))], 'aws-event-stream', asked().reader());
    expect(() => read(2)).toThrow(TruncatedStreamError);
    expect(read(1).at(-1)?.type).toBe('finish');
  });
});

test('text', () => {
  expect(folded('text').choices).toEqual([
    { index: 0, parts: [{ type: 'text', text: 'Light scatters — blue most 🌍.' }], finish: { reason: 'stop', native: 'end_turn' } },
  ]);
});

test('parallel calls keep order, ids and arguments, and none are an empty object', () => {
  expect(folded('tool-calls').choices[0]).toEqual({
    index: 0,
    parts: [
      { type: 'text', text: 'I will look.' },
      { type: 'tool_call', id: 'tooluse_A1', name: 'get_weather', arguments: '{"city":"Zürich"}' },
      { type: 'tool_call', id: 'tooluse_B2', name: 'get_time', arguments: '{}' },
    ],
    finish: { reason: 'tool_calls', native: 'tool_use' },
  });
});

test('calls have an index that counts calls, whatever stood before', () => {
  const starts = streamOf('tool-calls').flatMap((part) => (part.type === 'tool_call_start' ? [part.index] : []));
  expect(starts).toEqual([0, 1]);
});

test('an id that the conversation has already is replaced', () => {
  const to = chat({
    messages: [said('user', 'Hi'), said('assistant', { type: 'tool_call', id: 'tooluse_A1', name: 'f', arguments: '{}' })],
  });
  const [first] = folded('tool-calls', to).choices[0]?.parts.filter(({ type }) => type === 'tool_call') ?? [];
  expect(first).toMatchObject({ id: expect.stringMatching(/^call_/) });
});

test('a name that was rewritten comes back as the client wrote it', () => {
  const tools = [{ ...WEATHER, name: 'get.weather' }];
  const parts = streamOf('tool-calls', chat({ tools }));
  expect(parts).toContainEqual({ type: 'tool_call_start', index: 0, id: 'tooluse_A1', name: 'get.weather' });
});

test('thoughts come with the proof that Claude wrote them', () => {
  expect(folded('thinking-with-tools').choices[0]?.parts[0]).toEqual({
    type: 'reasoning',
    text: 'The weather is asked for.',
    signature: 'EqoBCkgIARAB',
    origin: 'anthropic',
  });
  expect(folded('redacted-thinking').choices[0]?.parts[0]).toEqual({
    type: 'reasoning',
    text: '',
    encrypted: 'c2VjcmV0IHRob3VnaHQ=',
    origin: 'anthropic',
  });
});

test('an encrypted thought in pieces is one', () => {
  const piece = (text: string): [string, Record<string, unknown>] => [
    'contentBlockDelta',
    { contentBlockIndex: 0, delta: { reasoningContent: { redactedContent: Buffer.from(text).toString('base64') } } },
  ];
  const parts = readStream(
    [bytesOf([piece('secret'), piece(' thought'), ['messageStop', { stopReason: 'end_turn' }]])],
    'aws-event-stream',
    chat().reader(),
  );
  expect(parts).toContainEqual({
    type: 'reasoning_encrypted',
    encrypted: Buffer.from('secret thought').toString('base64'),
    origin: 'anthropic',
  });
});

test('what was read from and written to the cache is part of the input', () => {
  expect(folded('cached-prompt').usage).toMatchObject({
    inputTokens: 2808,
    outputTokens: 5,
    cacheReadTokens: 2000,
    cacheWriteTokens: 500,
    cacheWriteHourTokens: 300,
  });
});

test.each([
  ['max-tokens', 'length', 'max_tokens'],
  ['stop-sequence', 'stop', 'stop_sequence'],
  ['guardrail', 'content_filter', 'guardrail_intervened'],
])('%s ends with %s', (name, reason, native) => {
  expect(folded(name).choices[0]?.finish).toEqual({ reason, native });
});

test.each([
  ['stop-sequence', { stop_sequence: 'three' }],
  ['guardrail', { trace: expect.objectContaining({ guardrail: expect.anything() }) }],
  ['citations', { citations: [expect.objectContaining({ title: 'Penguins' }), expect.objectContaining({ title: 'doc.pdf' })] }],
  [
    'server-tool',
    {
      server_tools: [
        { toolUse: expect.objectContaining({ input: { snippet: '1+1' } }) },
        { toolResult: expect.objectContaining({ content: [{ json: { stdOut: '2' } }] }) },
      ],
    },
  ],
])('what of %s has no other home stands beside the message', (name, fields) => {
  expect(folded(name).choices[0]?.parts.at(-1)).toEqual({ type: 'native', dialect: 'bedrock', raw: fields });
});

test('a citation of a page tells its place in the text', () => {
  expect(folded('citations').choices[0]?.parts).toContainEqual({
    type: 'citation',
    url: 'https://example.org/penguins',
    title: 'Penguins',
    start: 9,
    end: 19,
  });
});

test('a tool that the provider runs is no call of the client', () => {
  expect(folded('server-tool').choices[0]).toMatchObject({
    finish: { reason: 'stop' },
    parts: [{ type: 'text', text: '2' }, { type: 'native' }],
  });
});

test('the input of the tool for JSON is the text of the answer', () => {
  expect(folded('json-by-tool', JSON_ASKED()).choices[0]).toMatchObject({
    parts: [{ type: 'text', text: '{"city":"Bern","people":134794}' }],
    finish: { reason: 'stop' },
  });
});

test('an image that the model made is a medium of the answer', () => {
  const body = { output: { message: { content: [{ image: { format: 'png', source: { bytes: 'AAAA' } } }] } }, stopReason: 'end_turn' };
  expect(chat().answer(body).choices[0]?.parts).toEqual([
    { type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' }, mediaType: 'image/png' },
  ]);
});

describe('failures', () => {
  const failing = (...frames: Buffer[]) => {
    try {
      readStream([Buffer.concat(frames)], 'aws-event-stream', chat().reader());
    } catch (error) {
      return error;
    }
    return null;
  };

  test.each([
    ['throttlingException', 429, 'RateLimitError'],
    ['validationException', 400, 'BadRequestError'],
    ['internalServerException', 500, 'InternalServerError'],
    ['modelStreamErrorException', 500, 'InternalServerError'],
    ['serviceUnavailableException', 503, 'ServiceUnavailableError'],
    ['modelTimeoutException', 408, 'Timeout'],
    ['somethingNewException', 500, 'InternalServerError'],
  ])('%s in a stream is %d', (type, status, kind) => {
    expect(failing(bytesOf(eventsOf('text').slice(0, 2)), exception(type, 'It broke'))).toMatchObject({
      failure: { status, class: kind, message: 'It broke', type },
    });
  });

  test('an answer that is none is malformed', () => {
    for (const body of [null, [], 'text', {}, { output: {} }, { output: { message: 'x' } }])
      expect(() => chat().answer(body)).toThrow(MalformedAnswerError);
    expect(() => chat().answer({ __type: 'com.amazon#ThrottlingException', message: 'Slow' })).toThrow(ProviderError);
  });

  test('a slip of the model is a failure when it said nothing, and an end when it did', () => {
    const stop: [string, Record<string, unknown>] = ['messageStop', { stopReason: 'malformed_tool_use' }];
    expect(failing(bytesOf([stop]))).toMatchObject({ failure: { status: 500, type: 'malformed_tool_use' } });
    const parts = readStream([bytesOf([...eventsOf('text').slice(0, 3), stop])], 'aws-event-stream', chat().reader());
    expect(foldStream(parts).choices[0]?.finish).toEqual({ reason: 'stop', native: 'malformed_tool_use' });
  });

  test('an event that is no JSON is malformed', () => {
    const reader = chat().reader();
    expect(() => reader.push({ event: 'contentBlockDelta', data: '{' })).toThrow(MalformedAnswerError);
  });
});
