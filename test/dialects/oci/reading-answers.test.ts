import { describe, expect, test } from 'vitest';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase, wireCases } from '../wire-case.ts';
import { chat, COMMAND_A, COMMAND_R, GEMINI, LLAMA, MODEL_OF, partsOf, readEvents } from './asking.ts';

const cases = Object.entries(MODEL_OF).flatMap(([folder, model]) =>
  wireCases(folder)
    .filter((name) => !/error|failed|embeddings/.test(name))
    .map((name) => [name, model] as const),
);

describe.each(cases)('%s', (name, model) => {
  const { response, stream } = wireCase(name);

  test('reads the same whole and streamed', () => {
    expectFoldEquals(readStream([stream], 'sse', chat({}, { model }).reader()), chat({}, { model }).answer(response));
  });

  test('may be cut anywhere', () => {
    expectCutsChangeNothing(stream, 'sse', () => chat({}, { model }).reader());
  });
});

function told(name: string): ReturnType<typeof foldStream> {
  const model = MODEL_OF[name.split('/')[0] ?? ''] ?? LLAMA;
  return foldStream(readStream([wireCase(name).stream], 'sse', chat({}, { model }).reader()));
}

describe('an answer', () => {
  test.each(Object.keys(MODEL_OF))('with text says it once, and what was counted (%s)', (folder) => {
    const { choices, usage } = told(`${folder}/text`);
    expect(choices).toMatchObject([{ parts: [{ type: 'text', text: 'Grüße aus Zürich! 🌍' }], finish: { reason: 'stop' } }]);
    expect([usage?.inputTokens, usage?.outputTokens]).toEqual(folder === 'oci' ? [21, 9] : [13, 6]);
    expect(usage?.raw).toMatchObject({ promptTokens: usage?.inputTokens });
  });

  test('counts what was read from a cache, and what was thought', () => {
    expect(told('oci/reasoning-with-tool').usage).toMatchObject({
      inputTokens: 200,
      outputTokens: 64,
      cacheReadTokens: 128,
      reasoningTokens: 40,
    });
    expect(told('oci-cohere-v2/text').usage).toMatchObject({ inputTokens: 13, cacheReadTokens: 8 });
    expect(told('oci/max-tokens')).toMatchObject({
      usage: { outputTokens: 17, reasoningTokens: 17 },
      choices: [{ finish: { reason: 'length' } }],
    });
  });

  test('with calls has each once and whole, and ends for them', () => {
    expect(told('oci/parallel-tools').choices[0]).toEqual({
      index: 0,
      parts: [
        { type: 'tool_call', id: 'chatcmpl-tool-1', name: 'get_weather', arguments: '{"city": "Graz"}' },
        { type: 'tool_call', id: 'chatcmpl-tool-2', name: 'get_time', arguments: '{}' },
      ],
      finish: { reason: 'tool_calls' },
    });
    const { parts = [], finish } = told('oci-cohere/tool-calls').choices[0] ?? {};
    expect(parts.map((part) => (part.type === 'tool_call' ? [part.name, part.arguments] : part))).toEqual([
      { type: 'text', text: 'I look.' },
      ['get_weather', '{"city":"Graz"}'],
      ['get_weather', '{"city":"Linz"}'],
      ['get_time', '{}'],
    ]);
    expect(finish?.reason).toBe('tool_calls');
    expect(partsOf(told('oci-cohere-v2/tool-calls'))).toEqual([
      { type: 'text', text: 'I look.' },
      { type: 'tool_call', id: 'get_weather_1', name: 'get_weather', arguments: '{"city":"Graz"}' },
      { type: 'tool_call', id: 'get_time_2', name: 'get_time', arguments: '{}' },
    ]);
  });

  test('with thoughts keeps them apart from what is said', () => {
    expect(partsOf(told('oci/reasoning-with-tool')).slice(0, 2)).toEqual([
      { type: 'reasoning', text: 'The user asks for the weather.' },
      { type: 'text', text: 'I look.' },
    ]);
    expect(partsOf(told('oci-cohere-v2/thinking'))).toEqual([
      { type: 'reasoning', text: 'Two and two.' },
      { type: 'text', text: 'Four.' },
    ]);
  });

  test('without ids of calls gets ids that no call of the conversation has', () => {
    const history = (id: string) => [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name: 'get_weather', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: id, content: 'ok' },
    ];
    const { response } = wireCase('oci/calls-without-ids');
    const idsAfter = (messages: unknown) =>
      partsOf(chat({ messages }, { model: GEMINI }).answer(response)).flatMap((part) => (part.type === 'tool_call' ? [part.id] : []));
    const [first = '', second] = idsAfter([{ role: 'user', content: 'Hi' }]);
    expect(first).not.toBe(second);
    expect(idsAfter(history(first))).not.toContain(first);
    expect(idsAfter(history(first))).toContain(second);
  });

  test('with a refusal says that it is one', () => {
    const { choices, extras, usage } = told('oci/refusal');
    expect(choices[0]?.parts).toEqual([{ type: 'refusal', text: "I can't help with that." }]);
    expect([extras, usage?.serviceTier]).toEqual([{ service_tier: 'default' }, 'default']);
  });

  test('with citations tells the pages, and all that was found', () => {
    const page = { type: 'citation', url: 'https://weather.example/graz', title: 'Weather', start: 0, end: 12 };
    expect(partsOf(told('oci/citations'))).toEqual([
      { type: 'text', text: 'Rain in Graz' },
      page,
      {
        type: 'native',
        dialect: 'openai',
        raw: { provider_specific_fields: { grounding_metadata: expect.objectContaining({ webSearchQueries: ['weather graz'] }) } },
      },
    ]);
    const first = partsOf(told('oci-cohere/citations'));
    expect(first).toContainEqual({ type: 'citation', url: 'https://penguins.example/tall', title: 'Penguins', start: 0, end: 4 });
    expect(first.filter(({ type }) => type === 'native')).toHaveLength(2);
    const second = partsOf(told('oci-cohere-v2/citations'));
    expect(second).toContainEqual({ type: 'citation', url: 'https://penguins.example/tall', title: 'Penguins', start: 0, end: 4 });
    expect(JSON.stringify(second)).toContain('"tool_output":{"tall":"yes"}');
  });

  test('with probabilities tells them as OpenAI does', () => {
    expect(told('oci/logprobs').choices[0]?.logprobs).toEqual({
      content: [
        {
          token: 'Hi',
          logprob: -0.25,
          bytes: null,
          top_logprobs: [
            { token: 'Hi', logprob: -0.25, bytes: null },
            { token: 'Hello', logprob: -1.75, bytes: null },
          ],
        },
        { token: '!', logprob: -1.5, bytes: null, top_logprobs: [{ token: '!', logprob: -1.5, bytes: null }] },
      ],
      refusal: null,
    });
    const events = [
      { apiFormat: 'COHEREV2', message: { content: [{ type: 'TEXT', text: 'Hi' }] } },
      { logProbabilities: [{ text: 'Hi', tokenIds: [1, 2], logProbabilities: [-0.5, -0.25] }], message: {}, finishReason: 'COMPLETE' },
    ];
    expect(foldStream(readEvents(events, { model: COMMAND_A })).choices[0]?.logprobs).toEqual({
      content: [{ token: 'Hi', logprob: -0.75, bytes: null, top_logprobs: [] }],
    });
  });

  test('in several choices keeps them apart, and waits for the end of all', () => {
    const text = (index: number, word: string) => ({ index, message: { content: [{ type: 'TEXT', text: word }] } });
    const reader = chat({ n: 2 }).reader();
    const events = [
      text(0, 'a'),
      text(1, 'b'),
      { index: 0, finishReason: 'stop', usage: { promptTokens: 1, completionTokens: 1 } },
      text(1, 'c'),
    ];
    const parts = events.flatMap((event) => reader.push({ event: null, data: JSON.stringify(event) }));
    expect(reader.finished).toBe(false);
    parts.push(...reader.push({ event: null, data: JSON.stringify({ index: 1, finishReason: 'length' }) }));
    parts.push(...reader.push({ event: null, data: JSON.stringify({ usage: { promptTokens: 1, completionTokens: 3 } }) }));
    expect(reader.finished).toBe(true);
    expect(foldStream(parts)).toMatchObject({
      choices: [
        { index: 0, parts: [{ text: 'a' }], finish: { reason: 'stop' } },
        { index: 1, parts: [{ text: 'bc' }], finish: { reason: 'length' } },
      ],
      usage: { outputTokens: 3 },
    });
  });
});

describe('a stream', () => {
  test.each([
    [
      LLAMA,
      [
        { index: 0, message: { content: [{ type: 'TEXT', text: 'a' }] } },
        { finishReason: 'stop' },
        { usage: { promptTokens: 1, completionTokens: 1 } },
      ],
    ],
    [COMMAND_R, [{ text: 'a' }, { text: 'a', finishReason: 'COMPLETE' }]],
    [COMMAND_A, [{ message: { content: [{ type: 'TEXT', text: 'a' }] } }, { message: {}, finishReason: 'COMPLETE' }]],
  ])('of %s is over with its last event, although the connection stays open', (model, events) => {
    const reader = chat({}, { model }).reader();
    for (const event of events) {
      expect(reader.finished).toBe(false);
      reader.push({ event: null, data: JSON.stringify(event) });
    }
    expect(reader.finished).toBe(true);
    expect(reader.push({ event: null, data: '{"text":"more","message":{"content":[{"type":"TEXT","text":"more"}]}}' })).toEqual([]);
  });

  test('that ends before its time is told so', () => {
    for (const model of [LLAMA, COMMAND_R, COMMAND_A])
      expect(() => readEvents([{ apiFormat: 'X', text: 'a', message: { content: [{ type: 'TEXT', text: 'a' }] } }], { model })).toThrow(
        'closed the stream',
      );
  });

  test('of which the usage comes behind the end is counted too', () => {
    const usage = { promptTokens: 3, completionTokens: 2 };
    const parts = readEvents([{ text: 'a' }, { text: 'a', finishReason: 'COMPLETE' }, { usage }, { usage }], { model: COMMAND_R });
    expect(parts.filter(({ type }) => type === 'usage')).toEqual([
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, raw: usage } },
    ]);
  });

  test('that says in its last event what it had not said yet loses nothing', () => {
    const text = (events: readonly unknown[], model: string) =>
      partsOf(foldStream(readEvents(events, { model }))).map((part) => ('text' in part ? part.text : part.type));
    expect(text([{ text: 'a' }, { text: 'ab', finishReason: 'COMPLETE' }], COMMAND_R)).toEqual(['ab']);
    expect(text([{ text: 'ab', finishReason: 'COMPLETE', toolCalls: [{ name: 'f', parameters: {} }] }], COMMAND_R)).toEqual([
      'ab',
      'tool_call',
    ]);
    const block = (word: string) => ({ content: [{ type: 'TEXT', text: word }] });
    expect(text([{ message: block('a') }, { message: block('b'), finishReason: 'COMPLETE' }], COMMAND_A)).toEqual(['ab']);
    expect(text([{ message: block('a') }, { message: block('b') }, { message: block('ab'), finishReason: 'COMPLETE' }], COMMAND_A)).toEqual(
      ['ab'],
    );
  });

  test('that names a call in each of its pieces, or repeats it at its end, calls once', () => {
    const piece = (id: string, name: string, text: string) => ({
      message: { toolCalls: [{ id, type: 'FUNCTION', function: { name, arguments: text } }] },
    });
    const calls = (events: readonly unknown[]) =>
      partsOf(foldStream(readEvents(events, { model: COMMAND_A }))).flatMap((part) =>
        part.type === 'tool_call' ? [[part.id, part.arguments]] : [],
      );
    expect(
      calls([piece('a', 'f', '{"x"'), piece('a', 'f', ':1}'), piece('b', 'f', '{}'), { message: {}, finishReason: 'TOOL_CALL' }]),
    ).toEqual([
      ['a', '{"x":1}'],
      ['b', '{}'],
    ]);
    expect(calls([piece('a', 'f', '{"x":1}'), { ...piece('a', 'f', '{"x":1}'), finishReason: 'TOOL_CALL' }])).toEqual([['a', '{"x":1}']]);
  });

  test('whose calls come in pieces under changing ids calls once', () => {
    const piece = (more: object) => ({ index: 0, message: { role: 'ASSISTANT', toolCalls: [{ type: 'FUNCTION', ...more }] } });
    const parts = readEvents([
      piece({ id: 'a', name: 'f', arguments: '' }),
      piece({ id: 'b', name: '', arguments: '{"x":' }),
      piece({ id: 'c', arguments: '1}' }),
      { finishReason: 'stop' },
    ]);
    expect(partsOf(foldStream(parts))).toEqual([{ type: 'tool_call', id: 'a', name: 'f', arguments: '{"x":1}' }]);
  });
});
