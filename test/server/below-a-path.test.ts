import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(`
model_list:
  - model_name: house/demo one
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed }
`);
});

afterAll(() => gateway.stop());

async function ask(
  path: string,
  method = 'GET',
): Promise<{ readonly status: number; readonly allow: string | null; readonly text: string }> {
  const answer = await fetch(`${gateway.url}${path}`, { method, headers: { authorization: `Bearer ${gateway.masterKey}` } });
  return { status: answer.status, allow: answer.headers.get('allow'), text: await answer.text() };
}

test('what lies below a path is handed over decoded, slashes and all', async () => {
  const { status, text } = await ask('/v1/models/house/demo%20one');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ id: 'house/demo one' });
  expect((await ask('/v1/models/house%2Fdemo%20one')).status).toBe(200);
});

test('what cannot be decoded is a wrong request', async () => {
  expect((await ask('/v1/models/house%E0%A4')).status).toBe(400);
});

test('another method there is 405 and told which one serves it', async () => {
  expect(await ask('/v1/models/house/demo%20one', 'DELETE')).toMatchObject({ status: 405, allow: 'GET' });
});

test('a head is asked for like the whole', async () => {
  expect(await ask('/v1/models/house/demo%20one', 'HEAD')).toMatchObject({ status: 200, text: '' });
});
