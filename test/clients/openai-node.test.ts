import OpenAI, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { completion, json, stream, streamedEvents, type FakeProvider } from '../support/fake-provider.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';
import type { TestGateway } from '../support/gateway.ts';
import { DIALECTS, house, type House } from './official-openai.ts';

let place: House;
let gateway: TestGateway;
let provider: FakeProvider;
let client: OpenAI;

beforeAll(async () => {
  place = await house();
  ({ gateway, provider } = place);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 0 });
});

afterAll(() => place.stop());

const HI = [{ role: 'user' as const, content: 'Hi' }];
const TOOLS = ['get_weather', 'get_time', 'GetState', 'HassTurnOn'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' }, name: { type: 'string' } } } },
}));
const TEXT_OF = {
  openai: 'Grüß Gott! 🌍 "How" can I\nhelp?',
  anthropic: 'Grüße aus Köln! 🌧️',
  ollama: 'Light scatters — blue most 🌍.',
  cohere: 'Light scatters — blue most 🌍.',
} as const;

describe.each(DIALECTS)('through the official client, %s', (dialect) => {
  test('answers a chat', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const answer = await client.chat.completions.create({ model: dialect, messages: HI });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: dialect,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: TEXT_OF[dialect] } }],
    });
    expect(answer.id).not.toBe('');
    expect(answer.usage?.total_tokens).toBe((answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0));
  });

  test('streams the same, chunk by chunk', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({
      model: dialect,
      messages: HI,
      stream: true,
      stream_options: { include_usage: true },
    }))
      chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(TEXT_OF[dialect]);
    expect(new Set(chunks.map(({ id, created, model, object }) => JSON.stringify([id, created, model, object]))).size).toBe(1);
    expect(chunks[0]).toMatchObject({ model: dialect, choices: [{ delta: { role: 'assistant', content: '' } }] });
    expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason === 'stop')).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
    expect(chunks.slice(0, -1).some((chunk) => chunk.usage)).toBe(false);
  });

  test('is folded by the stream helper', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const runner = client.chat.completions.stream({ model: dialect, messages: HI });
    let seen = '';
    runner.on('content', (delta) => (seen += delta));
    const final = await runner.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(TEXT_OF[dialect]);
    expect(seen).toBe(TEXT_OF[dialect]);
  });

  test('calls tools in parallel, streamed and not, with arguments that parse', async () => {
    const name = dialect === 'ollama' || dialect === 'cohere' ? `${dialect}/tool-calls` : `${dialect}/parallel-tools`;
    provider.behaviour = wire(name);
    const whole = await client.chat.completions.create({ model: dialect, messages: HI, tools: TOOLS });
    const streamed = await client.chat.completions.stream({ model: dialect, messages: HI, tools: TOOLS }).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      const calls = choices[0]?.message.tool_calls ?? [];
      expect(calls.length).toBeGreaterThan(1);
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
      for (const call of calls) {
        expect(call.type).toBe('function');
        expect(call.type === 'function' && JSON.parse(call.function.arguments)).toBeTypeOf('object');
      }
    }
    const brief = (answer: typeof whole): unknown =>
      answer.choices[0]?.message.tool_calls?.map(
        (call) => call.type === 'function' && [call.function.name, JSON.parse(call.function.arguments)],
      );
    expect(brief(streamed)).toEqual(brief(whole));
  });

  test('lets `runTools` run a function and answer with its result', async () => {
    const asking = {
      openai: completion('', undefined),
      anthropic: wireCase('anthropic/tools').response,
      ollama: wireCase('ollama/tool-calls').response,
      cohere: wireCase('cohere/tool-calls').response,
    }[dialect];
    if (dialect === 'openai') {
      const [choice] = (asking as { choices: { message: Record<string, unknown>; finish_reason: string }[] }).choices;
      Object.assign(choice?.message ?? {}, {
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Graz"}' } }],
      });
      if (choice) choice.finish_reason = 'tool_calls';
    }
    provider.behaviour = inTurn(json(asking), wire(`${dialect}/text`));
    const asked: unknown[] = [];
    const tool = (name: string) => ({
      type: 'function' as const,
      function: {
        name,
        description: name,
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
        parse: (text: string) => JSON.parse(text) as { city?: string },
        function: ({ city }: { city?: string }) => {
          asked.push([name, city]);
          return 'rain, 7 °C';
        },
      },
    });
    const runner = client.chat.completions.runTools({
      model: dialect,
      messages: [{ role: 'user', content: 'Weather?' }],
      tools: [tool('get_weather'), tool('get_time')],
    });
    expect(await runner.finalContent()).toBe(TEXT_OF[dialect]);
    expect(asked.length).toBeGreaterThan(0);
    expect(JSON.stringify(provider.last.json)).toContain('rain, 7 °C');
  });

  test('gives an answer of the asked shape through `parse`', async () => {
    provider.behaviour = wire(dialect === 'ollama' ? 'ollama/structured' : `${dialect}/json-schema`);
    const shape = {
      openai: z.object({ stars: z.number() }),
      anthropic: z.object({ name: z.string(), age: z.number() }),
      ollama: z.object({ name: z.string() }),
      cohere: z.object({ name: z.string() }),
    }[dialect];
    const answer = await client.chat.completions.parse({
      model: dialect,
      messages: HI,
      response_format: zodResponseFormat(shape, 'review'),
    });
    expect(answer.choices[0]?.message.parsed).toEqual(
      { openai: { stars: 4 }, anthropic: { name: 'Ada', age: 36 }, ollama: { name: 'fig' }, cohere: { name: 'fig' } }[dialect],
    );
    const asked = provider.last.json as { response_format?: unknown; output_config?: unknown; output_format?: unknown; format?: unknown };
    expect(asked.response_format ?? asked.output_config ?? asked.output_format ?? asked.format).toMatchObject({});
  });

  test('is shown an image', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
    await client.chat.completions.create({
      model: dialect,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
          ],
        },
      ],
    });
    const sent = (provider.last.json['messages'] as { content: unknown; images?: string[] }[])[0];
    if (dialect === 'openai' || dialect === 'cohere')
      expect(sent?.content).toMatchObject([{ type: 'text' }, { image_url: { url: `data:image/png;base64,${pixel}` } }]);
    if (dialect === 'anthropic')
      expect(sent?.content).toMatchObject([
        { type: 'text' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
      ]);
    if (dialect === 'ollama') expect(sent?.images).toEqual([pixel]);
  });
});

describe('schemas where the model has no JSON output of its own', () => {
  test('an older Claude gives the shape through a tool', async () => {
    provider.behaviour = wire('anthropic/json-tool');
    const answer = await client.chat.completions.parse({
      model: 'haiku',
      messages: HI,
      response_format: zodResponseFormat(z.object({ name: z.string(), age: z.number() }), 'person'),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ name: 'Ada', age: 36 });
    expect(answer.choices[0]?.finish_reason).toBe('stop');
  });
});

describe('embeddings', () => {
  const vectors = [
    [0.25, -0.5, 1],
    [0.125, 2, -3],
  ];
  const floats = (base64: string): number[] => [...new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)];

  test('come as numbers, also when the client asks for base64 underneath', async () => {
    provider.behaviour = (request, response) => {
      const asText = request.json['encoding_format'] === 'base64';
      const data = vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: asText ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector,
      }));
      return json({ object: 'list', data, model: 'm', usage: { prompt_tokens: 4, total_tokens: 4 } })(request, response);
    };
    const answer = await client.embeddings.create({ model: 'vectors', input: ['a', 'b'] });
    expect(answer.data.map(({ embedding }) => embedding)).toEqual(vectors);
    expect(answer).toMatchObject({ object: 'list', model: 'vectors', usage: { prompt_tokens: 4, total_tokens: 4 } });
    const raw = await client.embeddings.create({ model: 'vectors', input: 'a', encoding_format: 'base64' });
    expect(floats(raw.data[0]?.embedding as unknown as string)).toEqual(vectors[0]);
    const plain = await client.embeddings.create({ model: 'vectors', input: ['a', 'b'], encoding_format: 'float' });
    expect(plain.data.map(({ embedding }) => embedding)).toEqual(vectors);
  });

  test('come in the asked form from a provider that has only the other', async () => {
    provider.behaviour = json({
      object: 'list',
      data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
      model: 'm',
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
    const answer = await client.embeddings.create({ model: 'vectors', input: ['a', 'b'] });
    expect(answer.data.map(({ embedding }) => embedding)).toEqual(vectors);
    const raw = await client.embeddings.create({ model: 'vectors', input: ['a', 'b'], encoding_format: 'base64' });
    expect(floats(raw.data[1]?.embedding as unknown as string)).toEqual(vectors[1]);
  });

  test('come from Ollama', async () => {
    provider.behaviour = wire('ollama/embeddings');
    const answer = await client.embeddings.create({ model: 'local-vectors', input: ['a', 'b'] });
    const expected = (wireCase('ollama/embeddings').response as { embeddings: number[][] }).embeddings;
    expect(answer.data.map(({ embedding }) => embedding.map((value) => Number(value.toFixed(4))))).toEqual(expected);
    expect(answer.usage.prompt_tokens).toBe(16);
  });
});

describe('completions', () => {
  test.each(DIALECTS)('come whole and streamed, %s', async (model) => {
    provider.behaviour = wire(`${model}/text`);
    if (model === 'ollama') {
      const last = { done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 5 };
      provider.behaviour = json({ model: 'qwen3:8b', created_at: '2026-01-01T00:00:00Z', response: TEXT_OF.ollama, ...last });
    }
    const answer = await client.completions.create({ model, prompt: 'Say hello', max_tokens: 50 });
    expect(answer).toMatchObject({
      object: 'text_completion',
      model,
      choices: [{ index: 0, text: TEXT_OF[model], finish_reason: 'stop' }],
    });
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    const asked = { model, prompt: 'Say hello', max_tokens: 50, stream: true, stream_options: { include_usage: true } } as const;
    const chunks = [];
    for await (const chunk of await client.completions.create(asked)) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(TEXT_OF[model]);
    expect(new Set(chunks.map(({ id, model: named, object }) => JSON.stringify([id, named, object]))).size).toBe(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: answer.usage?.total_tokens } });
  });

  test('raise the class of each error', async () => {
    provider.behaviour = json({ error: { message: 'no', type: 'some_error' } }, 429);
    await expect(client.completions.create({ model: 'openai', prompt: 'Hi' })).rejects.toBeInstanceOf(RateLimitError);
    await expect(client.completions.create({ model: 'openai', prompt: [] })).rejects.toMatchObject({
      constructor: BadRequestError,
      param: 'prompt',
    });
  });
});

describe('moderations', () => {
  test('tell what is harmful in each text', async () => {
    const result = { flagged: true, categories: { violence: true }, category_scores: { violence: 0.9 } };
    provider.behaviour = json({ id: 'modr-1', model: 'omni-moderation-2024-09-26', results: [result, { ...result, flagged: false }] });
    const answer = await client.moderations.create({ model: 'openai', input: ['a', 'b'] });
    expect(answer).toMatchObject({
      id: 'modr-1',
      model: 'openai',
      results: [{ flagged: true, categories: { violence: true } }, { flagged: false }],
    });
    await expect(client.moderations.create({ model: 'anthropic', input: 'a' })).rejects.toBeInstanceOf(BadRequestError);
  });
});

describe('models', () => {
  test('are listed and shown one by one', async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toEqual(expect.arrayContaining(['openai', 'anthropic', 'ollama']));
    expect(await client.models.retrieve('openai')).toMatchObject({ id: 'openai', object: 'model', owned_by: 'openai' });
    await expect(client.models.retrieve('unheard-of')).rejects.toBeInstanceOf(NotFoundError);
  });
});

test('the base URL may lack `/v1`', async () => {
  provider.behaviour = wire('openai/text');
  const bare = new OpenAI({ baseURL: gateway.url, apiKey: gateway.masterKey, maxRetries: 0 });
  expect((await bare.chat.completions.create({ model: 'openai', messages: HI })).choices[0]?.message.content).toBe(TEXT_OF.openai);
  expect((await bare.models.list()).data.length).toBeGreaterThan(0);
});

describe('each error raises its class', () => {
  const refused = (status: number, body: unknown = { error: { message: 'no', type: 'some_error', code: null } }) => json(body, status);
  const ask = (model = 'openai', apiKey = gateway.masterKey) =>
    client.withOptions({ apiKey }).chat.completions.create({ model, messages: HI });

  test.each([
    [400, BadRequestError],
    [401, AuthenticationError],
    [403, PermissionDeniedError],
    [404, NotFoundError],
    [422, UnprocessableEntityError],
    [429, RateLimitError],
    [500, InternalServerError],
    [502, InternalServerError],
    [503, InternalServerError],
    [504, InternalServerError],
    [529, InternalServerError],
  ])('a provider that says %i', async (status, kind) => {
    provider.behaviour = refused(status);
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ status, type: 'some_error', code: String(status), param: null });
    expect((error as APIError).message).toContain('OpenAIException - no');
    expect((error as APIError).headers?.get('x-litellm-call-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('wrong, unknown and missing keys', async () => {
    await expect(ask('openai', 'nonsense')).rejects.toMatchObject({ constructor: AuthenticationError, type: 'auth_error' });
    await expect(ask('openai', 'sk-unknown')).rejects.toMatchObject({
      constructor: AuthenticationError,
      type: 'token_not_found_in_db',
      param: 'key',
    });
    const key = await gateway.key({ models: ['anthropic'] });
    await expect(ask('openai', key)).rejects.toMatchObject({
      constructor: PermissionDeniedError,
      type: 'key_model_access_denied',
      param: 'model',
    });
    const denied = await gateway.key({ allowed_routes: ['/v1/models'] });
    await expect(ask('openai', denied)).rejects.toBeInstanceOf(PermissionDeniedError);
  });

  test('an unknown model, a missing member, a wrong type', async () => {
    await expect(ask('unheard-of')).rejects.toMatchObject({
      constructor: BadRequestError,
      type: 'invalid_request_error',
      param: null,
      message: expect.stringContaining('Invalid model name passed in model=unheard-of'),
    });
    await expect(client.chat.completions.create({ model: 'openai' } as never)).rejects.toMatchObject({
      constructor: BadRequestError,
      param: 'messages',
    });
    await expect(client.chat.completions.create({ model: 'openai', messages: 'hi' } as never)).rejects.toBeInstanceOf(BadRequestError);
  });

  test('a budget that is spent is UnprocessableEntityError and is not tried again', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ max_budget: 0.01 });
    await ask('priced', key);
    const before = provider.seen.length;
    const patient = client.withOptions({ apiKey: key, maxRetries: 3 });
    const error = await patient.chat.completions.create({ model: 'priced', messages: HI }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ constructor: UnprocessableEntityError, type: 'budget_exceeded' });
    expect((error as APIError).headers?.get('x-should-retry')).toBe('false');
    expect(provider.seen.length).toBe(before);
  });

  test('a rate limit longer than a voice turn is RateLimitError at once', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ rpm_limit: 1 });
    await ask('openai', key);
    const startedAt = performance.now();
    const error = await client
      .withOptions({ apiKey: key, maxRetries: 3 })
      .chat.completions.create({ model: 'openai', messages: HI })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ constructor: RateLimitError, type: 'throttling_error' });
    expect((error as APIError).headers?.get('retry-after')).toMatch(/^\d+$/);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  test('a time-out of ours is 408, a provider that cannot be reached 502', async () => {
    provider.behaviour = () => undefined;
    await expect(ask('slow')).rejects.toMatchObject({ constructor: APIError, status: 408, type: 'timeout_error' });
    await expect(ask('gone')).rejects.toMatchObject({ constructor: InternalServerError, status: 502, type: 'api_connection_error' });
  });

  test('an error in the middle of a stream is an APIError after the text that came', async () => {
    provider.behaviour = stream([
      ...streamedEvents(['Hel', 'lo']).slice(0, 3),
      'data: {"error":{"message":"the GPU is on fire","type":"server_error","code":500}}\n\n',
    ]);
    let text = '';
    const reading = (async () => {
      for await (const chunk of await client.chat.completions.create({ model: 'openai', messages: HI, stream: true }))
        text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toMatchObject({ message: expect.stringContaining('the GPU is on fire') });
    await expect(reading).rejects.toBeInstanceOf(APIError);
    await expect(reading).rejects.not.toBeInstanceOf(APIConnectionError);
    expect(text).toBe('Hello');
  });
});

describe('the client tries again when it is told to', () => {
  test('`retry-after` of a provider reaches the client, which obeys it', async () => {
    provider.behaviour = inTurn(
      json({ error: { message: 'slow down', type: 'rate_limit_error' } }, 429, { 'retry-after': '1' }),
      json(completion('Hello')),
    );
    const startedAt = performance.now();
    const answer = await client.withOptions({ maxRetries: 1 }).chat.completions.create({ model: 'openai', messages: HI });
    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });
});
