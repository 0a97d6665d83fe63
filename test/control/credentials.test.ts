import { afterAll, beforeAll, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { messageOf, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

const SECRET = 'sk-credential-secret-0123456789';

let provider: FakeProvider;
let gateway: AskedGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('Hi')));
  gateway = await startAsked(`${MOCKED}
  - model_name: from-the-file
    litellm_params: { model: openai/upstream, litellm_credential_name: shared }
general_settings: { store_model_in_db: true }
`);
  await gateway.post('/credentials', {
    credential_name: 'shared',
    credential_values: { api_key: SECRET, api_base: `${provider.url}/v1` },
    credential_info: { custom_llm_provider: 'openai', description: 'for all' },
  });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

async function told(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const answer = await gateway.call(method, path, body);
  return { status: answer.status, text: await answer.text() };
}

test('models of the file and of the database prove themselves with it; their own values win', async () => {
  await gateway.post('/model/new', {
    model_name: 'from-the-database',
    litellm_params: { model: 'openai/upstream', litellm_credential_name: 'shared' },
  });
  for (const model of ['from-the-file', 'from-the-database']) {
    const answer = await gateway.chat(gateway.masterKey, model);
    expect(answer.status, answer.text).toBe(200);
    expect(provider.last.headers.authorization).toBe(`Bearer ${SECRET}`);
  }
  await gateway.post('/model/new', {
    model_name: 'own-key',
    litellm_params: { model: 'openai/upstream', litellm_credential_name: 'shared', api_key: 'sk-own' },
  });
  await gateway.chat(gateway.masterKey, 'own-key');
  expect(provider.last.headers.authorization).toBe('Bearer sk-own');
});

test('its values are never told, and stand encrypted in the database', async () => {
  const { text } = await gateway.get('/credentials');
  expect(text).toContain('sk****89');
  expect(text).not.toContain(SECRET);
  expect(JSON.parse(text)).toMatchObject({
    success: true,
    credentials: [{ credential_name: 'shared', credential_info: { description: 'for all' } }],
  });
  const rows = await gateway.parts.database.query('select credentials::text as text from gateway.credentials');
  expect(JSON.stringify(rows)).not.toContain(SECRET);
});

test('a change acts on the next call and keeps what it does not name', async () => {
  await gateway.post('/credentials', {
    credential_name: 'turning',
    credential_values: { api_key: 'sk-first-key-000', api_base: `${provider.url}/v1` },
  });
  await gateway.post('/model/new', {
    model_name: 'turning',
    litellm_params: { model: 'openai/upstream', litellm_credential_name: 'turning' },
  });
  expect((await told('PATCH', '/credentials/turning', { credential_values: { api_key: 'sk-second-key-00' } })).status).toBe(200);
  await gateway.chat(gateway.masterKey, 'turning');
  expect(provider.last.headers.authorization).toBe('Bearer sk-second-key-00');
  // A form sends the mask back that it was shown.
  await told('PATCH', '/credentials/turning', { credential_values: { api_key: 'sk****00' } });
  await gateway.chat(gateway.masterKey, 'turning');
  expect(provider.last.headers.authorization).toBe('Bearer sk-second-key-00');
});

test('it can be taken from a model', async () => {
  const { body } = await gateway.post('/model/new', {
    model_name: 'source',
    litellm_params: { model: 'openai/upstream', api_key: 'sk-from-a-model-1', api_base: `${provider.url}/v1` },
  });
  expect((await gateway.post('/credentials', { credential_name: 'copied', model_id: body['model_id'] })).status).toBe(200);
  const copied = await gateway.get('/credentials/by_name/copied');
  expect(copied.body).toMatchObject({
    credential_name: 'copied',
    credential_values: { api_key: 'sk****-1', api_base: `${provider.url}/v1` },
  });
  expect((await gateway.get(`/credentials/by_model/${String(body['model_id'])}`)).body).toMatchObject({
    credential_values: { api_key: 'sk****-1' },
  });
});

test('a name is used once, an unknown one is 404, and deleting ends it', async () => {
  const again = await gateway.post('/credentials', { credential_name: 'shared', credential_values: {} });
  expect([again.status, messageOf(again)]).toEqual([409, expect.stringContaining('exists already')]);
  for (const [method, path] of [
    ['GET', '/credentials/by_name/nobody'],
    ['GET', '/credentials/by_model/nobody'],
    ['PATCH', '/credentials/nobody'],
    ['DELETE', '/credentials/nobody'],
  ] as const)
    expect((await told(method, path, method === 'PATCH' ? {} : undefined)).status, path).toBe(404);
  await gateway.post('/credentials', { credential_name: 'short-lived', credential_values: { api_key: 'sk-x' } });
  expect((await told('DELETE', '/credentials/short-lived')).status).toBe(200);
  expect((await gateway.get('/credentials')).text).not.toContain('short-lived');
});

test('only the administrator sees or changes any', async () => {
  const key = await gateway.key();
  expect((await gateway.get('/credentials', key)).status).toBe(401);
  expect((await gateway.post('/credentials', { credential_name: 'theirs', credential_values: {} }, key)).status).toBe(401);
});
