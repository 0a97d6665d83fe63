import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { contentOf, eventsIn, expectNothingLeft, lastRow } from '../exchange/leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('from the provider')));
  gateway = await startGateway(`model_list:
  - { model_name: real, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: mock, litellm_params: { model: openai/m, mock_response: "Grüße vom Mock 🦊", input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 } }
  - { model_name: mock-error, litellm_params: { model: openai/m, mock_response: "litellm.RateLimitError" } }
  - { model_name: mock-vectors, litellm_params: { model: openai/m, mock_response: "x" }, model_info: { mode: embedding } }
router_settings: { num_retries: 0 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const chat = (model: string, more: Record<string, unknown> = {}, key = gateway.masterKey): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more }, key);

describe('a deployment with `mock_response`', () => {
  test('answers without asking anybody, counted 10 and 20 and priced', async () => {
    const answer = await chat('mock');
    expect(await answer.json()).toMatchObject({
      object: 'chat.completion',
      model: 'mock',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Grüße vom Mock 🦊' } }],
      usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
    });
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0.00005');
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.00005', prompt_tokens: 10, completion_tokens: 20 });
    expect(provider.seen).toEqual([]);
  });

  test('streams in small pieces', async () => {
    const events = eventsIn(await (await chat('mock', { stream: true, stream_options: { include_usage: true } })).text());
    expect(contentOf(events)).toBe('Grüße vom Mock 🦊');
    expect(events.length).toBeGreaterThan(5);
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 30 } });
    expect(events.at(-1)).toBe('[DONE]');
    await expectNothingLeft(gateway);
  });

  test('counts in the limits of a key like any other', async () => {
    const key = await gateway.key({ max_budget: 0.00004 });
    expect((await chat('mock', {}, key)).status).toBe(200);
    expect((await chat('mock', {}, key)).status).toBe(422);
  });

  test('may be an error', async () => {
    const answer = await chat('mock-error');
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ error: { type: 'rate_limit_error', code: '429' } });
    await expectNothingLeft(gateway);
  });

  test('gives vectors too', async () => {
    const answer = await gateway.call('POST', '/v1/embeddings', { model: 'mock-vectors', input: ['a', 'b'] });
    expect(await answer.json()).toMatchObject({ object: 'list', data: [{ index: 0, embedding: expect.any(Array) }, { index: 1 }] });
  });
});

describe('`mock_response` of a client', () => {
  test('is for keys that may, and for nobody else, the master key included (ruling K4)', async () => {
    const content = async (key: string): Promise<string> =>
      ((await (await chat('real', { mock_response: 'mocked' }, key)).json()) as { choices: { message: { content: string } }[] }).choices[0]
        ?.message.content ?? '';
    expect(await content(gateway.masterKey)).toBe('from the provider');
    expect(await content(await gateway.key())).toBe('from the provider');
    expect(await content(await gateway.key({ metadata: { allow_client_mock_response: true } }))).toBe('mocked');
    for (const { json: body } of provider.seen.filter(({ method }) => method === 'POST')) expect(body).not.toHaveProperty('mock_response');
  });

  test.each([
    ['litellm.RateLimitError', 429],
    ['litellm.InternalServerError', 500],
    ['litellm.ContextWindowExceededError', 400],
    ['Exception: anything', 500],
  ])('%s is that error', async (mock_response, status) => {
    const key = await gateway.key({ metadata: { allow_client_mock_response: true } });
    expect((await chat('real', { mock_response }, key)).status).toBe(status);
    await expectNothingLeft(gateway);
  });
});

test.each([
  'mock_testing_fallbacks',
  'mock_testing_context_fallbacks',
  'mock_testing_content_policy_fallbacks',
  'mock_testing_rate_limit_error',
  'mock_timeout',
  'mock_delay',
])('%s is refused where the setting is off', async (name) => {
  const answer = await chat('real', { [name]: true });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { message: `Mock testing request params are disabled on this proxy: ${name}` } });
});
