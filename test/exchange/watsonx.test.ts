import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';

let provider: FakeProvider;
let iam: FakeProvider;
let gateway: TestGateway;
let tokens = 0;

const API_KEY = 'an-api-key-of-ibm-cloud';

beforeAll(async () => {
  provider = await FakeProvider.start();
  iam = await FakeProvider.start();
  const row = (name: string, model: string, more: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "watsonx/${model}", api_base: "${provider.url}", input_cost_per_token: 0.000001, output_cost_per_token: 0.000002, ${more} } }\n`;
  gateway = await startGateway(
    `model_list:
${row('granite', 'ibm/granite-4-h-small', `api_key: ${API_KEY}, project_id: p-1`)}${row('spaced', 'ibm/granite-4-h-small', `api_key: ${API_KEY}`)}${row('mine', 'deployment/d-1', 'token: a-token-of-its-own')}${row('pak', 'ibm/granite-4-h-small', 'zen_api_key: dXNlcjprZXk=, project_id: p-2')}${row('vectors', 'ibm/slate-125m-english-rtrvr-v2', `api_key: ${API_KEY}, project_id: p-1`)}${row('ranks', 'cross-encoder/ms-marco-minilm-l-12-v2', `api_key: ${API_KEY}, project_id: p-1`)}${row('raw', 'ibm/granite-4-h-small', 'zen_api_key: "user:key", project_id: p-2')}${row('stranger', 'ibm/granite-4-h-small', 'api_key: another-key-of-nobody, project_id: p-1')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
    { WATSONX_IAM_URL: `${iam.url}/identity/token`, WATSONX_DEPLOYMENT_SPACE_ID: 's-1' },
  );
});

beforeEach(() => {
  iam.behaviour = (request, response) =>
    new URLSearchParams(request.body.toString()).get('apikey') === API_KEY
      ? json({ access_token: `token-${++tokens}`, expires_in: 3600, token_type: 'Bearer' })(request, response)
      : json({ errorCode: 'BXNIM0415E', errorMessage: 'Provided API key could not be found.' }, 400)(request, response);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await iam.stop();
});

/** Its path says whether it streams. */
const answered =
  (name: string): Behaviour =>
  (request, response) =>
    wire(name)({ ...request, json: { ...request.json, stream: request.path.includes('_stream') } }, response);

const ask = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });

describe('watsonx.ai', () => {
  test('is asked by a token that IAM gives for the key, and asked for once', async () => {
    provider.behaviour = answered('watsonx/text');
    for (let call = 0; call < 3; call++) {
      const answer = await ask('granite', { max_tokens: 50 });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ model: 'granite', choices: [{ message: { content: 'Grüße aus Zürich! 🌍' } }] });
    }
    expect(iam.seen).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(iam.last.body.toString()))).toEqual({
      grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
      apikey: API_KEY,
    });
    const { path, headers, json: body } = provider.last;
    expect(path).toBe('/ml/v1/text/chat?version=2024-03-13');
    expect(headers.authorization).toBe('Bearer token-1');
    expect(body).toMatchObject({ model_id: 'ibm/granite-4-h-small', project_id: 'p-1', max_tokens: 50 });
    expect(body).not.toHaveProperty('space_id');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000039', custom_llm_provider: 'watsonx' });
  });

  test('streams at a path of its own, and is booked by its last event', async () => {
    provider.behaviour = answered('watsonx/text');
    const text = await (await ask('granite', { stream: true })).text();
    expect(provider.last.path).toBe('/ml/v1/text/chat_stream?version=2024-03-13');
    expect(text).toContain(' Zürich');
    expect(text).toContain('data: [DONE]');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000039', status: 'success' });
  });

  test('is asked in the space of the variables where the deployment names nothing', async () => {
    provider.behaviour = answered('watsonx/text');
    await (await ask('spaced')).text();
    expect(provider.last.json).toMatchObject({ space_id: 's-1' });
  });

  test('takes a token as it is, and a key of Cloud Pak for Data', async () => {
    provider.behaviour = answered('watsonx/text');
    await (await ask('mine')).text();
    expect(provider.last).toMatchObject({
      path: '/ml/v1/deployments/d-1/text/chat?version=2024-03-13',
      headers: { authorization: 'Bearer a-token-of-its-own' },
    });
    expect(provider.last.json).toEqual({ messages: [{ role: 'user', content: 'Hi' }] });
    await (await ask('pak')).text();
    expect(provider.last.headers.authorization).toBe('ZenApiKey dXNlcjprZXk=');
    await (await ask('raw')).text();
    expect(provider.last.headers.authorization).toBe('ZenApiKey dXNlcjprZXk=');
  });

  test('embeds', async () => {
    provider.behaviour = answered('watsonx/embeddings');
    const answer = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: ['a', 'b'] });
    expect(((await answer.json()) as { data: { embedding: number[] }[] }).data.map(({ embedding }) => embedding)).toEqual([[0.25, -0.5], [1, 2]]); // prettier-ignore
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000006' });
  });

  test('ranks documents', async () => {
    provider.behaviour = answered('rerank/watsonx');
    const { request } = wireCase('rerank/watsonx');
    const documents = (request['inputs'] as { text: string }[]).map(({ text }) => text);
    const answer = await gateway.call('POST', '/v1/rerank', { model: 'ranks', query: request['query'], documents, top_n: 2 });
    expect(answer.status).toBe(200);
    expect(provider.last).toMatchObject({ path: '/ml/v1/text/rerank?version=2024-03-13', headers: { authorization: 'Bearer token-1' } });
    expect(provider.last.json).toEqual(request);
    expect(await answer.json()).toMatchObject({
      results: [
        { index: 1, relevance_score: 8.53 },
        { index: 0, relevance_score: -4.2 },
      ],
      meta: { tokens: { input_tokens: 31 } },
    });
    expect((await gateway.rows()).at(-1)).toMatchObject({ call_type: 'arerank', spend: '0.000031' });
  });

  test('ranks by no deployment of one’s own', async () => {
    const answer = await gateway.call('POST', '/v1/rerank', { model: 'mine', query: 'a', documents: ['b'] });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('not by deployments');
  });

  test('transcribes by a form that names model and project, in the forms that it has', async () => {
    provider.behaviour = json({ model: 'openai/whisper-tiny', text: 'Guten Tag.', created_at: '2026-09-21T13:33:20.000Z', token_count: 3 });
    const heard = (more: Record<string, string>): Promise<Response> => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ model: 'granite', language: 'de', ...more })) form.append(name, value);
      form.append('file', new Blob([new Uint8Array(100)], { type: 'audio/mpeg' }), 'a.mp3');
      const headers = { authorization: `Bearer ${gateway.masterKey}` };
      return fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form });
    };
    const answer = await heard({ response_format: 'json' });
    expect(await answer.json()).toMatchObject({ text: 'Guten Tag.', model: 'granite' });
    expect(provider.last.path).toBe('/ml/v1/audio/transcriptions?version=2024-03-13');
    expect(provider.last.headers.authorization).toBe('Bearer token-1');
    const sent = provider.last.body.toString();
    expect(sent).toMatch(/name="model"\r\n\r\nibm\/granite-4-h-small\r\n/);
    expect(sent).toMatch(/name="project_id"\r\n\r\np-1\r\n/);
    expect(sent).toMatch(/name="language"\r\n\r\nde\r\n/);
    expect(sent).not.toContain('response_format');
    expect(await (await heard({ response_format: 'text' })).text()).toBe('Guten Tag.');
    const refused = await heard({ response_format: 'srt' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('response_format')]);
    provider.behaviour = json({ errors: [{ code: 'model_not_supported', message: 'No such model' }], trace: 't', status_code: 404 }, 404);
    expect((await heard({})).status).toBe(404);
  });

  test('goes on from a text, also as a stream', async () => {
    provider.behaviour = answered('watsonx/generation');
    const body = { model: 'granite', prompt: 'Once upon', max_tokens: 20 };
    const answer = await gateway.call('POST', '/v1/completions', body);
    expect(await answer.json()).toMatchObject({
      object: 'text_completion',
      choices: [{ text: ' a time in Zürich 🌍', finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 6 },
    });
    expect(provider.last.path).toBe('/ml/v1/text/generation?version=2024-03-13');
    expect(provider.last.json).toMatchObject({ input: 'Once upon', project_id: 'p-1', parameters: { max_new_tokens: 20 } });
    expect((await gateway.rows()).at(-1)).toMatchObject({ call_type: 'atext_completion', spend: '0.000015' });
    const text = await (await gateway.call('POST', '/v1/completions', { ...body, stream: true })).text();
    expect(provider.last.path).toBe('/ml/v1/text/generation_stream?version=2024-03-13');
    expect(text).toContain(' in Zürich');
    expect(text).toContain('data: [DONE]');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000015', status: 'success' });
  });

  test('whose IAM does not know the key says so, and not the key', async () => {
    const answer = await ask('stranger');
    expect(answer.status).toBe(401);
    const text = await answer.text();
    expect(text).toContain('IBM Cloud IAM gave no token: Provided API key could not be found.');
    expect(text).not.toContain('another-key-of-nobody');
  });

  test('answers Anthropic’s clients and Responses too', async () => {
    provider.behaviour = answered('watsonx/parallel-tools');
    const tools = [{ name: 'get_weather', input_schema: { type: 'object' } }];
    const message = await gateway.call('POST', '/v1/messages', {
      model: 'granite',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hi' }],
      tools,
      tool_choice: { type: 'any' },
    });
    expect(await message.json()).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'tool_use', name: 'get_weather' },
        { type: 'tool_use', name: 'get_time' },
      ],
    });
    expect(provider.last.json).toMatchObject({ tool_choice_option: 'required' });
    const response = await gateway.call('POST', '/v1/responses', { model: 'granite', input: 'Hi' });
    expect(((await response.json()) as { output: { type: string }[] }).output.map(({ type }) => type)).toEqual([
      'function_call',
      'function_call',
    ]);
  });
});
