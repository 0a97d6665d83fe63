import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { completion, FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const TOKEN = 'gho_of-the-account';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;
let answer: Behaviour;
/** Whether the person has entered the code. */
let confirmed = false;

/** GitHub and Copilot in one: the log-in, the token, and what is asked with it. */
const github: Behaviour = (request, response) => {
  switch (request.path) {
    case '/login/device/code':
      return json({ device_code: 'd', user_code: 'AB-12', verification_uri: 'https://github.com/login/device', interval: 0.001 })(
        request,
        response,
      );
    case '/login/oauth/access_token':
      return json(confirmed ? { access_token: TOKEN } : { error: 'authorization_pending' })(request, response);
    case '/copilot_internal/v2/token':
      return json({ token: 'tid=copilot', expires_at: Date.now() / 1000 + 1800, endpoints: { api: provider.url } })(request, response);
    default:
      return answer(request, response);
  }
};

beforeAll(async () => {
  provider = await FakeProvider.start(github);
  gateway = await startGateway('general_settings: { store_model_in_db: true }\nrouter_settings: { num_retries: 0 }\n', {
    GITHUB_COPILOT_DEVICE_CODE_URL: `${provider.url}/login/device/code`,
    GITHUB_COPILOT_ACCESS_TOKEN_URL: `${provider.url}/login/oauth/access_token`,
    GITHUB_COPILOT_API_KEY_URL: `${provider.url}/copilot_internal/v2/token`,
  });
  key = await gateway.key();
});

beforeEach(() => {
  provider.seen.length = 0;
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

async function post(path: string, body: object = {}): Promise<[number, Record<string, unknown>]> {
  const got = await gateway.call('POST', path, body);
  return [got.status, (await got.json()) as Record<string, unknown>];
}

test('a person signs in by a code, and the account is stored as a credential that shows nothing', async () => {
  const [status, started] = await post('/credentials/github_copilot/device');
  expect([status, started]).toEqual([
    200,
    { id: expect.any(String), user_code: 'AB-12', verification_uri: 'https://github.com/login/device', expires_in: 900, interval: 1 },
  ]);
  const path = `/credentials/github_copilot/device/${String(started['id'])}`;
  await post('/credentials', { credential_name: 'taken', credential_values: { api_key: 'sk-other' } });
  expect((await post(path, { credential_name: 'taken' }))[0]).toBe(409);
  expect(await post(path)).toEqual([200, { state: 'authorization_pending', interval: 1, credential_name: null }]);
  confirmed = true;
  await expect
    .poll(async () => (await post(path))[1], { timeout: 5000, interval: 300 })
    .toEqual({ state: 'done', interval: null, credential_name: 'github_copilot' });
  expect((await post(path))[0]).toBe(404);
  const shown = await (await gateway.call('GET', '/credentials')).text();
  expect(shown).toContain('"custom_llm_provider":"github_copilot"');
  expect(shown).not.toContain(TOKEN);
  const rows = await gateway.parts.database.query('select credentials::text as text from gateway.credentials');
  expect(JSON.stringify(rows)).toContain('github_copilot');
  expect(JSON.stringify(rows)).not.toContain(TOKEN);
});

test('a model with that credential is asked at the address that GitHub names, and told who goes on', async () => {
  const params = { model: 'github_copilot/gpt-4.1', litellm_credential_name: 'github_copilot' };
  expect((await post('/model/new', { model_name: 'copilot', litellm_params: params }))[0]).toBe(200);
  answer = json(completion('Hi'));
  const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }];
  const got = await gateway.call('POST', '/v1/chat/completions', { model: 'copilot', messages }, key);
  expect(got.status).toBe(200);
  expect(provider.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /copilot_internal/v2/token',
    'POST /chat/completions',
  ]);
  expect(provider.seen[0]?.headers).toMatchObject({ authorization: `token ${TOKEN}` });
  expect(provider.last.headers).toMatchObject({
    authorization: 'Bearer tid=copilot',
    'copilot-integration-id': 'vscode-chat',
    'x-initiator': 'user',
    'copilot-vision-request': 'true',
  });
});

test('an answer in several choices is one, for every client', async () => {
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
  answer = json({
    ...completion('x'),
    choices: [
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'I look.' } },
      { index: 1, finish_reason: 'tool_calls', message: { role: 'assistant', content: null, tool_calls: [call] } },
    ],
  });
  const chat = await gateway.call('POST', '/v1/chat/completions', { model: 'copilot', messages: [{ role: 'user', content: 'x' }, { role: 'assistant', content: 'y' }, { role: 'user', content: 'z' }] }, key); // prettier-ignore
  expect(await chat.json()).toMatchObject({
    choices: [{ index: 0, finish_reason: 'tool_calls', message: { content: 'I look.', tool_calls: [call] } }],
  });
  expect(provider.last.headers).toMatchObject({ 'x-initiator': 'agent' });
  const messages = await gateway.call(
    'POST',
    '/v1/messages',
    { model: 'copilot', max_tokens: 50, messages: [{ role: 'user', content: 'x' }] },
    key,
  );
  expect(await messages.json()).toMatchObject({
    stop_reason: 'tool_use',
    content: [
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', name: 'f' },
    ],
  });
  expect(provider.last.headers).toMatchObject({ 'x-initiator': 'user' });
});

test('texts become vectors at the same address', async () => {
  answer = json({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [1] }],
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
  const got = await gateway.call('POST', '/v1/embeddings', { model: 'copilot', input: 'a' }, key);
  expect([got.status, provider.last.path]).toEqual([200, '/embeddings']);
  expect(provider.last.headers).not.toHaveProperty('x-initiator');
});
