import { afterAll, beforeAll, expect, test } from 'vitest';
import { BillingProvider, scripted } from '../../drills/support/billing-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let provider: BillingProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await BillingProvider.start();
  gateway = await startGateway(`
model_list:
  - model_name: resting
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider }
    model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.002 }
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider }
    model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.002 }
router_settings: { num_retries: 0, allowed_fails: 0, cooldown_time: 600 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

test('a call that finds every deployment at rest gives back its place and its reservation', async () => {
  const key = await gateway.key({ max_parallel_requests: 1, max_budget: 100 });
  const ask = (id: string, failFirst: number, model = 'resting') =>
    gateway.call('POST', '/v1/chat/completions', scripted(model, { id, promptTokens: 10, outputTokens: 1, failFirst }), key);
  expect((await ask('wakes-the-cooldown', 1)).status).toBe(500);
  for (let i = 0; i < 3; i++) {
    const refused = await ask(`resting-${i}`, 0);
    expect(refused.status, await refused.text()).toBe(429);
  }
  expect(gateway.parts.limits.openHolds).toBe(0);
  expect(gateway.parts.ledger.openCalls).toBe(0);
  expect((await ask('served', 0, 'paid')).status).toBe(200);
});

test('a call that never reached a provider costs nothing and has its row', async () => {
  const key = await gateway.key();
  await gateway.call('POST', '/v1/chat/completions', scripted('resting', { id: 'nowhere', promptTokens: 10, outputTokens: 1 }), key);
  const { key: hash } = (await (await gateway.call('GET', '/key/info', undefined, key)).json()) as { key: string };
  const rows = await gateway.rows();
  expect(rows.filter((row) => row['api_key'] === hash)).toMatchObject([{ status: 'failure', spend: '0', model_group: 'resting' }]);
});

test('a client that leaves between two attempts does not pay for the one that failed', async () => {
  const key = await gateway.key();
  const leaving = new AbortController();
  const script = scripted(
    'paid',
    { id: 'left-while-waiting', promptTokens: 1000, outputTokens: 1, failFirst: 5, failWith: 503 },
    { num_retries: 5 },
  );
  const answer = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(script),
    signal: leaving.signal,
  });
  await until(() => provider.calls.get('left-while-waiting')?.requests === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  leaving.abort();
  await expect(answer).rejects.toThrow('abort');
  await until(() => gateway.parts.limits.openHolds === 0);
  expect(provider.calls.get('left-while-waiting')?.requests).toBe(1);
  expect((await gateway.rows()).at(-1)).toMatchObject({ spend: '0', prompt_tokens: 0, status: 'success' });
});

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}
