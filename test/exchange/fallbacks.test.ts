import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { expectNothingLeft, lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

/** What the provider does for each of its models; all others answer. */
let behaviours: Record<string, Behaviour>;

beforeAll(async () => {
  provider = await FakeProvider.start((request, response) => (behaviours[String(request.json['model'])] ?? answering)(request, response));
  const names = ['first', 'second', 'third', 'short', 'long', 'strict', 'lenient', 'lonely', 'loop-a', 'loop-b', 'other-dialect', 'many'];
  const row = (name: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/up-${name}, api_base: "${provider.url}/v1", api_key: sk-x } }\n`;
  gateway = await startGateway(`model_list:
${names.map(row).join('')}  - { model_name: claude, litellm_params: { model: anthropic/claude-x, api_base: "${provider.url}", api_key: sk-x } }
${Array.from({ length: 8 }, (_, i) => row(`many-${i}`)).join('')}
general_settings: { dangerously_allow_mock_testing_request_params: true }
router_settings:
  num_retries: 0
  disable_cooldowns: true
  fallbacks:
    - first: [second, { model: third, temperature: 0.25, messages: [{ role: user, content: Shorter }] }]
    - loop-a: [loop-b]
    - loop-b: [loop-a]
    - other-dialect: [claude]
    - many: [many-0, many-1, many-2, many-3, many-4, many-5, many-6, many-7]
  context_window_fallbacks: [{ short: [long] }]
  content_policy_fallbacks: [{ strict: [lenient] }]
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  behaviours = {};
  provider.seen.length = 0;
});

const answering: Behaviour = (request, response) =>
  (request.json['stream'] === true ? stream(streamedEvents(['Hello'])) : json(completion('Hello')))(request, response);
const failing = (status: number, message = `no ${status}`, code?: string): Behaviour =>
  json({ error: { message, type: 'server_error', ...(code === undefined ? {} : { code }) } }, status);
const asked = (): unknown[] => provider.seen.map(({ json: body }) => body['model']);

function ask(model: string, more: Record<string, unknown> = {}, key: string | null = gateway.masterKey): Promise<Response> {
  return gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more }, key);
}

describe('the general list', () => {
  test('is walked in order until one answers', async () => {
    behaviours = { 'up-first': failing(500), 'up-second': failing(503) };
    const answer = await ask('first', { temperature: 1 });
    expect(answer.status).toBe(200);
    expect(asked()).toEqual(['up-first', 'up-second', 'up-third']);
    expect(provider.last.json).toMatchObject({ temperature: 0.25, messages: [{ role: 'user', content: 'Shorter' }] });
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('2');
    expect(answer.headers.get('x-litellm-model-group')).toBe('third');
  });

  test('gives the answer the name of the model that wrote it (ruling E6)', async () => {
    behaviours = { 'up-first': failing(500) };
    expect(await (await ask('first')).json()).toMatchObject({ model: 'up-second' });
    const streamed = await (await ask('first', { stream: true })).text();
    expect(streamed).toContain('"model":"up-second"');
    expect(streamed).not.toContain('"model":"first"');
  });

  test('books the row under the group that answered, with each attempt', async () => {
    behaviours = { 'up-first': failing(500) };
    await (await ask('first')).text();
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ model_group: 'second', model: 'up-second', status: 'success' });
    expect(row['metadata']).toMatchObject({
      requested_model: 'first',
      attempted_fallbacks: 1,
      attempts: [{ status: 500 }, { status: 200 }],
    });
  });

  test('that failed to its end gives the first error and names nobody else', async () => {
    behaviours = { 'up-first': failing(429), 'up-second': failing(503), 'up-third': failing(500) };
    const answer = await ask('first');
    expect(answer.status).toBe(429);
    const text = await answer.text();
    expect(text).toContain('Received Model Group=first');
    expect(text).not.toMatch(/second|third/);
  });

  test.each([401, 402, 403, 404, 429, 500, 529])('acts on %i', async (status) => {
    behaviours = { 'up-first': failing(status) };
    expect((await ask('first')).status).toBe(200);
    expect(asked()).toEqual(['up-first', 'up-second']);
  });

  test.each([400, 413, 422])('does not act on %i', async (status) => {
    behaviours = { 'up-first': failing(status) };
    expect((await ask('first')).status).toBe(status);
    expect(asked()).toEqual(['up-first']);
  });

  test('acts on a stream that fails before its first event, and the headers are of who answers', async () => {
    behaviours = { 'up-first': stream([]) };
    const answer = await ask('first', { stream: true });
    expect(answer.headers.get('x-litellm-model-group')).toBe('second');
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect(await answer.text()).toContain('Hello');
  });

  test('leads to another dialect', async () => {
    behaviours = {
      'up-other-dialect': failing(500),
      'claude-x': json({
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-x',
        content: [{ type: 'text', text: 'Servus' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 3, output_tokens: 2 },
      }),
    };
    expect(await (await ask('other-dialect')).json()).toMatchObject({ model: 'claude-x', choices: [{ message: { content: 'Servus' } }] });
  });

  test('goes no circles and stops after five', async () => {
    behaviours = { 'up-loop-a': failing(500), 'up-loop-b': failing(500) };
    expect((await ask('loop-a')).status).toBe(500);
    expect(asked()).toEqual(['up-loop-a', 'up-loop-b']);
    provider.seen.length = 0;
    behaviours = { 'up-many': failing(500), ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`up-many-${i}`, failing(500)])) };
    expect((await ask('many')).status).toBe(500);
    expect(asked()).toHaveLength(6);
  });

  test('skips a target that the key may not use', async () => {
    behaviours = { 'up-first': failing(500) };
    const key = await gateway.key({ models: ['first', 'third'] });
    const answer = await ask('first', {}, key);
    expect(answer.status).toBe(200);
    expect(asked()).toEqual(['up-first', 'up-third']);
  });

  test('rests when the request or the key says so', async () => {
    behaviours = { 'up-first': failing(500) };
    expect((await ask('first', { disable_fallbacks: true })).status).toBe(500);
    expect((await ask('first', {}, await gateway.key({ metadata: { disable_fallbacks: true } }))).status).toBe(500);
    expect(asked()).toEqual(['up-first', 'up-first']);
  });
});

describe('lists of their own', () => {
  test('serve a prompt that is too long, whatever the status', async () => {
    behaviours = { 'up-short': failing(400, "This model's maximum context length is 10 tokens", 'context_length_exceeded') };
    expect(await (await ask('short')).json()).toMatchObject({ model: 'up-long' });
    expect(asked()).toEqual(['up-short', 'up-long']);
  });

  test('serve a prompt against a content policy', async () => {
    behaviours = {
      'up-strict': failing(400, 'The response was filtered due to the prompt triggering a content management policy', 'content_filter'),
    };
    expect(await (await ask('strict')).json()).toMatchObject({ model: 'up-lenient' });
  });

  test('without an entry for the group leave the error as it is, also where a general list stands ready', async () => {
    behaviours = { 'up-first': failing(400, 'prompt is too long') };
    const answer = await ask('first');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'context_length_exceeded' } });
    expect(asked()).toEqual(['up-first']);
  });
});

describe("the client's own list", () => {
  test('takes the place of the configured one', async () => {
    behaviours = { 'up-first': failing(500) };
    const answer = await ask('first', { fallbacks: [{ model: 'long', max_tokens: 3 }] });
    expect(answer.status).toBe(200);
    expect(asked()).toEqual(['up-first', 'up-long']);
    expect(provider.last.json).toMatchObject({ max_tokens: 3 });
    expect(provider.last.json).not.toHaveProperty('fallbacks');
  });

  test('may be empty: then there is none', async () => {
    behaviours = { 'up-first': failing(500) };
    expect((await ask('first', { fallbacks: [] })).status).toBe(500);
    expect(asked()).toEqual(['up-first']);
  });

  test('may name only what the key may use: else 403 before anything is sent', async () => {
    const key = await gateway.key({ models: ['first'] });
    const answer = await ask('first', { fallbacks: ['long'] }, key);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { type: 'key_model_access_denied', message: expect.stringContaining('long') } });
    expect(asked()).toEqual([]);
    await expectNothingLeft(gateway);
  });

  test('must be a list of names or objects with a model', async () => {
    for (const fallbacks of ['long', [1], [{ temperature: 1 }]]) expect((await ask('first', { fallbacks })).status).toBe(400);
    expect(asked()).toEqual([]);
  });

  test('serves a group without a list, and passes over names that nobody knows', async () => {
    behaviours = { 'up-lonely': failing(500) };
    expect(await (await ask('lonely', { fallbacks: ['unheard-of', 'long'] })).json()).toMatchObject({ model: 'up-long' });
  });
});

describe('mock testing', () => {
  test('makes the first group fail without asking it', async () => {
    const answer = await ask('first', { mock_testing_fallbacks: true });
    expect(await answer.json()).toMatchObject({ model: 'up-second' });
    expect(asked()).toEqual(['up-second']);
    expect(provider.last.json).not.toHaveProperty('mock_testing_fallbacks');
  });

  test('reaches the lists of their own', async () => {
    expect(await (await ask('short', { mock_testing_context_fallbacks: true })).json()).toMatchObject({ model: 'up-long' });
    expect(await (await ask('strict', { mock_testing_content_policy_fallbacks: true })).json()).toMatchObject({ model: 'up-lenient' });
  });

  test('is the error where there is no fallback', async () => {
    const answer = await ask('lonely', { mock_testing_rate_limit_error: true });
    expect(answer.status).toBe(429);
    expect(asked()).toEqual([]);
    await expectNothingLeft(gateway);
  });
});
