import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeCore, readyBridge } from './fake-core.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const YAML = `
model_list:
  - model_name: paid
    litellm_params: {model: openai/gpt-4o, mock_response: Hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001}
`;
const [PAULA, OLGA] = [`ha:${'a'.repeat(32)}`, `ha:${'b'.repeat(32)}`];

const core = new FakeCore(readyBridge());
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  await core.start();
  gateway = await startGateway(YAML, core.env);
  await core.command('llm_gateway/push');
  token = (await readFile(join(gateway.directory, 'secrets/home-assistant-key'), 'utf8')).trim();
  for (const [id, limits] of [
    [PAULA, { max_budget: 0.1 }],
    [OLGA, { rpm_limit: 2 }],
  ] as const)
    await gateway.call('POST', '/user/new', { user_id: id, user_role: 'internal_user', auto_create_key: false, ...limits });
});
afterAll(async () => {
  await gateway.stop();
  await core.stop();
});

async function call(key: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.call(
    'POST',
    '/v1/chat/completions',
    { model: 'paid', messages: [{ role: 'user', content: 'Hi' }], ...body },
    key,
    headers,
  );
}

async function spendOf(id: string): Promise<number> {
  const answer = (await (await gateway.call('GET', `/user/info?user_id=${id}`)).json()) as { user_info: { spend: number } };
  return answer.user_info.spend;
}

test('the budget of a person whom Home Assistant names holds, and what they spent is theirs', async () => {
  let last = await call(token, { user: PAULA });
  let spent = 0;
  for (let calls = 0; last.status === 200 && calls < 50; calls++) {
    const { usage } = (await last.json()) as { usage: { total_tokens: number } };
    spent += usage.total_tokens / 1000;
    last = await call(token, { user: PAULA });
  }
  expect(last.status).toBe(422);
  expect(await last.text()).toContain(PAULA);
  expect(await spendOf(PAULA)).toBeCloseTo(spent, 9);
  // Others go on, and so does Home Assistant itself.
  expect((await call(token, { user: OLGA })).status).toBe(200);
  expect((await call(token, {})).status).toBe(200);
});

test('their rate limits hold too, and a header names a person where a call has no field for one', async () => {
  const answers = [];
  for (let calls = 0; calls < 3; calls++) answers.push(await call(token, {}, { 'x-litellm-end-user-id': OLGA }));
  expect(answers.at(-1)?.status).toBe(429);
  expect(await answers.at(-1)?.text()).toContain(OLGA);
  expect(answers[0]?.headers.get('x-ratelimit-user-limit-requests')).toBe('2');
});

test('nobody else’s key can spend another’s budget by naming them', async () => {
  const before = await spendOf(OLGA);
  expect((await call(await gateway.key(), { user: OLGA })).status).toBe(200);
  expect(await spendOf(OLGA)).toBe(before);
});
