import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyUse } from '../../src/contract/panel/key.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let text: string;

beforeAll(async () => {
  gateway = await startGateway(`
model_list:
  - model_name: dear
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed, input_cost_per_token: 0.01, output_cost_per_token: 0.01 }
  - model_name: cheap
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed, input_cost_per_token: 0.001, output_cost_per_token: 0.001 }
`);
  await gateway.call('POST', '/user/new', { user_id: 'anna', user_alias: 'Anna', max_budget: 50, auto_create_key: false });
  text = await gateway.key({
    key_alias: 'garden-bot',
    user_id: 'anna',
    max_budget: 5,
    budget_duration: '1mo',
    rpm_limit: 30,
    max_parallel_requests: 4,
    model_max_budget: { dear: { budget_limit: 3, time_period: '1d' } },
    permissions: {},
  });
  for (const model of ['dear', 'cheap', 'cheap']) await ask(model);
});

afterAll(() => gateway.stop());

async function ask(model: string): Promise<void> {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] }, text);
  expect(answer.status).toBe(200);
  await answer.text();
}

async function use(query = '', key?: string): Promise<{ status: number; use: KeyUse }> {
  const answer = await gateway.call('GET', `/panel/key?key=${hashOf(text)}${query}`, undefined, key);
  return { status: answer.status, use: (await answer.json()) as KeyUse };
}

test('the numbers of a key tell budgets, the running minute, days and models', async () => {
  const { status, use: told } = await use();
  expect(status).toBe(200);
  expect(KeyUse.safeParse(told).error).toBeUndefined();
  expect(told.budget).toMatchObject({ limit: 5, duration: '1mo', held: 0 });
  expect(told.minute.calls).toMatchObject({ used: 3, limit: 30 });
  expect(told.minute.calls.ends_in_ms).toBeGreaterThan(0);
  expect(told.minute.tokens.limit).toBeNull();
  expect(told.minute.at_once).toEqual({ used: 0, limit: 4 });
  expect(told.model_budgets).toMatchObject([{ model: 'dear', limit: 3, duration: '1d' }]);
  expect(told.person).toMatchObject({ user_id: 'anna', user_alias: 'Anna', budget: { limit: 50 } });
  expect(told.days).toHaveLength(30);
  expect(told.models.map(({ model, requests }) => [model, requests])).toEqual([
    ['dear', 1],
    ['cheap', 2],
  ]);
  expect(told.days.at(-1)).toMatchObject({ requests: 3, failed: 0, spend: told.budget.spend });
  expect(told.last_call).not.toBeNull();
});

test('a raised budget shows the limit that holds now', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await gateway.call('POST', '/key/update', { key: text, temp_budget_increase: 2.5, temp_budget_expiry: until });
  expect((await use()).use.budget.limit).toBe(7.5);
  await gateway.call('POST', '/key/update', { key: text, temp_budget_increase: null, temp_budget_expiry: null });
  expect((await use()).use.budget.limit).toBe(5);
});

test('a key sees its own numbers and nobody else’s', async () => {
  const other = await gateway.key({ user_id: 'ben' });
  expect((await use('', text)).status).toBe(200);
  expect((await use('', other)).status).toBe(404);
});

test('the range is at most as long as quarters are kept', async () => {
  const { status, use: refused } = await use('&days=41');
  expect(status).toBe(400);
  expect(refused).toMatchObject({ error: { param: 'days' } });
  expect((await use('&days=2')).use.days).toHaveLength(2);
});

test('a list of keys tells when each was last used and what all of them spent', async () => {
  await gateway.key({ key_alias: 'never-used', spend: 1 });
  const answer = await gateway.call(
    'GET',
    '/key/list?return_full_object=true&expand=last_used,total_spend&size=1&sort_by=key_alias&sort_order=asc',
  );
  const page = (await answer.json()) as { keys: { key_alias: string | null; last_used_at: string | null }[]; total_spend: number };
  const { spend } = (await use()).use.budget;
  expect(page.total_spend).toBeCloseTo(1 + spend, 12);
  const all = (await (await gateway.call('GET', '/key/list?return_full_object=true&expand=last_used')).json()) as typeof page;
  const usedAt = (name: string) => all.keys.find(({ key_alias: alias }) => alias === name)?.last_used_at;
  expect(Date.parse(usedAt('garden-bot') ?? '')).toBeGreaterThan(Date.now() - 60_000);
  expect(usedAt('never-used')).toBeNull();
  expect(all).not.toHaveProperty('total_spend');
});
