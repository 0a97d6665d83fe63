import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let provider: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('Hello')));
  gateway = await startGateway(`
model_list:
  - model_name: fast
    litellm_params: { model: openai/upstream-model, api_base: ${provider.url}/v1, api_key: sk-provider }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Sends half of a body, does something, sends the rest. @returns the status of the answer */
async function slowly(key: string, meanwhile: () => Promise<unknown>): Promise<number> {
  const body = JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'Hi' }] });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const call = request(
    `${gateway.url}/v1/chat/completions`,
    { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-length': body.length } },
    (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    },
  );
  call.on('error', reject);
  call.write(body.slice(0, 20));
  await new Promise((sent) => call.once('socket', (socket) => (socket.connecting ? socket.once('connect', sent) : sent(null))));
  await meanwhile();
  call.end(body.slice(20));
  return promise;
}

test('a key that is blocked while its caller is still sending is refused, and nothing goes upstream', async () => {
  const key = await gateway.key();
  const before = provider.seen.length;
  expect(await slowly(key, () => gateway.call('POST', '/key/block', { key }))).toBe(401);
  expect(provider.seen).toHaveLength(before);
});

test('a key that is deleted while its caller is still sending is refused', async () => {
  const key = await gateway.key();
  expect(await slowly(key, () => gateway.call('POST', '/key/delete', { keys: [key] }))).toBe(401);
});

test('a limit that is lowered while a caller is still sending holds for that call', async () => {
  const key = await gateway.key();
  expect(await slowly(key, () => gateway.call('POST', '/key/update', { key, rpm_limit: 0 }))).toBe(429);
});
