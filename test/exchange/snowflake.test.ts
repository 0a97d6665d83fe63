import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, key: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "snowflake/${model}", api_base: "${provider.url}/api/v2", api_key: "${key}" } }\n`;
  gateway = await startGateway(`model_list:
${row('llama', 'llama4-maverick', 'pat/a-programmatic-token')}${row('claude', 'claude-sonnet-4-5', 'eyJhbGciOiJSUzI1NiJ9.x.y')}`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const HI = [{ role: 'user', content: 'Hi' }];

test('Snowflake is asked in OpenAI’s words, by a token without its mark', async () => {
  provider.behaviour = wire('openai/text');
  const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'llama', messages: HI, max_tokens: 20 });
  expect(answer.status).toBe(200);
  const { path, headers, json } = provider.last;
  expect(path).toBe('/api/v2/cortex/v1/chat/completions');
  expect(headers.authorization).toBe('Bearer a-programmatic-token');
  expect(headers['x-snowflake-authorization-token-type']).toBe('PROGRAMMATIC_ACCESS_TOKEN');
  expect(json).toMatchObject({ model: 'llama4-maverick', max_completion_tokens: 20 });
});

test('its Claude is asked in Anthropic’s, whichever way a client asks', async () => {
  provider.behaviour = wire('anthropic/text');
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const answer = await gateway.call('POST', path, { model: 'claude', messages: HI, max_tokens: 20 });
    expect(answer.status).toBe(200);
    const { path: asked, headers, json } = provider.last;
    expect(asked).toBe('/api/v2/cortex/v1/messages');
    expect(headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' });
    expect(json).toMatchObject({ model: 'claude-sonnet-4-5', max_tokens: 20 });
  }
});

test('a parameter that it does not take is told', async () => {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'llama', messages: HI, presence_penalty: 1 });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('presence_penalty');
});
