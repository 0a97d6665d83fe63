import { AzureOpenAI, type OpenAI } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, completion, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { contentOf, eventsIn, expectNothingLeft, lastRow } from './leaks.ts';

const SECRET = 'client-secret-0123456789';
const TOKEN = 'entra-token-0123456789';

let provider: FakeProvider;
let entra: FakeProvider;
let gateway: TestGateway;
let key: string;

const issues = (token = TOKEN): Behaviour => json({ token_type: 'Bearer', expires_in: 3599, access_token: token });

beforeAll(async () => {
  provider = await FakeProvider.start();
  entra = await FakeProvider.start(issues());
  const row = (name: string, model: string, more: string, info = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}", ${more} }${info} }\n`;
  const keyed = 'api_key: az-secret-key, api_version: "2024-10-21"';
  const application = (id: string): string => `tenant_id: t-1, client_id: ${id}, client_secret: ${SECRET}, api_version: v1`;
  const prices = 'input_cost_per_token: 0.0000025, output_cost_per_token: 0.00001';
  gateway = await startGateway(
    `model_list:
${row('house', 'azure/house', `${keyed}, ${prices}`)}${row('thinker', 'azure/mine', `${keyed}, drop_params: true`, ', model_info: { base_model: azure/o3-mini }')}${row('old', 'azure/house', 'api_key: k, api_version: "2024-02-01"')}${row('by-token', 'azure/house', application('c-1'))}${row('refused', 'azure/house', application('c-2'))}${row('slow', 'azure/house', `${application('c-3')}, timeout: 1`)}${row('given', 'azure/house', 'azure_ad_token: given-token-0123456789, api_version: v1')}${row('vectors', 'azure/vectors', keyed)}${row('voice', 'azure/voice', keyed)}${row('ears', 'azure/ears', keyed)}
  - { model_name: grok, litellm_params: { model: azure_ai/grok-3, api_base: "${provider.url}/models", api_key: az-secret-key } }
  - { model_name: claude, litellm_params: { model: azure_ai/claude-sonnet-4-5, api_base: "${provider.url}", api_key: az-secret-key } }
  - { model_name: claude-by-token, litellm_params: { model: azure_ai/claude-sonnet-4-5, api_base: "${provider.url}/anthropic", tenant_id: t-1, client_id: c-4, client_secret: ${SECRET} } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
    { AZURE_AUTHORITY_HOST: entra.url },
  );
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await entra.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
  entra.seen.length = 0;
  provider.behaviour = json(completion('Yes.'));
});

const asked = (model: string, more: Record<string, unknown> = {}) => ({ model, messages: [{ role: 'user', content: 'Hi' }], ...more });
const ask = (model: string, more: Record<string, unknown> = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', asked(model, more), key);

describe('a deployment of Azure OpenAI', () => {
  test('is asked at its path with its key, and paid for', async () => {
    const answer = await ask('house');
    expect(await answer.json()).toMatchObject({ model: 'house', choices: [{ message: { content: 'Yes.' } }] });
    expect(provider.last).toMatchObject({ method: 'POST', path: '/openai/deployments/house/chat/completions?api-version=2024-10-21' });
    expect(provider.last.headers).toMatchObject({ 'api-key': 'az-secret-key' });
    expect(provider.last.headers.authorization).toBeUndefined();
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0.000075');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000075', prompt_tokens: 10, completion_tokens: 5 });
  });

  test('has the rules of the model behind it', async () => {
    await ask('thinker', { max_tokens: 50, temperature: 0.3 });
    expect(provider.last.path).toBe('/openai/deployments/mine/chat/completions?api-version=2024-10-21');
    expect(provider.last.json).toMatchObject({ model: 'mine', max_completion_tokens: 50 });
    expect(provider.last.json).not.toHaveProperty('temperature');
  });

  test('is asked for usage where its version knows that, and counted where it does not', async () => {
    provider.behaviour = stream(streamedEvents(['Yes', '.']));
    await (await ask('house', { stream: true })).text();
    expect(provider.last.json['stream_options']).toEqual({ include_usage: true });
    provider.behaviour = stream(streamedEvents(['Yes', '.'], null));
    await (await ask('old', { stream: true, stream_options: { include_usage: true } })).text();
    expect(provider.last.json).not.toHaveProperty('stream_options');
    const row = await lastRow(gateway);
    for (const name of ['prompt_tokens', 'completion_tokens']) expect(row[name], name).toBeGreaterThan(0);
  });

  test('tells what it filtered, in one stream of one name, and the official client reads it', async () => {
    provider.behaviour = wire('openai/azure-async-filter');
    const text = await (await ask('house', { stream: true })).text();
    const events = eventsIn(text).slice(0, -1) as { id: string; created: number; prompt_filter_results?: unknown }[];
    expect(new Set(events.map(({ id, created }) => `${id} ${created}`))).toEqual(new Set(['az-2 1741569960']));
    expect(contentOf(events)).toBe('The sea was calm.');
    expect(events[0]).toMatchObject({ prompt_filter_results: [{ prompt_index: 0 }], choices: [] });
    expect(events.at(-1)).toMatchObject({
      choices: [{ finish_reason: 'content_filter', content_filter_results: { violence: { filtered: true } } }],
    });
  });

  test('that refuses a prompt is no failure of the deployment, and the reason is told', async () => {
    provider.behaviour = wire('openai/error-azure-filter');
    const answer = await ask('house');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: {
        message: expect.stringContaining('ContentPolicyViolationError'),
        provider_specific_fields: { innererror: { code: 'ResponsibleAIPolicyViolation' } },
      },
    });
  });

  test('gives vectors, speech and transcripts at the same deployment', async () => {
    provider.behaviour = json({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.5, 1] }],
      model: 'up',
      usage: { prompt_tokens: 2, total_tokens: 2 },
    });
    const vectors = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: 'Hi' }, key);
    expect(await vectors.json()).toMatchObject({ model: 'vectors', data: [{ embedding: [0.5, 1] }] });
    expect(provider.last.path).toBe('/openai/deployments/vectors/embeddings?api-version=2024-10-21');
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(Buffer.from([1, 2, 3]));
    };
    const speech = await gateway.call('POST', '/v1/audio/speech', { model: 'voice', input: 'Hi', voice: 'alloy' }, key);
    expect([...new Uint8Array(await speech.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(provider.last).toMatchObject({
      path: '/openai/deployments/voice/audio/speech?api-version=2024-10-21',
      headers: { 'api-key': 'az-secret-key' },
    });
    provider.behaviour = json({ text: 'Hello.' });
    const form = new FormData();
    form.set('model', 'ears');
    form.set('file', new File([new Uint8Array(64)], 'a.wav', { type: 'audio/wav' }));
    const heard = await fetch(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    });
    expect(await heard.json()).toMatchObject({ text: 'Hello.' });
    expect(provider.last.path).toBe('/openai/deployments/ears/audio/transcriptions?api-version=2024-10-21');
  });
});

describe('a token of Entra ID', () => {
  test('is got once for many calls and goes in place of a key', async () => {
    const answers = await Promise.all([ask('by-token'), ask('by-token'), ask('by-token', { stream: false })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(entra.seen.map(({ path }) => path)).toEqual(['/t-1/oauth2/v2.0/token']);
    expect(Object.fromEntries(new URLSearchParams(entra.last.body.toString()))).toMatchObject({ client_id: 'c-1', client_secret: SECRET });
    for (const { headers, path } of provider.seen) {
      expect([path, headers.authorization, headers['api-key']]).toEqual(['/openai/v1/chat/completions', `Bearer ${TOKEN}`, undefined]);
    }
  });

  test('that is given goes as it is', async () => {
    await ask('given');
    expect([provider.last.headers.authorization, entra.seen.length]).toEqual(['Bearer given-token-0123456789', 0]);
  });

  test('that Entra does not give is told in its words, nothing is sent or paid, and no secret is shown', async () => {
    entra.behaviour = json({ error: 'invalid_client', error_description: `AADSTS7000215: Invalid client secret ${SECRET}.` }, 401);
    const answer = await ask('refused');
    const text = await answer.text();
    expect([answer.status, provider.seen.length]).toEqual([401, 0]);
    expect(text).toContain('AADSTS7000215');
    expect(text).not.toContain(SECRET);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
    entra.behaviour = issues();
  });

  test('that the provider repeats is not shown, nor is it in any log', async () => {
    provider.behaviour = json({ error: { code: '401', message: `The token ${TOKEN} is not for this resource.` } }, 401);
    const answer = await ask('by-token');
    expect([answer.status, await answer.text()]).toEqual([401, expect.not.stringContaining(TOKEN)]);
    const log = gateway.log.join('\n');
    for (const text of [TOKEN, SECRET]) expect(log).not.toContain(text);
    expect(JSON.stringify(await gateway.rows(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      TOKEN,
    );
    const info = await (await gateway.call('GET', '/model/info')).text();
    for (const text of [TOKEN, SECRET]) expect(info).not.toContain(text);
  });

  test('that does not come in time ends the call, and a client that leaves is not waited for', async () => {
    entra.behaviour = () => undefined;
    const began = performance.now();
    const answer = await ask('slow');
    expect([answer.status, provider.seen.length]).toEqual([408, 0]);
    expect(performance.now() - began).toBeLessThan(5000);
    const leaving = new AbortController();
    const call = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked('refused')),
      signal: leaving.signal,
    });
    await expect.poll(() => gateway.parts.limits.openHolds).toBe(1);
    leaving.abort();
    await expect(call).rejects.toThrow('aborted');
    await expect.poll(() => gateway.parts.limits.openHolds, { timeout: 3000 }).toBe(0);
    entra.behaviour = issues();
  });

  test('that Entra does not give to a trial is the fault of the secret, and of no key', async () => {
    entra.behaviour = json({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }, 401);
    const params = {
      model: 'azure/x',
      api_base: provider.url,
      tenant_id: 't-1',
      client_id: 'c-8',
      client_secret: SECRET,
      api_version: 'v1',
    };
    const answer = await gateway.call('POST', '/health/test_connection', { litellm_params: params });
    expect(await answer.json()).toMatchObject({ status: 'error', result: { cause: 'key_refused', field: 'client_secret' } });
    entra.behaviour = issues();
  });

  test('is got by a trial of a model too, which shows that there is one and not which', async () => {
    const params = {
      model: 'azure/x',
      api_base: provider.url,
      tenant_id: 't-1',
      client_id: 'c-9',
      client_secret: SECRET,
      api_version: 'v1',
    };
    const text = await (await gateway.call('POST', '/health/test_connection', { litellm_params: params })).text();
    expect(JSON.parse(text)).toMatchObject({ status: 'success' });
    expect(provider.last.headers.authorization).toBe(`Bearer ${TOKEN}`);
    for (const secret of [TOKEN, SECRET]) expect(text).not.toContain(secret);
    expect(text).toContain('"authorization":"***"');
  });
});

describe('a model of AI Foundry', () => {
  test('is asked by the interface to all models, and told to hand on what it does not know', async () => {
    const parts = [
      { type: 'text', text: 'Hi' },
      { type: 'text', text: 'there' },
    ];
    await ask('grok', { messages: [{ role: 'user', content: parts }], safe_mode: true });
    expect(provider.last.path).toBe('/models/chat/completions?api-version=2024-05-01-preview');
    expect(provider.last.headers).toMatchObject({ 'api-key': 'az-secret-key', 'extra-parameters': 'pass-through' });
    expect(provider.last.json).toMatchObject({ model: 'grok-3', safe_mode: true, messages: [{ role: 'user', content: 'Hi\nthere' }] });
  });

  test('is asked in Anthropic’s words when it is Claude', async () => {
    provider.behaviour = wire('anthropic/text');
    const answer = (await (await ask('claude')).json()) as { choices: { message: { content: string } }[] };
    expect(provider.last.path).toBe('/anthropic/v1/messages');
    expect(provider.last.headers).toMatchObject({ 'api-key': 'az-secret-key', 'anthropic-version': '2023-06-01' });
    expect(provider.last.json).toMatchObject({ model: 'claude-sonnet-4-5' });
    expect(answer.choices[0]?.message.content).not.toBe('');
  });
});

test('a client of Anthropic reaches Claude at Foundry in its own words, by a token too, also for a count', async () => {
  provider.behaviour = wire('anthropic/text');
  const body = { model: 'claude-by-token', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] };
  const answer = await gateway.call('POST', '/v1/messages', body, key);
  expect(await answer.json()).toMatchObject({ type: 'message', model: 'claude-by-token' });
  expect(provider.last).toMatchObject({ path: '/anthropic/v1/messages', headers: { authorization: `Bearer ${TOKEN}` } });
  provider.behaviour = json({ input_tokens: 4321 });
  const { max_tokens: _, ...counted } = body;
  const count = await gateway.call('POST', '/v1/messages/count_tokens', counted, key);
  expect(await count.json()).toEqual({ input_tokens: 4321 });
  expect(provider.last).toMatchObject({ path: '/anthropic/v1/messages/count_tokens', headers: { authorization: `Bearer ${TOKEN}` } });
});

test('what the official client of Azure sends is what the gateway sends', async () => {
  const client = new AzureOpenAI({
    endpoint: provider.url,
    apiKey: 'az-secret-key',
    apiVersion: '2024-10-21',
    deployment: 'house',
    maxRetries: 0,
  });
  await client.chat.completions.create(asked('house') as OpenAI.ChatCompletionCreateParamsNonStreaming);
  const theirs = provider.last;
  await ask('house');
  expect([provider.last.path, provider.last.json, provider.last.headers['api-key']]).toEqual([
    theirs.path,
    theirs.json,
    theirs.headers['api-key'],
  ]);
  await expectNothingLeft(gateway);
});
