import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

/** Whose account is asked, and which models may answer, is the owner's to say. */
let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, base: string, more = 'api_key: sk-x'): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}", ${more} } }\n`;
  const zen = 'zen_api_key: dXNlcjprZXk=';
  gateway = await startGateway(`model_list:
${row('granite', 'watsonx/ibm/granite', provider.url, `${zen}, project_id: ours`)}${row('homeless', 'watsonx/ibm/granite', provider.url, zen)}${row('router', 'openrouter/maker/cheap', `${provider.url}/v1`)}${row('chosen', 'openrouter/maker/cheap', `${provider.url}/v1`, 'api_key: sk-x, models: [maker/spare]')}${row('vercel', 'vercel_ai_gateway/maker/cheap', `${provider.url}/v1`)}${row('openai', 'openai/cheap', `${provider.url}/v1`)}${row('claude', 'anthropic/claude-sonnet-4-5', provider.url)}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const THEIRS = { project_id: 'theirs', space_id: 'theirs' };
const TURNS = [{ role: 'user', content: 'Hi' }];
const chat = (more: object): Promise<Response> => gateway.call('POST', '/v1/chat/completions', { messages: TURNS, ...more });

describe('a project of watsonx', () => {
  beforeEach(() => {
    provider.behaviour = wire('watsonx/text');
  });

  test.each([
    ['in the body', THEIRS],
    ['in extra_body', { extra_body: THEIRS }],
  ])('is the owner’s, whatever a client says %s', async (_, more) => {
    expect((await chat({ model: 'granite', ...more })).status).toBe(200);
    expect(provider.last.json).toMatchObject({ project_id: 'ours' });
    expect(JSON.stringify(provider.last.json)).not.toContain('theirs');
    await chat({ model: 'homeless', ...more });
    expect(JSON.stringify(provider.last.json)).not.toContain('theirs');
  });

  test('is not named by a fallback that the client wrote', async () => {
    const answered = wire('watsonx/text');
    provider.behaviour = (request, response) => (request.path.startsWith('/v1/') ? json({}, 500) : answered)(request, response);
    const answer = await chat({ model: 'openai', fallbacks: [{ model: 'granite', ...THEIRS }] });
    await answer.text();
    expect(provider.last.json).toMatchObject({ project_id: 'ours' });
    expect(JSON.stringify(provider.last.json)).not.toContain('theirs');
  });

  test('is the owner’s for Messages, Responses, vectors, ranks and recordings', async () => {
    await gateway.call('POST', '/v1/messages', { model: 'granite', max_tokens: 9, messages: TURNS, ...THEIRS });
    await gateway.call('POST', '/v1/responses', { model: 'granite', input: 'Hi', ...THEIRS });
    provider.behaviour = wire('watsonx/embeddings');
    await gateway.call('POST', '/v1/embeddings', { model: 'granite', input: ['a', 'b'], ...THEIRS });
    await gateway.call('POST', '/v1/rerank', { model: 'granite', query: 'a', documents: ['b'], ...THEIRS });
    await gateway.call('POST', '/v1/completions', { model: 'granite', prompt: 'a', ...THEIRS });
    expect(provider.seen).toHaveLength(5);
    for (const { json: body, path } of provider.seen)
      expect([path, body['project_id'], body['space_id']]).toEqual([path, 'ours', undefined]);
  });

  test('stands in a form once, before or behind its file', async () => {
    provider.behaviour = json({ text: 'Guten Tag.' });
    const form = new FormData();
    form.append('model', 'granite');
    form.append('space_id', 'theirs');
    form.append('project_id[]', 'theirs');
    form.append('file', new Blob([new Uint8Array(100)], { type: 'audio/mpeg' }), 'a.mp3');
    form.append('project_id', 'theirs');
    const headers = { authorization: `Bearer ${gateway.masterKey}` };
    const answer = await fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form });
    expect(answer.status).toBe(200);
    const sent = provider.last.body.toString();
    expect(sent).toMatch(/name="project_id"\r\n\r\nours\r\n/);
    expect(sent).not.toContain('theirs');
  });
});

describe('other models', () => {
  beforeEach(() => {
    provider.behaviour = json(completion('Hi.'));
  });

  test.each([
    ['router', { models: ['maker/dear'], route: 'fallback', preset: 'dear' }],
    ['vercel', { models: ['maker/dear'], providerOptions: { gateway: { models: ['maker/dear'], sort: 'cost' } } }],
  ])('that %s could answer with are not the client’s to name', async (model, more) => {
    expect((await chat({ model, ...more })).status).toBe(200);
    expect(JSON.stringify(provider.last.json)).not.toContain('dear');
    expect((await chat({ model, extra_body: more })).status).toBe(200);
    expect(JSON.stringify(provider.last.json)).not.toContain('dear');
    expect(provider.last.json).toMatchObject(
      model === 'vercel' ? { providerOptions: { gateway: { sort: 'cost' } } } : { model: 'maker/cheap' },
    );
  });

  test('that the owner names are asked', async () => {
    expect((await chat({ model: 'chosen', models: ['maker/dear'] })).status).toBe(200);
    expect(provider.last.json).toMatchObject({ models: ['maker/spare'] });
  });
});

test('who is billed for Claude is the owner’s to say', async () => {
  provider.behaviour = wire('anthropic/text');
  const billed = { billing_policy: { type: 'billing_policy', bill_to: 'user_profile' } };
  await gateway.call('POST', '/v1/messages', { model: 'claude', max_tokens: 9, messages: TURNS, ...billed });
  expect(provider.last.json).toEqual({ model: 'claude-sonnet-4-5', max_tokens: 9, messages: TURNS });
});

test('a client sets no header that says whose account is asked, which model answers, or where', async () => {
  provider.behaviour = json(completion('Hi.'));
  const deciding = [
    'openai-organization',
    'openai-project',
    'anthropic-workspace-id',
    'anthropic-user-profile-id',
    'x-goog-user-project',
    'x-amzn-sagemaker-target-model',
    'x-amz-security-token',
    'x-hf-bill-to',
    'ai-resource-group',
    'x-snowflake-role',
    'x-portkey-custom-host',
    'x-portkey-virtual-key',
    'helicone-target-url',
    'cf-aig-byok-alias',
    'x-forwarded-host',
  ];
  const passed = Object.fromEntries([...deciding, 'x-trace'].map((name) => [`x-pass-${name}`, 'theirs']));
  const extra = Object.fromEntries([...deciding, 'x-portkey-metadata'].map((name) => [name, 'theirs']));
  const body = { model: 'openai', messages: TURNS, extra_headers: extra };
  const answer = await gateway.call('POST', '/v1/chat/completions', body, gateway.masterKey, passed);
  expect(answer.status).toBe(200);
  const theirs = Object.entries(provider.last.headers).filter(([, value]) => value === 'theirs');
  expect(theirs.map(([name]) => name).toSorted()).toEqual(['x-portkey-metadata', 'x-trace']);
});
