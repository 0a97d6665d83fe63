import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start((request, response) =>
    wire(request.path === '/api/chat' ? 'ollama/text' : request.path === '/v1/messages' ? 'anthropic/text' : 'openai/text')(
      request,
      response,
    ),
  );
  gateway = await startGateway(`model_list:
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: sk-x } }
  - { model_name: lenient, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${provider.url}", api_key: sk-x, drop_params: true } }
  - { model_name: ollama, litellm_params: { model: ollama_chat/qwen3:8b, api_base: "${provider.url}" } }
  - { model_name: openai, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url}/v1", api_key: sk-x } }
  - { model_name: picky, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url}/v1", api_key: sk-x, additional_drop_params: [seed, "tools[*].function.strict"] } }
  - { model_name: groq, litellm_params: { model: groq/llama-3.3-70b, api_base: "${provider.url}/v1", api_key: sk-x } }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const chat = (model: string, more: Record<string, unknown>): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });

test('a known parameter that the provider cannot take is 400, dropped when request, deployment or settings say so', async () => {
  expect((await chat('claude', { logit_bias: { 1: 2 } })).status).toBe(400);
  expect((await chat('claude', { logit_bias: { 1: 2 }, drop_params: true })).status).toBe(200);
  expect(provider.last.json).not.toHaveProperty('logit_bias');
  expect(provider.last.json).not.toHaveProperty('drop_params');
  expect((await chat('lenient', { logit_bias: { 1: 2 } })).status).toBe(200);
  expect((await chat('lenient', { logit_bias: { 1: 2 }, drop_params: false })).status).toBe(400);
  expect((await chat('claude', { n: 2 })).status).toBe(400);
  expect((await chat('ollama', { n: 2 })).status).toBe(400);
});

test('one that was sent as null was not sent', async () => {
  expect((await chat('claude', { logit_bias: null, n: null, temperature: null })).status).toBe(200);
  expect(Object.keys(provider.last.json)).not.toEqual(expect.arrayContaining(['logit_bias']));
});

test('`allowed_openai_params` sends it all the same', async () => {
  expect((await chat('claude', { logit_bias: { 1: 2 }, allowed_openai_params: ['logit_bias'] })).status).toBe(200);
  expect(provider.last.json).toMatchObject({ logit_bias: { 1: 2 } });
  expect(provider.last.json).not.toHaveProperty('allowed_openai_params');
});

test('`additional_drop_params` takes paths away, for any provider', async () => {
  const tools = [{ type: 'function', function: { name: 'f', strict: true, parameters: { type: 'object', properties: {} } } }];
  await chat('openai', { seed: 1, tools, additional_drop_params: ['seed', 'tools[0].function.strict'] });
  expect(provider.last.json).not.toHaveProperty('seed');
  expect(JSON.stringify(provider.last.json)).not.toMatch(/strict|additional_drop_params/);
  await chat('picky', { seed: 1, tools });
  expect(JSON.stringify(provider.last.json)).not.toMatch(/strict|seed/);
  await chat('claude', { stop: ['x'], additional_drop_params: ['stop'] });
  expect(provider.last.json).not.toHaveProperty('stop_sequences');
});

test('a parameter that nobody knows is the provider’s own', async () => {
  await chat('openai', { chat_template_kwargs: { enable_thinking: false }, top_k: 5 });
  expect(provider.last.json).toMatchObject({ chat_template_kwargs: { enable_thinking: false }, top_k: 5 });
  await chat('claude', { top_k: 5 });
  expect(provider.last.json).toMatchObject({ top_k: 5 });
  await chat('ollama', { num_ctx: 8192, keep_alive: '1h' });
  expect(provider.last.json).toMatchObject({ options: { num_ctx: 8192 }, keep_alive: '1h' });
});

test('parameters reach each dialect under its own name', async () => {
  const asked = { max_tokens: 7, temperature: 0.5, stop: ['a', 'b'] };
  await chat('claude', asked);
  expect(provider.last.json).toMatchObject({ max_tokens: 7, temperature: 0.5, stop_sequences: ['a', 'b'] });
  await chat('ollama', { ...asked, top_p: 0.25, seed: 3 });
  expect(provider.last.json).toMatchObject({ options: { num_predict: 7, temperature: 0.5, top_p: 0.25, stop: ['a', 'b'], seed: 3 } });
});

test('members for the gateway never reach a provider', async () => {
  const ours = {
    metadata: { a: 'b' },
    litellm_metadata: {},
    tags: ['a'],
    num_retries: 1,
    timeout: 30,
    fallbacks: [],
    disable_fallbacks: true,
    cache: {},
    caching: true,
    guardrails: ['x'],
    'no-log': true,
    litellm_unknown: 1,
    input_cost_per_token: 9,
  };
  for (const model of ['openai', 'groq', 'claude', 'ollama']) {
    const answer = await chat(model, ours);
    expect([model, answer.status]).toEqual([model, 200]);
    expect(Object.keys(provider.last.json).filter((name) => name in ours)).toEqual([]);
  }
});
