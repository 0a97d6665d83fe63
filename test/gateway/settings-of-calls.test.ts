import { afterAll, beforeAll, expect, test } from 'vitest';
import { completion, FakeProvider, json, stream } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/${name}, api_base: "${provider.url}/v1", api_key: sk-provider, input_cost_per_token: 0.001, output_cost_per_token: 0.001 } }\n`;
  gateway = await startGateway(
    `model_list:
${['talks', 'completes', 'measures', 'draws', 'other'].map(row).join('')}
general_settings: { completion_model: talks, embedding_model: measures, image_generation_model: draws, always_include_stream_usage: true, forward_client_headers_to_llm_api: true }
litellm_settings: { budget_exceeded_error_message: "Ask the office for more.", max_internal_user_budget: 2.50, internal_user_budget_duration: 30d }
`,
    { DISABLE_KEY_NAME: 'true' },
  );
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const messages = [{ role: 'user', content: 'Hi' }];

test('completion_model, embedding_model and image_generation_model answer whichever model is named, or none', async () => {
  provider.behaviour = json(completion('Hello'));
  const asked = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await gateway.call('POST', path, body);
    expect(answer.status, await answer.text()).toBe(200);
    return provider.last.json['model'];
  };
  expect(await asked('/v1/chat/completions', { model: 'other', messages })).toBe('talks');
  expect(await asked('/openai/deployments/other/chat/completions', { messages })).toBe('talks');
  expect(await asked('/v1/chat/completions', { messages })).toBe('talks');
  provider.behaviour = json({
    object: 'list',
    model: 'm',
    data: [{ object: 'embedding', index: 0, embedding: [1] }],
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
  expect(await asked('/v1/embeddings', { model: 'other', input: 'x' })).toBe('measures');
  provider.behaviour = json({ created: 1, data: [{ b64_json: 'aGk=' }] });
  expect(await asked('/v1/images/generations', { model: 'other', prompt: 'x' })).toBe('draws');
});

test('a model that the owner sets is not another road: the key must be allowed to use it', async () => {
  const key = await gateway.key({ models: ['other'] });
  const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'other', messages }, key);
  expect(answer.status).toBe(403);
});

test('always_include_stream_usage ends a stream with its usage although nobody asked', async () => {
  const chunk = (more: object): string =>
    `data: ${JSON.stringify({ id: 'a', object: 'chat.completion.chunk', created: 1, model: 'm', ...more })}\n\n`;
  provider.behaviour = stream([
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi' }, finish_reason: null }] }),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunk({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 } }),
    'data: [DONE]\n\n',
  ]);
  const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'talks', stream: true, messages });
  expect(await answer.text()).toContain('"total_tokens":5');
});

test("forward_client_headers_to_llm_api sends the client's own headers on, and nothing that proves who it is or whence it comes", async () => {
  provider.behaviour = json(completion('Hello'));
  const secrets = {
    'x-api-key': 'sk-secret',
    'x-forwarded-for': '10.0.0.1',
    'x-litellm-tags': 'a',
    'x-real-ip': '10.0.0.1',
    'x-stainless-os': 'Linux',
  };
  await (await gateway.call('POST', '/v1/chat/completions', { messages }, gateway.masterKey, { 'x-team-note': 'blue', ...secrets })).text();
  expect(provider.last.headers['x-team-note']).toBe('blue');
  for (const name of Object.keys(secrets)) expect([name, provider.last.headers[name]]).toEqual([name, undefined]);
});

test('budget_exceeded_error_message stands in place of whose budget it is, in every dialect; the log keeps that', async () => {
  provider.behaviour = json(completion('Hello'));
  const key = await gateway.key({ max_budget: 0.0001 });
  await (await gateway.call('POST', '/v1/chat/completions', { messages }, key)).text();
  const answer = await gateway.call('POST', '/v1/chat/completions', { messages }, key);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ error: { message: 'Ask the office for more.', type: 'budget_exceeded', code: '422' } });
  const anthropic = await gateway.call('POST', '/v1/messages', { model: 'talks', max_tokens: 5, messages }, key);
  expect(await anthropic.json()).toMatchObject({ error: { message: 'Ask the office for more.' } });
  const logged = await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).text();
  expect(logged).not.toContain('Ask the office');
});

test('max_internal_user_budget is the budget of new people who are no administrators, unless the request says another', async () => {
  const made = async (body: object): Promise<Record<string, unknown>> => {
    const { user_id } = (await (await gateway.call('POST', '/user/new', { auto_create_key: false, ...body })).json()) as {
      user_id: string;
    };
    const { user_info } = (await (await gateway.call('GET', `/user/info?user_id=${user_id}`)).json()) as {
      user_info: Record<string, unknown>;
    };
    return user_info;
  };
  expect(await made({})).toMatchObject({ max_budget: 2.5, budget_duration: '30d' });
  expect(await made({ user_role: 'internal_user', max_budget: 7 })).toMatchObject({ max_budget: 7 });
  expect(await made({ user_role: 'proxy_admin' })).toMatchObject({ max_budget: null });
});

test('DISABLE_KEY_NAME keeps no character of new keys', async () => {
  const key = await gateway.key();
  const { info } = (await (await gateway.call('GET', `/key/info?key=${key}`)).json()) as { info: Record<string, unknown> };
  expect(info['key_name']).toBe('sk-...');
});
