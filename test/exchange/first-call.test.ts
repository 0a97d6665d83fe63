import { afterAll, beforeAll, expect, test } from 'vitest';
import { completion, FakeProvider, json, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`
model_list:
  - model_name: fast
    litellm_params: { model: openai/upstream-model, api_base: ${provider.url}/v1, api_key: sk-provider }
    model_info: { input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const ask = { model: 'fast', messages: [{ role: 'user', content: 'Hi' }] };

test('a call through a virtual key reaches the provider with its model and key, and books one exact row', async () => {
  provider.behaviour = json(completion('Hello'));
  const key = await gateway.key({ max_budget: 1 });
  const answer = await gateway.call('POST', '/v1/chat/completions', ask, key);
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(await answer.json()).toMatchObject({ model: 'fast', choices: [{ message: { content: 'Hello' } }] });
  expect(answer.headers.get('x-litellm-response-cost')).toBe('0.00002');
  expect(provider.last.headers.authorization).toBe('Bearer sk-provider');
  expect(provider.last.json).toEqual({ ...ask, model: 'upstream-model' });
  const rows = await gateway.rows();
  expect(rows.at(-1)).toMatchObject({ spend: '0.00002', prompt_tokens: 10, completion_tokens: 5, model_group: 'fast', status: 'success' });
  const info = await (await gateway.call('GET', `/key/info?key=${key}`)).text();
  expect(info).toContain('"spend":0.00002');
});

test('a stream passes event by event, keeps its usage for the bill and hides it from a client that did not ask', async () => {
  provider.behaviour = stream(streamedEvents(['Hel', 'lo']));
  const key = await gateway.key();
  const answer = await gateway.call('POST', '/v1/chat/completions', { ...ask, stream: true }, key);
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(text).not.toContain('"usage"');
  expect(text).toContain('"model":"fast"');
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(provider.last.json['stream_options']).toEqual({ include_usage: true });
  const rows = await gateway.rows();
  expect(rows.at(-1)).toMatchObject({ spend: '0.00002', prompt_tokens: 10, completion_tokens: 5, status: 'success' });
});

test('an unknown key is refused from memory and nothing goes upstream', async () => {
  const before = provider.seen.length;
  const answer = await gateway.call('POST', '/v1/chat/completions', ask, 'sk-nobody-knows-me');
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: { type: 'token_not_found_in_db', param: 'key', code: '401' } });
  expect(provider.seen.length).toBe(before);
});
