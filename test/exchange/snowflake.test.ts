import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { lastRow } from './leaks.ts';

const PEM = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey; // prettier-ignore

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, key: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "snowflake/${model}", api_base: "${provider.url}/api/v2", api_key: "${key}" } }\n`;
  gateway = await startGateway(`model_list:
${row('llama', 'llama4-maverick', 'pat/a-programmatic-token')}${row('claude', 'claude-sonnet-4-5', 'eyJhbGciOiJSUzI1NiJ9.x.y')}  - { model_name: vectors, litellm_params: { model: snowflake/snowflake-arctic-embed-l-v2.0, api_base: "${provider.url}/api/v2", account: acc, snowflake_user: jane, snowflake_private_key: ${JSON.stringify(PEM)}, input_cost_per_token: 0.000001 } }
`);
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
  const { path, headers, json: sent } = provider.last;
  expect(path).toBe('/api/v2/cortex/v1/chat/completions');
  expect(headers.authorization).toBe('Bearer a-programmatic-token');
  expect(headers['x-snowflake-authorization-token-type']).toBe('PROGRAMMATIC_ACCESS_TOKEN');
  expect(sent).toMatchObject({ model: 'llama4-maverick', max_completion_tokens: 20 });
});

test('its Claude is asked in Anthropic’s, whichever way a client asks', async () => {
  provider.behaviour = wire('anthropic/text');
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const answer = await gateway.call('POST', path, { model: 'claude', messages: HI, max_tokens: 20 });
    expect(answer.status).toBe(200);
    const { path: asked, headers, json: sent } = provider.last;
    expect(asked).toBe('/api/v2/cortex/v1/messages');
    expect(headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' });
    expect(sent).toMatchObject({ model: 'claude-sonnet-4-5', max_tokens: 20 });
  }
});

test('a parameter that it does not take is told', async () => {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'llama', messages: HI, presence_penalty: 1 });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('presence_penalty');
});

test('its vectors come by a wire of their own, by a token that a key pair signs, and are paid for', async () => {
  provider.behaviour = wire('vectors/snowflake');
  const { request } = wireCase('vectors/snowflake');
  const answer = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: request['text'] });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    data: [{ embedding: [0.01, -0.5, 0.25] }, { embedding: [-0.01, 0.06, 0.125] }],
    usage: { prompt_tokens: 13 },
  });
  const { path, headers, json: sent } = provider.last;
  expect(path).toBe('/api/v2/cortex/inference:embed');
  expect(sent).toEqual(request);
  const [, claims = ''] = String(headers.authorization).split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'ACC.JANE' });
  expect(headers['x-snowflake-authorization-token-type']).toBe('KEYPAIR_JWT');
  expect(await lastRow(gateway)).toMatchObject({ call_type: 'aembedding', spend: '0.000013' });
});

test('a refusal to embed comes in Snowflake’s words', async () => {
  provider.behaviour = json({ message: 'unknown model "x"', request_id: 'r-1', error_code: '100351' }, 400);
  const answer = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: 'a' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('unknown model');
});
