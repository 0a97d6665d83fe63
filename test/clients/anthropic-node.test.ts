import Anthropic, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, json, stream, streamedEvents, type FakeProvider } from '../support/fake-provider.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';
import type { TestGateway } from '../support/gateway.ts';
import { DIALECTS, house, type House } from './official-openai.ts';

let place: House;
let gateway: TestGateway;
let provider: FakeProvider;
let client: Anthropic;

beforeAll(async () => {
  place = await house();
  ({ gateway, provider } = place);
  client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.masterKey, maxRetries: 0 });
});

afterAll(() => place.stop());

const HI = [{ role: 'user' as const, content: 'Hi' }];
const TOOLS = ['get_weather', 'get_time', 'GetState', 'HassTurnOn'].map((name) => ({
  name,
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' }, name: { type: 'string' } } },
}));
const TEXT_OF = {
  openai: 'Grüß Gott! 🌍 "How" can I\nhelp?',
  anthropic: 'Grüße aus Köln! 🌧️',
  ollama: 'Light scatters — blue most 🌍.',
  cohere: 'Light scatters — blue most 🌍.',
} as const;
const textOf = ({ content }: Anthropic.Message): string => content.map((block) => (block.type === 'text' ? block.text : '')).join('');

describe.each(DIALECTS)('through the official client, %s', (dialect) => {
  test('answers a message', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const message = await client.messages.create({ model: dialect, max_tokens: 100, messages: HI });
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model: dialect, stop_reason: 'end_turn', stop_sequence: null });
    expect(textOf(message)).toBe(TEXT_OF[dialect]);
    expect(message.id).toMatch(/^msg_/);
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  test('streams the same, in lawful events', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const whole = await client.messages.create({ model: dialect, max_tokens: 100, messages: HI });
    const running = client.messages.stream({ model: dialect, max_tokens: 100, messages: HI });
    let seen = '';
    running.on('text', (piece) => (seen += piece));
    const folded = await running.finalMessage();
    expect(seen).toBe(TEXT_OF[dialect]);
    expect(folded).toMatchObject({ model: dialect, content: whole.content, stop_reason: whole.stop_reason });
    expect(folded.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect(folded.usage.input_tokens).toBe(whole.usage.input_tokens);
  });

  test('calls tools in parallel, streamed and not, and takes their results', async () => {
    provider.behaviour = wire(dialect === 'ollama' || dialect === 'cohere' ? `${dialect}/tool-calls` : `${dialect}/parallel-tools`);
    const asked = { model: dialect, max_tokens: 100, messages: HI, tools: TOOLS };
    const whole = await client.messages.create(asked);
    const folded = await client.messages.stream(asked).finalMessage();
    const callsOf = ({ content }: Anthropic.Message) => content.filter((block) => block.type === 'tool_use');
    const brief = (message: Anthropic.Message) => callsOf(message).map(({ name, input }) => ({ name, input }));
    expect(callsOf(whole).length).toBeGreaterThan(1);
    expect(brief(folded)).toEqual(brief(whole));
    for (const message of [whole, folded]) expect(message.stop_reason).toBe('tool_use');
    for (const { id } of callsOf(whole)) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);

    provider.behaviour = wire(`${dialect}/text`);
    await client.messages.create({
      ...asked,
      messages: [
        ...HI,
        { role: 'assistant', content: whole.content },
        { role: 'user', content: callsOf(whole).map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'rain, 7 °C' })) },
      ],
    });
    expect(JSON.stringify(provider.last.json).split('rain, 7 °C')).toHaveLength(callsOf(whole).length + 1);
  });

  test('is shown an image and told its system prompt', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
    await client.messages.create({
      model: dialect,
      max_tokens: 100,
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
          ],
        },
      ],
    });
    const sent = JSON.stringify(provider.last.json);
    expect(sent).toContain(pixel);
    expect(sent).toContain('Be brief.');
    expect(provider.last.json['model']).not.toBe(dialect);
  });

  test('is charged like a chat, and the row says which surface it came by', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const key = await gateway.key({ key_alias: `messages-${dialect}` });
    const mine = client.withOptions({ apiKey: key });
    await mine.messages.create({ model: dialect, max_tokens: 100, messages: HI, metadata: { user_id: 'lou' } });
    await mine.messages.stream({ model: dialect, max_tokens: 100, messages: HI }).finalMessage();
    const answer = await gateway.call('GET', `/spend/logs?api_key=${key}`);
    const rows = (await answer.json()) as { call_type: string; end_user: string; prompt_tokens: number; completion_tokens: number }[];
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatchObject({ call_type: 'anthropic_messages', model_group: dialect, status: 'success' });
    expect(rows.map(({ end_user: user }) => user).filter((user) => user === 'lou')).toHaveLength(1);
    expect(rows[0]?.prompt_tokens).toBe(rows[1]?.prompt_tokens);
  });
});

describe('before a provider of the same dialect', () => {
  const thinking = wireCase('anthropic/thinking').response as { content: unknown[] };

  test('thoughts and their signatures pass byte for byte, both ways', async () => {
    provider.behaviour = wire('anthropic/thinking');
    const asked = { model: 'anthropic', max_tokens: 2000, thinking: { type: 'enabled' as const, budget_tokens: 1024 } };
    const whole = await client.messages.create({ ...asked, messages: HI });
    expect(whole.content).toEqual(thinking.content);
    const folded = await client.messages.stream({ ...asked, messages: HI }).finalMessage();
    expect(folded.content).toEqual(whole.content);
    await client.messages.create({ ...asked, messages: [...HI, { role: 'assistant', content: whole.content }, ...HI] });
    expect(provider.last.json['messages']).toEqual([...HI, { role: 'assistant', content: whole.content }, ...HI]);
    expect(provider.last.json['thinking']).toEqual(asked.thinking);
  });

  test('a conversation that another provider began goes on, without the thoughts that Anthropic did not sign', async () => {
    provider.behaviour = wire('openai/reasoning-content');
    const begun = await client.messages.create({ model: 'openai', max_tokens: 100, messages: HI });
    expect(begun.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    provider.behaviour = wire('anthropic/text');
    const messages = [...HI, { role: 'assistant' as const, content: begun.content }, ...HI];
    const next = await client.messages.create({ model: 'anthropic', max_tokens: 100, messages });
    expect(textOf(next)).toBe(TEXT_OF.anthropic);
    expect(JSON.stringify(provider.last.json)).not.toContain('"thinking"');
    expect(JSON.stringify(provider.last.json)).toContain(JSON.stringify(textOf(begun)));
  });

  test('version and betas of the client go along, and what only the gateway knows does not', async () => {
    provider.behaviour = wire('anthropic/text');
    const older = client.withOptions({ defaultHeaders: { 'anthropic-version': '2023-01-01' } });
    await older.beta.messages.create({
      model: 'anthropic',
      max_tokens: 100,
      messages: HI,
      betas: ['context-1m-2025-08-07'],
      metadata: { user_id: 'lou', tags: ['night'] } as { user_id: string },
      ...({ timeout: 30, num_retries: 0 } as object),
    });
    expect(provider.last.path).toBe('/v1/messages');
    expect(provider.last.headers).toMatchObject({
      'anthropic-version': '2023-01-01',
      'anthropic-beta': 'context-1m-2025-08-07',
      'x-api-key': 'sk-provider',
    });
    expect(provider.last.json).toEqual({
      model: 'claude-sonnet-4-5-20250929',
      max_tokens: 100,
      messages: HI,
      metadata: { user_id: 'lou' },
    });
  });
});

describe('what a client asks of Claude beyond the API', () => {
  const thought = [
    ...HI,
    {
      role: 'assistant' as const,
      content: [
        { type: 'thinking' as const, thinking: 'Hm.', signature: '' },
        { type: 'text' as const, text: 'Hi' },
      ],
    },
    { role: 'user' as const, content: 'Go on' },
  ];

  test('betas go along too where the history must be put right', async () => {
    provider.behaviour = wire('anthropic/text');
    await client.beta.messages.create({ model: 'anthropic', max_tokens: 100, messages: thought, betas: ['context-1m-2025-08-07'] });
    expect(provider.last.headers['anthropic-beta']).toBe('context-1m-2025-08-07');
    expect(JSON.stringify(provider.last.json)).not.toContain('thinking');
  });

  test.each([
    ['as it came', HI],
    ['put right', thought],
  ])('betas and users in the body are told in Anthropic’s way, of a body %s', async (_, messages) => {
    provider.behaviour = wire('anthropic/text');
    const more = { betas: ['a-2025-01-01'], anthropic_beta: ['b-2025-01-01'], user: 'lou' };
    const headers = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'c-2025-01-01' };
    const asked = { model: 'anthropic', max_tokens: 100, messages, ...more };
    await gateway.call('POST', '/v1/messages', asked, gateway.masterKey, headers);
    const { json: sent, headers: told } = provider.last;
    expect(String(told['anthropic-beta']).split(',').toSorted()).toEqual(['a-2025-01-01', 'b-2025-01-01', 'c-2025-01-01']);
    expect(sent['metadata']).toEqual({ user_id: 'lou' });
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(user|betas|anthropic_beta)$/)]));
  });

  test('a user is named to others as they name one', async () => {
    provider.behaviour = wire('gemini/text');
    await gateway.call('POST', '/v1/messages', { model: 'gemini', max_tokens: 100, messages: HI, user: 'lou' });
    expect(provider.last.json).not.toHaveProperty('user');
    provider.behaviour = wire('openai/text');
    await gateway.call('POST', '/v1/messages', { model: 'openai', max_tokens: 100, messages: HI, user: 'lou' });
    expect(provider.last.json['user']).toBe('lou');
  });
});

describe('helpers of the official client that leave the history with Anthropic', () => {
  const call = (id: string, city: string) => ({ id, type: 'function', function: { name: 'get_weather', arguments: `{"city":"${city}"}` } });
  const asks = {
    ...completion(''),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, tool_calls: [call('call_1', 'Köln'), call('call_2', 'Bonn')] },
        finish_reason: 'tool_calls',
      },
    ],
  };
  const tool = {
    type: 'custom' as const,
    name: 'get_weather',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
    run: (input: unknown) => `rain in ${(input as { city: string }).city}`,
    parse: (content: unknown) => content,
  };

  test('a runner of tools sends all of it with each turn, to any provider', async () => {
    provider.behaviour = inTurn(json(asks), json(completion('Rain in both.')));
    const runner = client.beta.messages.toolRunner({ model: 'openai', max_tokens: 100, messages: HI, tools: [tool] });
    expect((await runner).content).toMatchObject([{ type: 'text', text: 'Rain in both.' }]);
    const { messages, tools } = provider.last.json as { messages: { role: string; content: unknown }[]; tools: unknown[] };
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'Hi'],
      ['assistant', null],
      ['tool', 'rain in Köln'],
      ['tool', 'rain in Bonn'],
    ]);
    expect(tools).toHaveLength(1);
    expect(provider.last.json).not.toHaveProperty('thread');
  });

  test('a thread is refused before anybody is asked', async () => {
    const before = provider.seen.length;
    for (const model of ['openai', 'anthropic']) {
      const thread = client.beta.messages.thread({ model, max_tokens: 100 });
      await expect(thread.send({ role: 'user', content: 'Hi' })).rejects.toMatchObject({
        status: 400,
        error: { error: { details: { error_code: 'thread_unsupported_request' } } },
      });
    }
    expect(provider.seen.length).toBe(before);
  });
});

describe('tokens are counted', () => {
  test('by the provider, where it counts', async () => {
    provider.behaviour = json({ input_tokens: 4711 });
    const counted = await client.messages.countTokens({ model: 'anthropic', messages: HI, system: 'Be brief.' });
    expect(counted).toEqual({ input_tokens: 4711 });
    expect(provider.last).toMatchObject({ path: '/v1/messages/count_tokens', json: { messages: HI, system: 'Be brief.' } });
  });

  test('here, where it does not or fails', async () => {
    provider.behaviour = json({ type: 'error', error: { type: 'api_error', message: 'no' } }, 500);
    for (const model of ['anthropic', 'openai', 'ollama']) {
      const short = await client.messages.countTokens({ model, messages: HI });
      const long = await client.messages.countTokens({ model, messages: [{ role: 'user', content: 'Hi there, how are you today?' }] });
      expect(short.input_tokens).toBeGreaterThan(0);
      expect(long.input_tokens).toBeGreaterThan(short.input_tokens);
    }
  });

  test('and nothing of it is charged', async () => {
    const key = await gateway.key({ key_alias: 'counting' });
    await client.withOptions({ apiKey: key }).messages.countTokens({ model: 'openai', messages: HI });
    expect(await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).json()).toEqual([]);
  });
});

describe('each error raises its class, in Anthropic’s shape', () => {
  const ask = (model = 'openai', apiKey = gateway.masterKey) =>
    client.withOptions({ apiKey }).messages.create({ model, max_tokens: 10, messages: HI });

  test.each([
    [400, BadRequestError, 'invalid_request_error'],
    [401, AuthenticationError, 'authentication_error'],
    [403, PermissionDeniedError, 'permission_error'],
    [404, NotFoundError, 'not_found_error'],
    [429, RateLimitError, 'rate_limit_error'],
    [500, InternalServerError, 'api_error'],
    [503, InternalServerError, 'overloaded_error'],
  ])('a provider that says %i', async (status, kind, type) => {
    for (const model of ['openai', 'anthropic']) {
      provider.behaviour = json({ type: 'error', error: { message: 'no', type: 'some_error' } }, status);
      const error = await ask(model).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(kind);
      // Anthropic's own words pass as they came.
      const told = model === 'anthropic' ? { type: 'some_error', message: 'no' } : { type, code: String(status) };
      expect(error).toMatchObject({ status, error: { type: 'error', error: told } });
      expect((error as APIError).message).toContain('no');
    }
  });

  test('an error of Anthropic’s passes whole, but for secrets in it', async () => {
    const own = {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 208310 tokens > 200000 maximum', details: { error_code: 'x' } },
      request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
    };
    provider.behaviour = json(own, 400);
    for (const streams of [false, true]) {
      const answer = await gateway.call('POST', '/v1/messages', { model: 'anthropic', max_tokens: 9, messages: HI, stream: streams });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual(own);
      expect(answer.headers.get('request-id')).toBe(answer.headers.get('x-litellm-call-id'));
    }
    provider.behaviour = json({ ...own, error: { ...own.error, message: 'Bad key sk-ant-api03-abcdefghijklmnopqrstuvwxyz012345' } }, 401);
    await expect(ask('anthropic')).rejects.toThrow(/Bad key (?!sk-ant-api03-abcdefgh)/);
  });

  test('a prompt that does not fit is told in Anthropic’s words, once', async () => {
    for (const [model, name] of [
      ['openai', 'openai/error-context'],
      ['anthropic', 'anthropic/error-context-window'],
    ] as const) {
      provider.behaviour = wire(name);
      const error = (await ask(model).catch((thrown: unknown) => thrown)) as APIError;
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error.message.split('prompt is too long')).toHaveLength(2);
    }
  });

  test('each answer and error says by which id it is found again', async () => {
    provider.behaviour = wire('openai/text');
    const { request_id: id, response } = await client.messages.create({ model: 'openai', max_tokens: 9, messages: HI }).withResponse();
    expect(id).toBe(response.headers.get('x-litellm-call-id'));
    const error = (await ask('unheard-of').catch((thrown: unknown) => thrown)) as APIError;
    expect(error.requestID).toBe(error.headers?.get('x-litellm-call-id'));
  });

  test('wrong and unknown keys, an unknown model, a model that the key may not use', async () => {
    await expect(ask('openai', 'sk-unknown')).rejects.toMatchObject({
      constructor: AuthenticationError,
      error: { type: 'error', error: { type: 'authentication_error' } },
    });
    await expect(ask('unheard-of')).rejects.toMatchObject({ constructor: BadRequestError });
    const key = await gateway.key({ models: ['anthropic'] });
    await expect(ask('openai', key)).rejects.toMatchObject({ constructor: PermissionDeniedError });
    await expect(client.withOptions({ apiKey: key }).messages.countTokens({ model: 'openai', messages: HI })).rejects.toMatchObject({
      constructor: PermissionDeniedError,
    });
  });

  test.each([
    ['max_tokens', { messages: HI }],
    ['messages', { max_tokens: 10 }],
    ['messages', { max_tokens: 10, messages: 'Hi' }],
    ['role', { max_tokens: 10, messages: [{ role: 'tool', content: 'x' }] }],
  ])('a body whose %s is wrong is a 400 that names it', async (name, body) => {
    const error = await client.messages.create({ model: 'openai', ...body } as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadRequestError);
    expect((error as APIError).message).toContain(name);
  });

  test('a spent budget is refused before anybody is asked', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ max_budget: 0.01 });
    const mine = client.withOptions({ apiKey: key });
    await mine.messages.create({ model: 'priced', max_tokens: 1, messages: HI }).catch(() => undefined);
    const before = provider.seen.length;
    const error = await mine.messages.create({ model: 'priced', max_tokens: 1, messages: HI }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect((error as APIError).message).toContain('udget');
    expect(provider.seen.length).toBe(before);
  });

  test('an error in mid-stream is told as an event, and nothing follows it', async () => {
    for (const [model, name] of [
      ['anthropic', 'anthropic/error-in-mid-stream'],
      ['openai', 'openai/error-in-stream'],
    ] as const) {
      provider.behaviour = wire(name);
      const running = client.messages.stream({ model, max_tokens: 10, messages: HI });
      await expect(running.finalMessage()).rejects.toBeInstanceOf(APIError);
    }
  });

  test('a stream that breaks off is an error and no end', async () => {
    provider.behaviour = stream(streamedEvents(['Hel', 'lo']).slice(0, 2));
    const running = client.messages.stream({ model: 'openai', max_tokens: 10, messages: HI });
    await expect(running.finalMessage()).rejects.toBeInstanceOf(APIError);
  });

  test('a provider that is not there', async () => {
    const error = await ask('gone').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).not.toBeInstanceOf(APIConnectionError);
  });
});
