import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertionIn, serviceAccount, type TestAccount } from '../providers/google/accounts.ts';
import { FakeProvider, completion, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { contentOf, eventsIn, expectNothingLeft, lastRow } from './leaks.ts';

const TOKEN = 'ya29.token-0123456789';
const ROOT = '/v1/projects/house-project/locations/europe-west4';

let provider: FakeProvider;
let google: FakeProvider;
let account: TestAccount;
let gateway: TestGateway;
let folder: string;
let key: string;

const issues: Behaviour = json({ token_type: 'Bearer', expires_in: 3599, access_token: TOKEN });

beforeAll(async () => {
  provider = await FakeProvider.start();
  google = await FakeProvider.start(issues);
  account = serviceAccount(`${google.url}/token`, { quota_project_id: 'payer' });
  folder = mkdtempSync(join(tmpdir(), 'vertex-'));
  const path = join(folder, 'key.json');
  writeFileSync(path, JSON.stringify(account.file));
  const row = (name: string, model: string, more = `vertex_credentials: ${path}`): string =>
    `  - { model_name: ${name}, litellm_params: { model: "vertex_ai/${model}", api_base: "${provider.url}", vertex_location: europe-west4, ${more} } }\n`;
  const prices = 'input_cost_per_token: 0.000001, output_cost_per_token: 0.000002';
  gateway = await startGateway(
    `model_list:
${row('gemini', 'gemini-2.5-flash', `vertex_credentials: ${path}, ${prices}`)}${row('third', 'gemini-3-flash-preview')}${row('claude', 'claude-sonnet-4-5@20250929', `vertex_credentials: ${path}, allow_private_image_urls: true`)}${row('imagen', 'imagen-4.0-generate-001')}${row('mistral', 'mistral-small-2503@001')}${row('llama', 'meta/llama-3.3-70b-instruct-maas')}${row('vectors', 'text-embedding-005')}${row('ranks', 'semantic-ranker-default-004', `vertex_credentials: ${path}, input_cost_per_query: 0.001`)}${row('one-vector', 'gemini-embedding-001')}${row('inline', 'gemini-2.5-flash', `vertex_credentials: ${JSON.stringify(JSON.stringify(account.file))}`)}${row('revoked', 'gemini-2.5-flash', `vertex_credentials: ${JSON.stringify(JSON.stringify({ ...account.file, private_key_id: 'revoked' }))}`)}
litellm_settings: { drop_params: true }
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
  );
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await google.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  provider.seen.length = 0;
  google.seen.length = 0;
  provider.behaviour = json(completion('Yes.'));
  google.behaviour = issues;
});

const ask = (model: string, more: Record<string, unknown> = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more }, key);
const textOf = async (answer: Response): Promise<string | undefined> =>
  ((await answer.json()) as { choices?: { message: { content: string } }[] }).choices?.[0]?.message.content;

describe('Gemini at Vertex AI', () => {
  test('is asked with a token that a service account signed for, once for many calls, and paid for', async () => {
    provider.behaviour = wire('gemini/vertex-text');
    const answers = await Promise.all([ask('gemini'), ask('gemini'), ask('gemini')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(google.seen.map(({ path }) => path)).toEqual(['/token']);
    expect(assertionIn(google.last, account.publicKey).holds).toBe(true);
    for (const { path, headers } of provider.seen) {
      expect(path).toBe(`${ROOT}/publishers/google/models/gemini-2.5-flash:generateContent`);
      expect(headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-goog-user-project': 'payer' });
      expect(headers['x-goog-api-key']).toBeUndefined();
    }
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.000093', prompt_tokens: 21, completion_tokens: 36 });
  });

  test('streams', async () => {
    provider.behaviour = stream([wireCase('gemini/vertex-text').stream.toString()]);
    const text = await (await ask('gemini', { stream: true, stream_options: { include_usage: true } })).text();
    expect(provider.last.path).toBe(`${ROOT}/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse`);
    expect(contentOf(eventsIn(text).slice(0, -1))).toBe('Rain in Graz until noon.');
  });

  test('is led on what a client of Google’s own API wrote, as far as Vertex AI takes it', async () => {
    provider.behaviour = wire('gemini/vertex-text');
    const call = { functionCall: { id: '1', name: 'f', args: {} }, thoughtSignature: 'c2ln' };
    const body = {
      contents: [
        { parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [call] },
        { role: 'user', parts: [{ functionResponse: { id: '1', name: 'f', response: {} } }] },
      ],
      labels: { team: 'house' },
      generationConfig: { temperature: 0.5 },
    };
    const answer = await gateway.call('POST', '/v1beta/models/third:generateContent', { ...body, serviceTier: 'flex' }, key);
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(await answer.json()).toMatchObject({ modelVersion: 'third', candidates: [{ content: { role: 'model' } }] });
    expect(provider.last.path).toBe(`${ROOT}/publishers/google/models/gemini-3-flash-preview:generateContent`);
    expect(provider.last.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'x-vertex-ai-llm-shared-request-type': 'flex' });
    const { id: _, ...bare } = call.functionCall;
    expect(provider.last.json).toEqual({
      ...body,
      contents: [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [{ ...call, functionCall: bare }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] },
      ],
    });
    provider.behaviour = stream([wireCase('gemini/vertex-text').stream.toString()]);
    const frames = (await (
      await gateway.call('POST', '/v1beta/models/gemini:streamGenerateContent', { contents: body.contents }, key)
    ).json()) as object[];
    expect(provider.last.path).toBe(`${ROOT}/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse`);
    expect(frames.length).toBeGreaterThan(1);
    provider.behaviour = json({ totalTokens: 31, totalBillableCharacters: 96 });
    const counted = await gateway.call(
      'POST',
      '/v1beta/models/gemini:countTokens',
      { contents: body.contents, systemInstruction: { parts: [{ text: 'Brief.' }] } },
      key,
    );
    expect(await counted.json()).toEqual({ totalTokens: 31, totalBillableCharacters: 96 });
    expect(provider.last.path).toBe(`${ROOT}/publishers/google/models/gemini-2.5-flash:countTokens`);
    expect(provider.last.json).toMatchObject({ systemInstruction: { parts: [{ text: 'Brief.' }] } });
  });

  test('gets labels and files of Cloud Storage as they are, calls without ids, and its tier by a header', async () => {
    provider.behaviour = wire('gemini/vertex-text');
    await ask('third', {
      labels: { team: 'house' },
      service_tier: 'flex',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', file: { file_id: 'gs://bucket/paper.pdf' } },
            { type: 'text', text: 'Hi' },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'call_1', content: 'done' },
      ],
    });
    expect(provider.last.headers['x-vertex-ai-llm-shared-request-type']).toBe('flex');
    expect(provider.last.json).not.toHaveProperty('serviceTier');
    expect(provider.last.json).toMatchObject({
      labels: { team: 'house' },
      contents: [
        { role: 'user', parts: [{ fileData: { fileUri: 'gs://bucket/paper.pdf', mimeType: 'application/pdf' } }, { text: 'Hi' }] },
        { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { content: 'done' } } }] },
      ],
    });
    expect(JSON.stringify(provider.last.json)).not.toContain('call_1');
  });

  test('that refuses says it in its own words, and a token that it repeats is not shown', async () => {
    provider.behaviour = json(
      { error: { code: 401, status: 'UNAUTHENTICATED', message: `Request had invalid credentials ${TOKEN}.` } },
      401,
    );
    const answer = await ask('gemini');
    const text = await answer.text();
    expect([answer.status, text]).toEqual([401, expect.stringContaining('Request had invalid credentials')]);
    expect(text).not.toContain(TOKEN);
    provider.behaviour = json({ error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Resource exhausted.' } }, 429);
    expect((await ask('gemini')).status).toBe(429);
  });

  test('gives vectors, one text a request where the model wants it so', async () => {
    provider.behaviour = wire('gemini/vertex-embeddings');
    const both = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: ['a', 'b'], dimensions: 2 }, key);
    expect(await both.json()).toMatchObject({
      data: [{ embedding: [0.5, -0.25] }, { embedding: [0.125, 1] }],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
    expect(provider.last).toMatchObject({
      path: `${ROOT}/publishers/google/models/text-embedding-005:predict`,
      json: { instances: [{ content: 'a' }, { content: 'b' }], parameters: { outputDimensionality: 2 } },
    });
    provider.seen.length = 0;
    provider.behaviour = json({ predictions: [{ embeddings: { values: [1, 2], statistics: { token_count: 2 } } }] });
    const single = await gateway.call('POST', '/v1/embeddings', { model: 'one-vector', input: ['a', 'b'] }, key);
    expect(await single.json()).toMatchObject({ data: [{ index: 0 }, { index: 1 }], usage: { prompt_tokens: 4 } });
    expect(provider.seen.map(({ json: body }) => body['instances'])).toEqual([[{ content: 'a' }], [{ content: 'b' }]]);
  });
});

test('Imagen at Vertex AI makes pictures', async () => {
  provider.behaviour = json({ predictions: [{ mimeType: 'image/png', bytesBase64Encoded: 'AAAA' }] });
  const answer = await gateway.call('POST', '/v1/images/generations', { model: 'imagen', prompt: 'A lamp', size: '1024x1024' }, key);
  expect(await answer.json()).toMatchObject({ data: [{ b64_json: 'AAAA' }] });
  expect(provider.last).toMatchObject({
    path: `${ROOT}/publishers/google/models/imagen-4.0-generate-001:predict`,
    headers: { authorization: `Bearer ${TOKEN}` },
    json: { instances: [{ prompt: 'A lamp' }], parameters: { sampleCount: 1 } },
  });
});

describe('a credential', () => {
  test('that stands in the file of settings is used, and shown to nobody', async () => {
    provider.behaviour = wire('gemini/vertex-text');
    expect(await textOf(await ask('inline'))).toBe('Rain in Graz until noon.');
    const secret = String(account.file['private_key']).split('\n')[1] ?? '';
    const info = await (await gateway.call('GET', '/model/info')).text();
    for (const text of [info, gateway.log.join('\n')]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(TOKEN);
    }
    expect(info).not.toContain('private_key');
  });

  test('that Google does not believe is told so; nothing is sent or paid', async () => {
    google.behaviour = json({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }, 400);
    const answer = await ask('revoked');
    expect([answer.status, provider.seen.length]).toEqual([401, 0]);
    expect(await answer.text()).toContain('Google gave no token: invalid_grant: Invalid JWT Signature.');
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('that the panel enters is tried, and its address leads nowhere into the house', async () => {
    const tried = async (credentials: unknown): Promise<unknown> => {
      const params = { model: 'vertex_ai/gemini-2.5-flash', api_base: provider.url, vertex_credentials: credentials };
      return (await gateway.call('POST', '/health/test_connection', { litellm_params: params })).json();
    };
    expect(await tried(JSON.stringify(account.file))).toMatchObject({
      status: 'error',
      result: { cause: 'refused_address', field: 'vertex_credentials', error: expect.stringContaining('Google cannot be asked') },
    });
    expect(google.seen.length).toBe(0);
    expect(await tried('{"type": "service_account"}')).toMatchObject({
      status: 'error',
      result: { cause: 'invalid_settings', field: 'vertex_credentials' },
    });
    provider.behaviour = wire('gemini/vertex-text');
    expect(await tried(join(folder, 'key.json'))).toMatchObject({ status: 'success' });
    google.behaviour = json({ error: 'invalid_grant' }, 400);
    writeFileSync(join(folder, 'second.json'), JSON.stringify({ ...account.file, private_key_id: 'second' }));
    expect(await tried(join(folder, 'second.json'))).toMatchObject({ result: { cause: 'key_refused', field: 'vertex_credentials' } });
  });

  test('that comes too late ends the call, and a client that leaves is not waited for', async () => {
    google.behaviour = () => undefined;
    const leaving = new AbortController();
    const call = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'revoked', messages: [{ role: 'user', content: 'Hi' }] }),
      signal: leaving.signal,
    });
    await expect.poll(() => gateway.parts.limits.openHolds).toBe(1);
    leaving.abort();
    await expect(call).rejects.toThrow('aborted');
    await expect.poll(() => gateway.parts.limits.openHolds, { timeout: 3000 }).toBe(0);
  });
});

describe('Claude at Vertex AI', () => {
  const MODELS = `${ROOT}/publishers/anthropic/models`;
  const messages = (more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
      body: JSON.stringify({ model: 'claude', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }], ...more }),
    });

  test('is asked in Anthropic’s words, with the version in the body and the model in the address', async () => {
    provider.behaviour = wire('anthropic/text');
    const answer = await ask('claude', { max_tokens: 50 });
    expect(answer.status).toBe(200);
    expect(provider.last.path).toBe(`${MODELS}/claude-sonnet-4-5@20250929:rawPredict`);
    expect(provider.last.json).toMatchObject({ anthropic_version: 'vertex-2023-10-16', max_tokens: 50, stream: false });
    expect(provider.last.json).not.toHaveProperty('model');
    expect(provider.last.headers['anthropic-version']).toBeUndefined();
    await (await ask('claude', { stream: true })).text();
    expect(provider.last.path).toBe(`${MODELS}/claude-sonnet-4-5@20250929:streamRawPredict`);
    expect(provider.last.json['stream']).toBe(true);
  });

  test('gives JSON by a tool, since Vertex has no format for it', async () => {
    provider.behaviour = wire('anthropic/text');
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    await ask('claude', { response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } } });
    expect(provider.last.json).not.toHaveProperty('output_config');
    expect(provider.last.json).toMatchObject({
      tools: [{ name: 'json_tool_call' }],
      tool_choice: { type: 'tool', name: 'json_tool_call' },
    });
    expect(provider.last.headers['anthropic-beta']).toBeUndefined();
  });

  test('is reached by clients of Anthropic, byte for byte but for what the host wants otherwise', async () => {
    provider.behaviour = wire('anthropic/text');
    const flags = 'context-1m-2025-08-07,files-api-2025-04-14,advanced-tool-use-2025-11-20';
    const answer = await messages({ metadata: { user_id: 'u-1' } }, { 'anthropic-beta': flags });
    expect(await answer.json()).toMatchObject({ type: 'message', model: 'claude' });
    expect(provider.last.path).toBe(`${MODELS}/claude-sonnet-4-5@20250929:rawPredict`);
    expect(provider.last.json).toEqual({
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hi' }],
      metadata: { user_id: 'u-1' },
      anthropic_version: 'vertex-2023-10-16',
      anthropic_beta: ['context-1m-2025-08-07', 'tool-search-tool-2025-10-19'],
    });
    expect(provider.last.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'anthropic-beta': 'context-1m-2025-08-07,tool-search-tool-2025-10-19',
    });
    expect(provider.last.headers['anthropic-version']).toBeUndefined();
    await (await messages({ stream: true })).text();
    expect(provider.last.path).toBe(`${MODELS}/claude-sonnet-4-5@20250929:streamRawPredict`);
    expect(provider.last.json).not.toHaveProperty('model');
    expect(provider.last.json).not.toHaveProperty('anthropic_beta');
  });

  test('keeps the host’s form when a body must be written anew', async () => {
    provider.behaviour = wire('anthropic/text');
    await messages({ extra_body: { top_k: 5 } });
    expect(provider.last.json).toMatchObject({ top_k: 5, anthropic_version: 'vertex-2023-10-16' });
    expect(provider.last.json).not.toHaveProperty('model');
  });

  test('gets pictures by their bytes, also those that a client shows by their address', async () => {
    const told = wire('anthropic/text');
    const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');
    provider.behaviour = (request, response) => {
      if (request.method === 'POST') return told(request, response);
      response.writeHead(200, { 'content-type': 'image/png' }).end(pixel);
    };
    const picture = { type: 'image', source: { type: 'url', url: `${provider.url}/a.png` } };
    const answer = await messages({ messages: [{ role: 'user', content: [picture, { type: 'text', text: 'What is this?' }] }] });
    expect(await answer.json()).toMatchObject({ type: 'message', model: 'claude' });
    expect(provider.last.json).toMatchObject({
      anthropic_version: 'vertex-2023-10-16',
      messages: [
        {
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel.toString('base64') } },
            { type: 'text' },
          ],
        },
      ],
    });
  });

  test('counts tokens beside its models', async () => {
    provider.behaviour = json({ input_tokens: 4321 });
    const count = await gateway.call(
      'POST',
      '/v1/messages/count_tokens',
      { model: 'claude', messages: [{ role: 'user', content: 'Hi' }] },
      key,
    );
    expect(await count.json()).toEqual({ input_tokens: 4321 });
    expect(provider.last).toMatchObject({
      path: `${MODELS}/count-tokens:rawPredict`,
      headers: { authorization: `Bearer ${TOKEN}` },
      json: { model: 'claude-sonnet-4-5@20250929', anthropic_version: 'vertex-2023-10-16', messages: [{ role: 'user', content: 'Hi' }] },
    });
  });
});

describe('other makers at Vertex AI', () => {
  test('Mistral is asked by its own rules, by another path for a stream, and by its name without a version', async () => {
    expect(await textOf(await ask('mistral', { max_completion_tokens: 9, seed: 4 }))).toBe('Yes.');
    const model = `${ROOT}/publishers/mistralai/models/mistral-small-2503@001`;
    expect(provider.last.path).toBe(`${model}:rawPredict`);
    expect(provider.last.json).toMatchObject({ model: 'mistral-small-2503', max_tokens: 9, random_seed: 4 });
    provider.behaviour = stream(streamedEvents(['Yes', '.']));
    const text = await (await ask('mistral', { stream: true })).text();
    expect(provider.last.path).toBe(`${model}:streamRawPredict`);
    expect(contentOf(eventsIn(text).slice(0, -1))).toBe('Yes.');
  });

  test('all others are asked by one interface in OpenAI’s words, from every client', async () => {
    expect(await textOf(await ask('llama'))).toBe('Yes.');
    expect(provider.last).toMatchObject({
      path: `${ROOT}/endpoints/openapi/chat/completions`,
      json: { model: 'meta/llama-3.3-70b-instruct-maas' },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const body = { model: 'llama', max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] };
    const answer = await gateway.call('POST', '/v1/messages', body, key);
    expect(await answer.json()).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'Yes.' }] });
    expect(provider.last.path).toBe(`${ROOT}/endpoints/openapi/chat/completions`);
    await expectNothingLeft(gateway);
  });
});

test('documents are ranked beside Vertex AI, in the one place of the project', async () => {
  provider.behaviour = wire('rerank/vertex');
  const { request } = wireCase('rerank/vertex');
  const documents = ['Cats purr.', { title: 'Dogs', text: 'Dogs bark.' }, 'Fish are silent.'];
  const answer = await gateway.call('POST', '/v1/rerank', { model: 'ranks', query: request['query'], documents, top_n: 2 }, key);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    results: [
      { index: 1, relevance_score: 0.98 },
      { index: 0, relevance_score: 0.21 },
    ],
  });
  const { path, headers, json: sent } = provider.last;
  expect(path).toBe('/v1/projects/house-project/locations/global/rankingConfigs/default_ranking_config:rank');
  expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
  expect(sent).toEqual(request);
  expect(await lastRow(gateway)).toMatchObject({ call_type: 'arerank', spend: '0.001' });
});
