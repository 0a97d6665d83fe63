import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PanelProviders } from '../../src/contract/panel/providers.ts';
import { completion, FakeProvider, json, streamedEvents } from '../support/fake-provider.ts';
import { startAsked, type AskedGateway } from './asking-for-keys.ts';

const KEY = 'plain-upstream-secret-0123456789';

let provider: FakeProvider;
let gateway: AskedGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const at = (name: string, id: string, more = '') =>
    `  - model_name: ${name}\n    litellm_params: { model: groq/${name}, api_base: ${provider.url}/v1, api_key: ${KEY}${more} }\n    model_info: { id: ${id} }\n`;
  gateway = await startAsked(`
model_list:
${at('alone', 'alone-1')}${at('pair', 'pair-1', ', cooldown_time: 30')}${at('pair', 'pair-2', ', cooldown_time: 30')}
  - model_name: mistral/*
    litellm_params: { model: mistral/*, api_key: k }
router_settings: { num_retries: 0 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.behaviour = json(completion('Hi'));
});

async function shown(id = 'groq'): Promise<PanelProviders['providers'][number] | undefined> {
  const answer = await gateway.get('/panel/providers');
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text).not.toContain(KEY);
  return PanelProviders.parse(answer.body).providers.find((one) => one.id === id);
}

test('providers of models stand there before the first call, those behind patterns too', async () => {
  expect(await shown()).toMatchObject({ name: 'Groq', kind: 'cloud', state: 'unknown', since: null, calls: 0, median_ms: null });
  expect((await shown())?.deployments.map(({ id }) => id)).toEqual(['alone-1', 'pair-1', 'pair-2']);
  expect((await shown('mistral'))?.deployments).toMatchObject([{ model_name: 'mistral/*', model: '*' }]);
});

test('a call that is answered makes its provider well', async () => {
  expect((await gateway.chat(gateway.masterKey, 'alone')).status).toBe(200);
  const one = await shown();
  expect(one).toMatchObject({ state: 'ok', calls: 1, errors: 0, reason: null });
  expect(one?.median_ms).toBeGreaterThanOrEqual(0);
  expect(one?.deployments[0]).toMatchObject({ model: 'alone', api_base: `${provider.url}/v1`, state: 'ok', blocked: false });
});

test('a refused key brings it down, with the words of the provider and not the key', async () => {
  provider.behaviour = json({ error: { message: `Invalid key ${KEY}` } }, 401);
  await gateway.chat(gateway.masterKey, 'alone');
  expect(await shown()).toMatchObject({ state: 'down', reason: 'Invalid key ***', status: 401, calls: 2, errors: 1 });
  expect(gateway.log.join('\n')).toContain('groq does not answer any more');
});

test('it is well again with the next answer, and the log says so', async () => {
  await gateway.chat(gateway.masterKey, 'alone');
  expect(await shown()).toMatchObject({ state: 'ok', reason: null, status: null });
  expect(gateway.log.join('\n')).toContain('groq answers again');
});

test('a deployment that rests says until when', async () => {
  provider.behaviour = json({ error: { message: 'Slow down' } }, 429);
  await gateway.chat(gateway.masterKey, 'pair');
  const one = await shown();
  expect(one).toMatchObject({ state: 'degraded', reason: 'Slow down', status: 429 });
  const resting = one?.deployments.find(({ state }) => state === 'cooldown');
  expect(Date.parse(resting?.until ?? '') - Date.now()).toBeGreaterThan(20_000);
});

test('an answer that breaks off counts against the provider, once', async () => {
  const before = await shown();
  const [first = '', second = ''] = streamedEvents(['Hello']);
  provider.behaviour = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(first + second);
    await new Promise(setImmediate);
    response.destroy();
  };
  const body = { model: 'alone', messages: [{ role: 'user', content: 'Hi' }], stream: true };
  await (await gateway.call('POST', '/v1/chat/completions', body)).text();
  const after = await shown();
  expect([after?.calls, after?.errors]).toEqual([(before?.calls ?? 0) + 1, (before?.errors ?? 0) + 1]);
  expect(after?.deployments[0]?.state).toBe('degraded');
});

test('what a client does wrong counts against nobody', async () => {
  provider.behaviour = json({ error: { message: 'max_tokens is too large' } }, 400);
  const before = await shown();
  await gateway.chat(gateway.masterKey, 'alone');
  expect((await shown())?.errors).toBe(before?.errors);
});
