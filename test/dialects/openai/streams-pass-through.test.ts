import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { ChatPassThrough, type PassThroughOptions } from '../../../src/dialects/openai/chat/pass-through.ts';
import { ChatStreamReader } from '../../../src/dialects/openai/chat/stream-reader.ts';
import { canonical, cuts, readStream } from '../laws.ts';
import { wireCase, wireCases } from '../wire-case.ts';
import { readAsOfficialClient } from './official-client.ts';

interface Passed {
  readonly text: string;
  readonly stream: ChatPassThrough;
}

function pass(chunks: Iterable<Uint8Array | string>, options: Partial<PassThroughOptions> = {}): Passed {
  const stream = new ChatPassThrough({ clientModel: 'house/modèl', keepUsage: true, ...options });
  let text = '';
  for (const chunk of chunks) text += stream.push(Buffer.from(chunk as Uint8Array));
  text += stream.end();
  return { text: Buffer.from(text, 'latin1').toString('utf8'), stream };
}

const sse = (...chunks: readonly object[]): string => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
const DONE = 'data: [DONE]\n\n';

function chunk(delta: object, finish: string | null = null, beside: object = {}): object {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'up',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...beside,
  };
}

const ROLE = chunk({ role: 'assistant', content: '' });
const STOP = chunk({}, 'stop');

/** Choices of all chunks that went out. */
function choicesIn(text: string): Record<string, unknown>[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .flatMap((event) => (JSON.parse(event.slice(6)) as { choices: Record<string, unknown>[] }).choices);
}

const deltasIn = (text: string): unknown[] => choicesIn(text).map((choice) => choice['delta']);

const STREAMS = wireCases('openai')
  .filter((name) => !name.includes('error') && wireCase(name).stream.length > 0)
  .map((name) => ({ name, bytes: wireCase(name).stream, options: name.endsWith('think-tags') ? { thinkTags: true } : {} }));

/** Streams of OpenAI itself, in which nothing is to be mended. */
const LAWFUL = [
  'text',
  'tools',
  'parallel-tools',
  'hidden-reasoning',
  'vision',
  'json-schema',
  'refusal',
  'length',
  'two-choices',
  'logprobs',
  'obfuscation',
  'citations',
  'legacy-function',
];

describe('a stream between ends of one dialect', () => {
  test.each(LAWFUL)('%s: lawful bytes pass unchanged, save for the model', (name) => {
    const { stream: bytes } = wireCase(`openai/${name}`);
    const expected = bytes.toString().replaceAll(/"model":"[^"]*"/g, '"model":"house/modèl"');
    expect(pass([bytes]).text).toBe(expected);
    expect(pass(bytes.toString().split(/(?<=\n\n)/)).text).toBe(expected);
  });

  test.each(STREAMS)('$name: what the client reads is what the provider said', ({ bytes, options }) => {
    const { text } = pass([bytes], options);
    const said = foldStream(readStream([bytes], 'sse', new ChatStreamReader(options)));
    const read = foldStream(readStream([text], 'sse', new ChatStreamReader()));
    const isDetail = (part: { type: string }): boolean => part.type === 'native';
    const comparable = (answer: typeof said) =>
      canonical(answer).choices.map(({ parts, finish }) => ({ parts: parts.filter((part) => !isDetail(part)), reason: finish.reason }));
    expect(comparable(read)).toEqual(comparable(said));
    expect(read.usage && { ...read.usage, raw: null, reportedCost: null }).toEqual(
      said.usage && { ...said.usage, raw: null, reportedCost: null },
    );
    expect(read.model).toBe('house/modèl');
  });

  test.each(STREAMS)('$name: the official client reads it to its end', async ({ bytes, options }) => {
    const { text } = pass([bytes], options);
    const completion = await readAsOfficialClient(text);
    expect(completion.choices.length).toBeGreaterThan(0);
    const messages = completion.choices.map(({ message }) => message);
    expect(messages.every(({ role }) => role === 'assistant')).toBe(true);
    const called = messages
      .flatMap(({ tool_calls: calls }) => calls ?? [])
      .flatMap((call) => (call.type === 'function' ? [call.function.arguments] : []));
    expect(() => called.map((text) => JSON.parse(text) as unknown)).not.toThrow();
  });

  test.each(STREAMS)('$name: cutting the bytes anywhere changes nothing', ({ bytes, options }) => {
    const whole = pass([bytes], options).text;
    expect(
      pass(
        Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)),
        options,
      ).text,
    ).toBe(whole);
    fc.assert(
      fc.property(cuts(bytes), (chunks) => {
        expect(pass(chunks, options).text).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('unknown members of events survive, in mended ones too', () => {
    const odd = { provider: 'x', timings: { ms: 1.5 } };
    const { text } = pass([
      sse(ROLE, chunk({ content: 'a' }, null, odd), chunk({ role: 'assistant', content: 'b' }, null, odd), STOP) + DONE,
    ]);
    expect(text.match(/"provider":"x","timings":\{"ms":1\.5\}/g)).toHaveLength(2);
  });

  test('line ends of any kind, comments and single newlines between events are understood', () => {
    const events = [ROLE, chunk({ content: 'a' }), chunk({ content: 'b' }), STOP].map((event) => JSON.stringify(event));
    const expected = pass([`${events.map((event) => `data: ${event}\n\n`).join('')}${DONE}`]).text;
    for (const end of ['\r\n', '\r', '\n']) {
      expect(
        pass([`: hello${end}${end}${events.map((event) => `data: ${event}${end}${end}`).join('')}data: [DONE]${end}${end}`]).text,
      ).toBe(expected);
    }
    expect(pass([`${events.map((event) => `data: ${event}\n`).join('')}data: [DONE]\n`]).text).toBe(expected);
    expect(pass(events.map((event) => `data: ${event}\n`).concat('data: [DONE]\n')).text).toBe(expected);
  });

  test('an event spread over several data lines passes', () => {
    const { text } = pass([
      `data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up",\ndata: "choices":[{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":null}]}\n\n${sse(STOP)}${DONE}`,
    ]);
    expect(text).toContain('"model":"house/modèl",\ndata: "choices"');
  });
});

describe('usage in a stream', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const usageChunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'up', choices: [], usage };

  test('a usage chunk the client did not ask for stays behind and is counted', () => {
    const { text, stream } = pass([sse(ROLE, STOP, usageChunk) + DONE], { keepUsage: false });
    expect(text).not.toContain('usage');
    expect(stream.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  });

  test.each([
    ['beside the finish', [ROLE, chunk({}, 'stop', { usage })]],
    [
      'in every chunk',
      [
        chunk({ role: 'assistant', content: 'a' }, null, { usage: { ...usage, completion_tokens: 1, total_tokens: 4 } }),
        chunk({}, 'stop', { usage }),
      ],
    ],
    ['in x_groq', [ROLE, chunk({}, 'stop', { x_groq: { id: 'r', usage } })]],
    ['inside the last choice', [ROLE, { ...chunk({}), choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }]],
    ['twice in chunks of its own', [ROLE, STOP, { ...usageChunk, usage: { ...usage, completion_tokens: 1 } }, usageChunk]],
    ['before the finish', [ROLE, usageChunk, STOP]],
  ])('usage %s becomes one last chunk without choices', (_, chunks) => {
    const { text } = pass([sse(...chunks) + DONE]);
    const holders = text.split('\n\n').filter((event) => /[^q]"(?:,)?"?usage":\{/.test(event) && !event.includes('x_groq'));
    expect(holders).toHaveLength(1);
    expect(text.trimEnd().split('\n\n').at(-2)).toMatch(
      /"choices":\[\].*"usage":\{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5/,
    );
  });

  test('reasoning outside of the completion is folded in, so that the total adds up', () => {
    const { text, stream } = pass([wireCase('openai/xai-usage').stream]);
    expect(text).toContain('"completion_tokens":105,"total_tokens":115');
    expect(stream.usage).toMatchObject({ outputTokens: 105, reasoningTokens: 100, reportedCost: '0.0000123456' });
  });
});

describe('an event that breaks the rules is mended, and only that event', () => {
  test('a call without index, id or type gets them, in parts that stay together', () => {
    const first = chunk({ tool_calls: [{ function: { name: 'f', arguments: '{"a"' } }] });
    const { text } = pass([sse(ROLE, first, chunk({ tool_calls: [{ function: { arguments: ':1}' } }] }), chunk({}, 'stop')) + DONE]);
    const [, begin, more] = deltasIn(text) as { tool_calls: { index: number; id: string; type: string; function: object }[] }[];
    expect(begin?.tool_calls[0]).toEqual({
      index: 0,
      id: expect.stringMatching(/^call_[\w-]{24}$/),
      type: 'function',
      function: { name: 'f', arguments: '{"a"' },
    });
    expect(more?.tool_calls[0]).toEqual({ index: 0, function: { arguments: ':1}' } });
    expect(choicesIn(text).at(-1)?.['finish_reason']).toBe('tool_calls');
  });

  test('parallel calls that share an index get their own', () => {
    const call = (id: string, n: number): object =>
      chunk({ tool_calls: [{ index: 0, id, type: 'function', function: { name: 'f', arguments: `{"n":${n}}` } }] });
    const { text } = pass([sse(ROLE, call('a', 1), call('b', 2), chunk({}, 'tool_calls')) + DONE]);
    const calls = deltasIn(text).flatMap((delta) => (delta as { tool_calls?: { index: number; id: string }[] }).tool_calls ?? []);
    expect(calls.map(({ index, id }) => [index, id])).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
  });

  test('id and name repeated in every delta are told once', async () => {
    const delta = (text: string): object =>
      chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: text } }] });
    const { text } = pass([sse(ROLE, delta('{"x":'), delta('1'), delta('}'), chunk({}, 'tool_calls')) + DONE]);
    expect(text.match(/"name":"f"/g)).toHaveLength(1);
    const { choices } = await readAsOfficialClient(text);
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ id: 'a', function: { name: 'f', arguments: '{"x":1}' } });
  });

  test('arguments as an object become text, and none at all become {}', () => {
    const object = chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: { x: 1 } } }] });
    const none = chunk({ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] });
    const { text } = pass([sse(ROLE, object, none, chunk({}, 'tool_calls')) + DONE]);
    expect(text).toContain(String.raw`"arguments":"{\"x\":1}"`);
    const deltas = deltasIn(text);
    expect(deltas.at(-2)).toEqual({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] });
    expect(deltas.at(-1)).toEqual({});
  });

  test('custom tool calls pass as they are', () => {
    const bytes =
      sse(
        ROLE,
        chunk({ tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '' } }] }),
        chunk({ tool_calls: [{ index: 0, custom: { input: 'x' } }] }),
        chunk({}, 'tool_calls'),
      ) + DONE;
    expect(pass([bytes], { clientModel: 'up' }).text).toBe(bytes);
  });

  test('reasoning under another name, content as a list and repeated roles', () => {
    const chunks = [
      chunk({ role: 'assistant', reasoning: 'hm' }),
      chunk({ role: 'assistant', reasoning: 'm' }),
      chunk({
        role: null,
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: '!' }] },
          { type: 'text', text: 'Yes' },
        ],
      }),
      chunk({ role: 'assistant', content: '.' }),
      STOP,
    ];
    expect(deltasIn(pass([sse(...chunks) + DONE]).text)).toEqual([
      { role: 'assistant', reasoning_content: 'hm' },
      { reasoning_content: 'm' },
      { content: 'Yes', reasoning_content: '!' },
      { content: '.' },
      {},
    ]);
  });

  test('the role is added to a first delta without one', () => {
    expect(deltasIn(pass([sse(chunk({ content: 'a' }), STOP) + DONE]).text)[0]).toEqual({ role: 'assistant', content: 'a' });
  });

  test('foreign, empty and repeated finish reasons', () => {
    const reasons = (...words: (string | null)[]): unknown[] =>
      choicesIn(pass([sse(ROLE, ...words.map((word) => chunk({}, word))) + DONE]).text).map((choice) => choice['finish_reason']);
    expect(reasons('eos')).toEqual([null, 'stop']);
    expect(reasons('model_length')).toEqual([null, 'length']);
    expect(reasons('stop', 'stop')).toEqual([null, 'stop', null]);
    expect(reasons('')).toEqual([null, null, 'stop']);
    expect(reasons()).toEqual([null, 'stop']);
  });

  test('an event without choices says nothing and stays behind', () => {
    expect(pass([sse(ROLE, { type: 'ping' }, STOP) + DONE]).text).not.toContain('ping');
  });

  test('what was learnt of one shape is not used for another', () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '"}', '\n\n', 'é🌍', '"}},{"a":"', '')), {
      minLength: 1,
      maxLength: 30,
    });
    const names = fc.constantFrom('content', 'reasoning', 'reasoning_content');
    fc.assert(
      fc.property(texts, fc.array(names, { minLength: 1, maxLength: 5 }), fc.boolean(), (words, fields, withRole) => {
        const events = words.map((word, i) =>
          chunk({ ...(withRole ? { role: 'assistant' } : {}), [fields[i % fields.length] ?? 'content']: word }),
        );
        const { text, stream } = pass([sse(ROLE, ...events, STOP) + DONE], { repetitionLimit: 1000 });
        const said = (name: string): string =>
          deltasIn(text)
            .map((delta) => (delta as Record<string, string>)[name] ?? '')
            .join('');
        const wanted = (isText: boolean): string => words.filter((_, i) => (fields[i % fields.length] === 'content') === isText).join('');
        expect([said('content'), said('reasoning_content')]).toEqual([wanted(true), wanted(false)]);
        expect(stream.takeText()).toBe(words.join(''));
      }),
    );
  });
});

describe('a stream that fails', () => {
  const open = (options: Partial<PassThroughOptions> = {}): ChatPassThrough =>
    new ChatPassThrough({ clientModel: 'm', keepUsage: false, ...options });

  test('an error as the first event is thrown at once', () => {
    expect(() => open().push(Buffer.from(sse({ error: { message: 'no', type: 'server_error' } })))).toThrow(ProviderError);
  });

  test('an error behind events in one read comes after them', () => {
    const stream = open();
    expect(stream.push(Buffer.from(sse(ROLE, chunk({ content: 'Hi' }), { error: { message: 'no', code: 503 } })))).toContain('Hi');
    expect(stream.failure).toMatchObject({ status: 503, message: 'no' });
    expect(() => stream.end()).toThrow('no');
  });

  test('an error before anything was said is thrown, for another try may help', () => {
    expect(() => open().push(Buffer.from(sse(ROLE, { error: { message: 'no', code: 503 } })))).toThrow('no');
  });

  test.each(['openai/error-in-stream', 'openai/openrouter-error-in-stream'])('%s: is an error in the middle', (name) => {
    expect(() =>
      pass(
        wireCase(name)
          .stream.toString()
          .split(/(?<=\n\n)/),
      ),
    ).toThrow(ProviderError);
  });

  test('`event: error` is an error whatever its data looks like', () => {
    expect(() => open().push(Buffer.from('event: error\ndata: {"message":"bad"}\n\n'))).toThrow('bad');
    expect(() => open().push(Buffer.from('event: error\ndata: out of memory\n\n'))).toThrow('out of memory');
  });

  test('broken JSON is a malformed answer', () => {
    expect(() => open().push(Buffer.from('data: {"a":\n\n'))).toThrow(MalformedAnswerError);
    expect(() => open().push(Buffer.from('data: 7\n\n'))).toThrow(MalformedAnswerError);
  });

  test('an end without finish and [DONE] is a truncated stream; an empty one too', () => {
    expect(() => pass([sse(ROLE, chunk({ content: 'a' }))])).toThrow(TruncatedStreamError);
    expect(() => pass([''])).toThrow(TruncatedStreamError);
    expect(() => pass([DONE])).toThrow(TruncatedStreamError);
  });

  test('a finish without [DONE] is an end, and [DONE] is added', () => {
    const { text, stream } = pass([sse(ROLE, STOP)]);
    expect(text.endsWith(DONE)).toBe(true);
    expect(stream.finished).toBe(true);
  });

  test('a model that repeats one chunk is stopped', () => {
    const say = (word: string, times: number): string =>
      sse(ROLE, ...Array.from({ length: times }, () => chunk({ content: word }))) + sse(STOP) + DONE;
    expect(() => pass(say('abc', 120).split(/(?<=\n\n)/))).toThrow(/repeating/);
    expect(() => pass([say('ab', 300)])).not.toThrow();
  });
});

describe('the record of what was said', () => {
  test('text, reasoning and arguments are kept to 64 kB and counted beyond', () => {
    const word = 'x'.repeat(1000);
    const events = Array.from({ length: 100 }, (_, i) => chunk({ content: `${i}${word}` }));
    const { stream } = pass([sse(ROLE, ...events, STOP) + DONE]);
    expect(stream.outputBytes).toBe(100_190);
    const text = stream.takeText();
    expect(text.length).toBeGreaterThan(64_000);
    expect(text.length).toBeLessThan(68_000);
    expect(stream.takeText()).toBe('');
  });
});
