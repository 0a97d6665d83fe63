import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { lastRow } from './leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(
    `model_list:
  - { model_name: judge, litellm_params: { model: openai/omni-moderation-2024-09-26, api_base: "${provider.url}/v1", api_key: judge-secret } }
  - { model_name: mistral, litellm_params: { model: mistral/mistral-moderation-latest, api_base: "${provider.url}/v1", api_key: k } }
  - { model_name: dear, litellm_params: { model: openai/judge, api_base: "${provider.url}/v1", api_key: k, input_cost_per_token: 0.000001 } }
  - { model_name: chats, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: k } }
  - { model_name: mocked, litellm_params: { model: openai/judge, mock_response: x } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
    { OPENAI_API_KEY: 'sk-of-the-environment', OPENAI_BASE_URL: `${provider.url}/openai/v1` },
  );
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const RESULT = {
  flagged: true,
  categories: { violence: true, hate: false },
  category_scores: { violence: 0.98, hate: 1e-7 },
  category_applied_input_types: { violence: ['text'] },
};
const JUDGED = { id: 'modr-1', model: 'omni-moderation-2024-09-26', results: [RESULT] };

beforeEach(() => {
  provider.seen.length = 0;
  provider.behaviour = json(JUDGED);
});

interface Body {
  readonly model: string;
  readonly results: readonly Record<string, unknown>[];
  readonly error: { readonly message: string; readonly param: string | null };
}

async function judge(asked: Record<string, unknown>, by = key, path = '/v1/moderations'): Promise<{ answer: Response; body: Body }> {
  const answer = await gateway.call('POST', path, { input: 'I will hit you', ...asked }, by);
  return { answer, body: (await answer.clone().json()) as Body };
}

test.each(['/v1/moderations', '/moderations', '/openai/v1/moderations'])('a text is judged at %s, for nothing', async (path) => {
  const { answer, body } = await judge({ model: 'judge', user: 'ann', metadata: { tags: ['a'] } }, key, path);
  expect(provider.last).toMatchObject({ method: 'POST', path: '/v1/moderations', headers: { authorization: 'Bearer judge-secret' } });
  expect(provider.last.json).toEqual({ model: 'omni-moderation-2024-09-26', input: 'I will hit you', user: 'ann' });
  expect(body).toEqual({ ...JUDGED, model: 'judge' });
  expect(answer.headers.get('x-litellm-response-cost')).toBe('0');
  expect(await lastRow(gateway)).toMatchObject({ call_type: 'amoderation', spend: '0', end_user: 'ann', status: 'success' });
});

test('lists and pictures pass as they are', async () => {
  const input = [
    { type: 'text', text: 'a' },
    { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
  ];
  await judge({ model: 'judge', input });
  expect(provider.last.json['input']).toEqual(input);
  await judge({ model: 'judge', input: ['a', 'b'] });
  expect(provider.last.json['input']).toEqual(['a', 'b']);
});

describe('without a model', () => {
  test('OpenAI’s newest judges, with the key of the environment', async () => {
    const { answer, body } = await judge({});
    expect([answer.status, body.model]).toEqual([200, 'omni-moderation-latest']);
    expect(provider.last).toMatchObject({ path: '/openai/v1/moderations', headers: { authorization: 'Bearer sk-of-the-environment' } });
    expect(provider.last.json).toEqual({ model: 'omni-moderation-latest', input: 'I will hit you' });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0', model_group: 'omni-moderation-latest' });
  });

  test('as it does for a name that no row has; a row whose model has the name judges itself', async () => {
    await judge({ model: 'text-moderation-stable' });
    expect(provider.last).toMatchObject({ path: '/openai/v1/moderations', json: { model: 'text-moderation-stable' } });
    await judge({ model: 'omni-moderation-2024-09-26' });
    expect(provider.last).toMatchObject({ path: '/v1/moderations', headers: { authorization: 'Bearer judge-secret' } });
  });

  test('but not for a key that may not use it, nor for other names and operations', async () => {
    const other = await gateway.key({ models: ['judge'] });
    expect((await judge({ model: 'text-moderation-stable' }, other)).answer.status).toBe(403);
    expect((await judge({ model: 'gpt-4o' })).answer.status).toBe(400);
    const chat = { model: 'text-moderation-stable', messages: [{ role: 'user', content: 'Hi' }] };
    expect((await gateway.call('POST', '/v1/chat/completions', chat, key)).status).toBe(400);
  });

  test('unknown models stand in no list', async () => {
    await judge({});
    const { data } = (await (await gateway.call('GET', '/v1/models')).json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(['judge', 'mistral', 'dear', 'chats', 'mocked']);
  });
});

test('the owner’s choice wins over the client’s', async () => {
  const set = (value: unknown) =>
    gateway.call('POST', '/config/field/update', { config_type: 'general_settings', field_name: 'moderation_model', field_value: value });
  expect((await set('judge')).status).toBe(200);
  await judge({ model: 'chats' });
  expect(provider.last).toMatchObject({ path: '/v1/moderations', json: { model: 'omni-moderation-2024-09-26' } });
  expect(
    (await gateway.call('POST', '/config/field/delete', { config_type: 'general_settings', field_name: 'moderation_model' })).status,
  ).toBe(200);
});

test('Mistral’s judgement says as well whether anything was found', async () => {
  const results = [
    { categories: { pii: true }, category_scores: { pii: 0.9 } },
    { categories: { pii: false }, category_scores: { pii: 0.1 } },
    {},
  ];
  provider.behaviour = json({ id: 'm', model: 'mistral-moderation-2411', results, usage: { prompt_tokens: 7, total_tokens: 7 } });
  const { body } = await judge({ model: 'mistral', input: ['a', 'b', 'c'] });
  expect(body.results.map(({ flagged }) => flagged)).toEqual([true, false, false]);
  expect(await lastRow(gateway)).toMatchObject({ prompt_tokens: 7 });
});

test('a model with a price is paid for by its tokens, which are counted here', async () => {
  await judge({ model: 'dear', input: 'Hello world' });
  expect(await lastRow(gateway)).toMatchObject({
    prompt_tokens: 2,
    spend: '0.000002',
    metadata: expect.objectContaining({ usage_estimated: true }),
  });
});

test('a mocked model finds nothing', async () => {
  expect((await judge({ model: 'mocked', input: ['a', 'b'] })).body.results.map(({ flagged }) => flagged)).toEqual([false, false]);
  expect(await lastRow(gateway)).toMatchObject({ spend: '0' });
});

describe('refusals', () => {
  test('a missing input, and a provider that does not judge', async () => {
    expect((await judge({ model: 'judge', input: undefined })).body.error.param).toBe('input');
    const { answer, body } = await judge({ model: 'chats' });
    expect([answer.status, body.error.message]).toEqual([
      400,
      expect.stringContaining('Moderations are not supported for provider Anthropic'),
    ]);
    expect((await judge({ model: 5 })).body.error.param).toBe('model');
  });

  test('of the provider come in its words', async () => {
    provider.behaviour = json({ error: { message: 'Input is too long', type: 'invalid_request_error', code: null, param: 'input' } }, 400);
    const { answer, body } = await judge({ model: 'judge' });
    expect([answer.status, body.error]).toEqual([
      400,
      expect.objectContaining({ message: expect.stringContaining('Input is too long'), param: 'input' }),
    ]);
  });

  test.each([{}, { results: 'x' }, { results: [5] }, [], { error: { message: 'no' } }])('%o is no judgement', async (body) => {
    provider.behaviour = json(body);
    expect((await judge({ model: 'judge' })).answer.status).toBeGreaterThanOrEqual(500);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });
});
