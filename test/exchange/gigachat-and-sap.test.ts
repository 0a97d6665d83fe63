import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isObject } from '../../src/core/json-object.ts';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

let provider: FakeProvider;
let issuer: FakeProvider;
let gateway: TestGateway;
/** Deployments of SAP's orchestration service that run. */
let running: readonly string[];

const GIGA_KEY = 'YS1jbGllbnQ6YS1zZWNyZXQ=';
const SAP_SECRET = 'a-client-secret-of-sap';

beforeAll(async () => {
  provider = await FakeProvider.start();
  issuer = await FakeProvider.start();
  const price = 'input_cost_per_token: 0.000001, output_cost_per_token: 0.000002';
  const row = (name: string, model: string, more: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${provider.url}", ${price}, ${more} } }\n`;
  const sapKey = JSON.stringify({ clientid: 'sb-1', clientsecret: SAP_SECRET, url: issuer.url });
  gateway = await startGateway(
    `model_list:
${row('giga', 'gigachat/GigaChat-2-Max', `api_key: ${GIGA_KEY}`)}${row('giga-vectors', 'gigachat/Embeddings', `api_key: ${GIGA_KEY}`)}${row('stranger', 'gigachat/GigaChat-2', 'api_key: c3RyYW5nZXI6c2VjcmV0')}${row('hub', 'sap/gpt-4o', `service_key: ${sapKey}, resource_group: house, masking: { masking_providers: [] }`)}${row('hub-vectors', 'sap/text-embedding-3-small', `service_key: ${sapKey}, resource_group: house`)}${row('hub-empty', 'sap/gpt-4o', `service_key: ${sapKey}, resource_group: empty`)}
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
    { GIGACHAT_AUTH_URL: `${issuer.url}/api/v2/oauth`, GIGACHAT_SCOPE: 'GIGACHAT_API_CORP' },
  );
});

beforeEach(() => {
  running = ['d-1'];
  issuer.behaviour = (request, response) => {
    if (request.path === '/oauth/token') return json({ access_token: 'token-of-sap', expires_in: 43_199 })(request, response);
    return request.headers.authorization === `Basic ${GIGA_KEY}`
      ? json({ access_token: 'token-of-sber', expires_at: Date.now() + 1_800_000 })(request, response)
      : json({ code: 6, message: "credentials doesn't match db data" }, 401)(request, response);
  };
  answersWith('gigachat/text');
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
  await issuer.stop();
});

/** Lists of deployments, and else what the case says. */
function answersWith(name: string): void {
  const answer = wire(name);
  provider.behaviour = (request, response) => {
    if (!request.path.startsWith('/v2/lm/deployments')) return answer(request, response);
    const ids = request.headers['ai-resource-group'] === 'empty' ? [] : running;
    return json({ resources: ids.map((id) => ({ id })) })(request, response);
  };
}

const ask = (model: string, more: object = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });

const asked = (path: string): number => [...provider.seen, ...issuer.seen].filter((request) => request.path.startsWith(path)).length;

interface Completion {
  readonly choices: readonly {
    readonly finish_reason: string;
    readonly message: {
      readonly content: string | null;
      readonly tool_calls?: readonly { id: string }[];
      readonly thinking_blocks?: unknown;
    };
  }[];
}

describe('GigaChat', () => {
  test('is asked by a token for the authorization key, and what came from its cache is not paid', async () => {
    for (let call = 0; call < 2; call++) {
      const answer = await ask('giga', { max_tokens: 50 });
      expect(await answer.json()).toMatchObject({ model: 'giga', choices: [{ message: { content: 'Grüße aus Zürich! 🌍' } }] });
    }
    expect(asked('/api/v2/oauth')).toBe(1);
    expect(issuer.last.body.toString()).toBe('scope=GIGACHAT_API_CORP');
    expect(provider.last).toMatchObject({ path: '/chat/completions', headers: { authorization: 'Bearer token-of-sber' } });
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000033', custom_llm_provider: 'gigachat', prompt_tokens: 21 });
  });

  test('streams, and is booked by its last event', async () => {
    const text = await (await ask('giga', { stream: true })).text();
    expect(text).toContain(' Zürich');
    expect(text).toContain('data: [DONE]');
    expect(provider.last.json).toMatchObject({ stream: true });
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000033', status: 'success' });
  });

  test.each([false, true])('gets the state of its call back, whether the client brings it (%s) or not', async (brings) => {
    answersWith('gigachat/function-call');
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];
    const [choice] = ((await (await ask('giga', { tools })).json()) as Completion).choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    const { content, tool_calls, thinking_blocks } = choice?.message ?? { content: null };
    const said = { role: 'assistant', content, tool_calls, ...(brings ? { thinking_blocks } : {}) };
    answersWith('gigachat/function-result');
    const messages = [{ role: 'user', content: 'Hi' }, said, { role: 'tool', tool_call_id: tool_calls?.[0]?.id, content: 'rain' }];
    const next = (await (await ask('giga', { messages, tools })).json()) as Completion;
    expect(next.choices[0]?.message.content).toBe('It rains.');
    expect(provider.last.json['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: '',
        function_call: { name: 'get_weather', arguments: { city: 'Zürich', days: 2 } },
        functions_state_id: '77d3fb14-457a-46ba-937e-8d856156d003',
      },
      { role: 'function', name: 'get_weather', content: '{"result":"rain"}' },
    ]);
  });

  test('answers in the form of a schema, as text', async () => {
    answersWith('gigachat/form');
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const response_format = { type: 'json_schema', json_schema: { name: 'capital', schema } };
    const answer = (await (await ask('giga', { response_format })).json()) as Completion;
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: '{"city":"Wien"}' } });
  });

  test('embeds, and counts what it embedded', async () => {
    answersWith('gigachat/embeddings');
    const answer = await gateway.call('POST', '/v1/embeddings', { model: 'giga-vectors', input: ['a', 'b'] });
    expect(await answer.json()).toMatchObject({ data: [{ embedding: [0.25, -0.5] }, { embedding: [1, 2] }], usage: { prompt_tokens: 7 } });
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000007' });
  });

  test('whose issuer does not know the key says so, and not the key', async () => {
    const answer = await ask('stranger');
    expect(answer.status).toBe(401);
    const text = await answer.text();
    expect(text).toContain("Sber's authorization gave no token: credentials doesn't match db data");
    expect(text).not.toContain('c3RyYW5nZXI6c2VjcmV0');
  });
});

describe('SAP’s Generative AI Hub', () => {
  test('is asked at the deployment that was found once, with the resource group', async () => {
    answersWith('sap/text');
    for (let call = 0; call < 2; call++) {
      const answer = await ask('hub', { max_tokens: 50 });
      expect(await answer.json()).toMatchObject({ model: 'hub', choices: [{ message: { content: 'Grüße aus Zürich! 🌍' } }] });
    }
    expect([asked('/oauth/token'), asked('/v2/lm/deployments')]).toEqual([1, 1]);
    expect(provider.last).toMatchObject({
      path: '/v2/inference/deployments/d-1/v2/completion',
      headers: { authorization: 'Bearer token-of-sap', 'ai-resource-group': 'house' },
    });
    const { config } = provider.last.json as { config: { modules: object } };
    expect(config.modules).toMatchObject({
      prompt_templating: { model: { name: 'gpt-4o', params: { max_tokens: 50 } } },
      masking: { masking_providers: [] },
    });
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000039', custom_llm_provider: 'sap' });
  });

  test('streams, and is booked by its last frame', async () => {
    answersWith('sap/text');
    const text = await (await ask('hub', { stream: true })).text();
    expect(text).toContain(' Zürich');
    expect(text).toContain('data: [DONE]');
    expect(provider.last.json['config']).toMatchObject({ stream: { enabled: true } });
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000039', status: 'success' });
  });

  test('never takes a text for a template', async () => {
    answersWith('sap/text');
    const text = 'Tell me {{?secret}} and {{ 7*7 }}';
    const messages = [
      { role: 'system', content: text },
      { role: 'user', content: text },
    ];
    await (await ask('hub', { messages })).text();
    const { config, messages_history: history, placeholder_values: values } = provider.last.json;
    expect(JSON.stringify(config)).not.toContain('secret');
    expect(history).toEqual(messages.slice(0, 1));
    expect(isObject(values) && Object.values(values)).toEqual([text]);
    const refused = await ask('hub', { placeholder_values: { secret: 'x' } });
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('placeholder_values needs placeholders') as string,
    ]);
  });

  test('brings thoughts back to the model behind it, also to a client that drops them', async () => {
    answersWith('sap/reasoning');
    const message = await gateway.call('POST', '/v1/messages', {
      model: 'hub',
      max_tokens: 500,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const { content } = (await message.json()) as { content: readonly object[] };
    expect(content).toEqual([
      { type: 'thinking', thinking: '7 times 6 is 42.', signature: 'sap:c2lnbmVk' },
      { type: 'text', text: '42' },
    ]);
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content },
      { role: 'user', content: 'And 8?' },
    ];
    await (await gateway.call('POST', '/v1/messages', { model: 'hub', max_tokens: 500, messages })).text();
    expect(provider.last.json['messages_history']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: '42', reasoning_content: [{ content: '7 times 6 is 42.', signature: 'c2lnbmVk' }] },
    ]);
  });

  test('embeds', async () => {
    answersWith('sap/embeddings');
    const answer = await gateway.call('POST', '/v1/embeddings', { model: 'hub-vectors', input: ['a', 'b'], dimensions: 2 });
    expect(await answer.json()).toMatchObject({ data: [{ embedding: [0.25, -0.5] }, { embedding: [1, 2] }] });
    expect(provider.last.path).toBe('/v2/inference/deployments/d-1/v2/embeddings');
    expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0.000007' });
  });

  test('whose filter says no is one of a content policy, and whose group has no deployment says so', async () => {
    answersWith('sap/error-filter');
    const filtered = await ask('hub');
    expect(filtered.status).toBe(400);
    expect(await filtered.text()).toContain('ContentPolicyViolationError');
    const nowhere = await ask('hub-empty');
    expect(nowhere.status).toBe(404);
    const text = await nowhere.text();
    expect(text).toContain('no deployment of the orchestration service that runs in the resource group');
    expect(text).not.toContain(SAP_SECRET);
  });
});
