import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider, json, stream } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { lastRow } from '../leaks.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string): string => `
  - model_name: ${name}
    litellm_params: { model: ${model}, api_base: "${provider.url}/v1", api_key: k }
    model_info:
      input_cost_per_token: 0.000001
      output_cost_per_token: 0.00001
      search_context_cost_per_query: { search_context_size_low: 0.03, search_context_size_medium: 0.035, search_context_size_high: 0.05 }`;
  gateway =
    await startGateway(`model_list:${row('searching', 'openai/gpt-4o-search-preview')}${row('newer', 'openai/gpt-5-search-api-2025-10-14')}${row('plain', 'openai/gpt-4o')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
const HEAD = { id: 'chatcmpl-1', created: 1, model: 'm' };
const ANSWER = {
  ...HEAD,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Rain.' }, finish_reason: 'stop' }],
  usage,
};
const chunk = (choices: readonly object[], more: object = {}): string =>
  `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', choices, ...more })}\n\n`;

const ask = async (model: string, more: object = {}): Promise<unknown> => {
  const messages = [{ role: 'user', content: 'The weather?' }];
  expect((await gateway.call('POST', '/v1/chat/completions', { model, messages, ...more })).status).toBe(200);
  return ((await lastRow(gateway)) as { spend: string }).spend;
};

test('a model that searches for every chat is billed for a search of the size that was asked for', async () => {
  provider.behaviour = json(ANSWER);
  expect(await ask('searching')).toBe('0.03503');
  expect(await ask('searching', { web_search_options: { search_context_size: 'low' } })).toBe('0.03003');
  expect(await ask('searching', { web_search_options: { search_context_size: 'high' } })).toBe('0.05003');
  expect(await ask('newer')).toBe('0.03503');
});

test('its stream too', async () => {
  const delta = { role: 'assistant', content: 'Rain.' };
  provider.behaviour = stream([
    chunk([{ index: 0, delta, finish_reason: null }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([], { usage }),
    'data: [DONE]\n\n',
  ]);
  const messages = [{ role: 'user', content: 'The weather?' }];
  await (await gateway.call('POST', '/v1/chat/completions', { model: 'searching', messages, stream: true })).text();
  expect(await lastRow(gateway)).toMatchObject({ spend: '0.03503' });
});

test('others are not, and neither is a call that failed', async () => {
  provider.behaviour = json(ANSWER);
  expect(await ask('plain')).toBe('0.00003');
  provider.behaviour = json({ error: { message: 'broken' } }, 500);
  await gateway.call('POST', '/v1/chat/completions', { model: 'searching', messages: [{ role: 'user', content: 'The weather?' }] });
  expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
});
