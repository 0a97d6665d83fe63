import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('Hello')));
  const row = (name: string, model: string, more = ''): string =>
    `  - { model_name: "${name}", litellm_params: { model: "${model}", api_base: "${provider.url}/v1", api_key: sk-provider${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('plain', 'openai/gpt-4o')}${row('team/a b', 'openai/gpt-4o')}${row('llama3.2:1b', 'openai/gpt-4o')}${row('broken', 'openai/gpt-4o')}${row('priced', 'openai/gpt-4o', ', input_cost_per_token: 0.01, output_cost_per_token: 0.01')}
  - { model_name: mocked, litellm_params: { model: openai/gpt-4o, mock_response: "Hello there", api_key: none } }
  - { model_name: google, litellm_params: { model: gemini/gemini-2.5-flash, api_base: "${provider.url}", api_key: sk-provider } }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ broken: [google] }] }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const HI = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };

describe('a method stands behind the name of the model', () => {
  test.each([
    ['/v1beta/models/plain:generateContent', 'plain'],
    ['/v1/models/plain:generateContent', 'plain'],
    ['/models/plain:generateContent', 'plain'],
    ['/v1beta/models/team/a%20b:generateContent', 'team/a b'],
    ['/v1beta/models/team%2Fa%20b:generateContent', 'team/a b'],
    ['/v1beta/models/llama3.2:1b:generateContent', 'llama3.2:1b'],
    ['//v1beta//models/plain:generateContent/', 'plain'],
  ])('%s', async (path, model) => {
    provider.behaviour = json(completion('Hello'));
    const answer = await gateway.call('POST', path, HI);
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(await answer.json()).toMatchObject({ modelVersion: model });
    expect(answer.headers.get('x-litellm-model-group')).toBe(model);
  });

  test('one that is not served is told with those that are, in Google’s shape', async () => {
    const answer = await gateway.call('POST', '/v1beta/models/plain:predict', HI);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { code: 404, status: 'NOT_FOUND', message: expect.stringContaining('generateContent') as string },
    });
  });

  test('the list of models stays where it was', async () => {
    expect(await (await gateway.call('GET', '/v1/models')).json()).toMatchObject({ object: 'list' });
    expect(await (await gateway.call('GET', '/v1/models', undefined, null, { 'x-goog-api-key': gateway.masterKey })).json()).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({ name: 'models/team/a b' })]) as object,
    });
    expect(await (await gateway.call('GET', '/v1beta/models/team/a%20b')).json()).toMatchObject({ name: 'models/team/a b' });
    expect((await gateway.call('GET', '/v1beta/models?pageSize=0')).status).toBe(400);
    expect((await gateway.call('GET', '/v1beta/models?pageToken=x')).status).toBe(400);
  });
});

describe('the key may stand in the query', () => {
  const ask = (path: string, headers: Record<string, string> = {}) => gateway.call('POST', path, HI, null, headers);

  test('of these methods alone, behind every header, and never in the log', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ key_alias: 'in the query' });
    expect((await ask(`/v1beta/models/plain:generateContent?key=${key}`)).status).toBe(200);
    expect(provider.last.path).not.toContain('key');
    expect((await ask(`/v1beta/models/plain:generateContent?key=sk-nobody`, { 'x-goog-api-key': key })).status).toBe(200);
    expect((await ask(`/v1beta/models/plain:generateContent?key=${key}`, { authorization: 'Bearer sk-nobody' })).status).toBe(401);
    expect((await ask(`/v1beta/models/plain:generateContent?key=sk-nobody`)).status).toBe(401);
    expect((await gateway.call('POST', `/v1/chat/completions?key=${key}`, { model: 'plain', messages: [] }, null)).status).toBe(401);
    expect((await gateway.call('GET', `/v1beta/models?key=${key}`, undefined, null)).status).toBe(200);
    await gateway.flushed();
    const rows = await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).text();
    expect(rows).toContain('/v1beta/models/plain:generateContent');
    expect(rows).not.toContain(key);
    expect(gateway.log.join('\n')).not.toContain(key);
  });

  test('a key that is limited to other models or routes is refused as anywhere', async () => {
    const key = await gateway.key({ allowed_routes: ['/v1/chat/completions'] });
    expect((await ask(`/v1beta/models/plain:generateContent?key=${key}`)).status).toBe(403);
    const own = await gateway.key({ allowed_routes: ['/v1beta/models/*'] });
    expect((await ask(`/v1beta/models/plain:generateContent?key=${own}`)).status).toBe(200);
  });
});

describe('a stream', () => {
  const path = '/v1beta/models/plain:streamGenerateContent';

  test('is one list that grows, or events when they are asked for', async () => {
    provider.behaviour = stream([...streamedEvents(['Hel', 'lo']), 'data: [DONE]\n\n']);
    const listed = await gateway.call('POST', path, HI);
    expect(listed.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const frames = (await listed.json()) as object[];
    const sent = await gateway.call('POST', `${path}?alt=sse`, HI);
    expect(sent.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = (await sent.text())
      .split('\n\n')
      .slice(0, -1)
      .map((event) => JSON.parse(event.slice(6)) as object);
    expect(frames.length).toBeGreaterThan(2);
    const bare = (list: object[]) => list.map((frame) => ({ ...frame, responseId: '' }));
    expect(bare(frames)).toEqual(bare(events));
    expect(provider.last.json['stream']).toBe(true);
  });

  test('that nobody can begin is a plain error', async () => {
    provider.behaviour = json({ error: { message: 'no', type: 'x' } }, 503);
    const answer = await gateway.call('POST', path, HI);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 503, status: 'UNAVAILABLE' } });
  });

  test('of a provider that answered in one piece is told all the same', async () => {
    provider.behaviour = json(completion('Hello'));
    expect(await (await gateway.call('POST', path, HI)).json()).toMatchObject([
      { candidates: [{ content: { parts: [{ text: 'Hello' }] } }] },
      {},
    ]);
  });
});

test('what is for the gateway is understood, and goes no further', async () => {
  provider.behaviour = (request, response) => {
    if (request.path.startsWith('/v1/')) return json({ error: { message: 'down', type: 'x' } }, 500)(request, response);
    return json({
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    })(request, response);
  };
  const configured = await gateway.call('POST', '/v1beta/models/broken:generateContent', HI);
  expect(configured.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
  expect(provider.last.path).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
  const key = await gateway.key({ key_alias: 'tags' });
  const contents = [{ role: 'user', parts: [{ text: 'Else' }] }];
  const own = { ...HI, fallbacks: [{ model: 'google', contents }], metadata: { tags: ['night'] }, user: 'lou', num_retries: 0 };
  expect((await gateway.call('POST', '/v1beta/models/plain:generateContent', own, key)).status).toBe(200);
  expect(provider.last.json).toEqual({ contents });
  const rows = (await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).json()) as object[];
  expect(rows).toMatchObject([{ end_user: 'lou', request_tags: ['night'], call_type: 'agenerate_content' }]);
});

test('the limit that a client sets for the answer is what its running call holds', async () => {
  const key = await gateway.key({ max_budget: 100 });
  const ask = (maxOutputTokens: number) =>
    gateway.call('POST', '/v1beta/models/priced:generateContent', { ...HI, generationConfig: { maxOutputTokens } }, key);
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
  provider.behaviour = async (request, response) => {
    arrived();
    await release;
    await json(completion('Hello'))(request, response);
  };
  const running = ask(9000);
  await asked;
  const refused = await ask(9000);
  expect(await refused.json()).toMatchObject({
    error: { status: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('running') as string },
  });
  provider.behaviour = json(completion('Hello'));
  expect((await ask(100)).status).toBe(200);
  resolve();
  expect((await running).status).toBe(200);
});

test('a deployment that answers by itself does so in this form', async () => {
  const whole = await gateway.call('POST', '/v1beta/models/mocked:generateContent', HI);
  expect(await whole.json()).toMatchObject({
    candidates: [{ content: { role: 'model', parts: [{ text: 'Hello there' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 20, totalTokenCount: 30 },
  });
  const frames = (await (await gateway.call('POST', '/v1beta/models/mocked:streamGenerateContent', HI)).json()) as object[];
  expect(frames.length).toBeGreaterThan(2);
  const vectors = await gateway.call('POST', '/v1beta/models/mocked:batchEmbedContents', {
    requests: [{ content: { parts: [{ text: 'a' }] } }],
  });
  expect(await vectors.json()).toMatchObject({ embeddings: [{ values: [0.1, 0.2, 0.3] }] });
});
