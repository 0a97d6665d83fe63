import { afterAll, beforeAll, expect, test } from 'vitest';
import { BillingProvider, scripted } from '../../drills/support/billing-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let provider: BillingProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await BillingProvider.start();
  const at = `api_base: ${provider.url}/v1, api_key: sk-provider`;
  gateway = await startGateway(`
model_list:
  - model_name: free
    litellm_params: { model: openai/gpt-4o-mini, ${at}, input_cost_per_token: 0, output_cost_per_token: 0 }
  - model_name: cheap
    litellm_params: { model: openai/gpt-4o-mini, ${at}, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001 }
  - model_name: dear
    litellm_params: { model: openai/gpt-4o-mini, ${at}, input_cost_per_token: 0.01, output_cost_per_token: 0.01 }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ free: [dear] }, { cheap: [dear] }] }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const used = { promptTokens: 10, outputTokens: 10 } as const;
const ask = (model: string, id: string, key: string, failFirst = 1, more: Record<string, unknown> = {}) =>
  gateway.call('POST', '/v1/chat/completions', scripted(model, { id, ...used, failFirst }, { max_tokens: 10, ...more }), key);

test('a spent budget refuses the paid fallback of a free model, and nothing paid goes upstream', async () => {
  const key = await gateway.key({ max_budget: 0 });
  const answer = await ask('free', 'free-then-dear', key);
  expect(answer.status).toBe(500);
  expect(provider.calls.get('free-then-dear')?.requests).toBe(1);
  expect((await ask('free', 'free-alone', key, 0)).status).toBe(200);
});

test('so does a budget of the one model that it falls back to', async () => {
  const key = await gateway.key({ model_max_budget: { dear: 0 } });
  expect((await ask('cheap', 'cheap-then-dear', key)).status).toBe(500);
  expect(provider.calls.get('cheap-then-dear')?.requests).toBe(1);
});

test('the reservation is that of the dear model while it runs: a budget for one call serves one', async () => {
  const key = await gateway.key({ max_budget: 0.2 });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask('cheap', `together-${i}`, key)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(gateway.parts.limits.openHolds).toBe(0);
});

test('what a fallback costs is booked on the budget of the model that answered', async () => {
  const key = await gateway.key({ model_max_budget: { cheap: 5, dear: 5 } });
  expect((await ask('cheap', 'booked-on-dear', key)).status).toBe(200);
  const row = (await gateway.rows()).at(-1);
  expect(row).toMatchObject({ model_group: 'dear', spend: '0.2' });
  const balances = await gateway.parts.database.query<{ account: string; spend: string }>(
    'select account, spend::text as spend from gateway.balances where account like $1 order by account',
    [`key:${String(row?.['api_key'])}%`],
  );
  expect(balances.map(({ account, spend }) => [account.slice(68), spend])).toEqual([
    ['', '0.2'],
    ['|model:dear', '0.2'],
  ]);
});

test('one call is one request, wherever it ends', async () => {
  const key = await gateway.key({ rpm_limit: 2 });
  expect((await ask('cheap', 'first-of-two', key)).status).toBe(200);
  expect((await ask('cheap', 'second-of-two', key)).status).toBe(200);
  expect((await ask('cheap', 'third-of-two', key, 0)).status).toBe(429);
});
