import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { BillingProvider, scripted } from './support/billing-provider.ts';
import { callChat, type Seen } from './support/caller.ts';

let provider: BillingProvider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await BillingProvider.start();
  gateway = await startGateway(`
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_token: 0, output_cost_per_token: 0.01 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Each call costs exactly 1 dollar and is estimated at that. */
const COST = { promptTokens: 10, outputTokens: 100, delayMs: 150 } as const;

function ask(key: string, id: string, stream: boolean): Promise<Seen> {
  return callChat({ url: gateway.url, key, body: scripted('paid', { id, ...COST }, { max_tokens: 100, stream }) });
}

function errorOf({ text }: Seen): Record<string, unknown> {
  return (JSON.parse(text) as { error: Record<string, unknown> }).error;
}

describe.each([
  ['plain', false],
  ['streamed', true],
])('200 %s calls at once on a budget for ten', (kind, stream) => {
  let key: string;
  let hash: string;
  let answers: Seen[];

  beforeAll(async () => {
    key = await gateway.key({ max_budget: 10, key_alias: `ten-${kind}` });
    hash = ((await (await gateway.call('GET', '/key/info', undefined, key)).json()) as { key: string }).key;
    answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(key, `${kind}-${i}`, stream)));
  });

  test('ten are served and paid, the others go nowhere', async () => {
    const served = answers.filter(({ status }) => status === 200);
    expect(served).toHaveLength(10);
    expect(served.every(({ ended }) => ended)).toBe(true);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(190);
    expect([...provider.calls.keys()].filter((id) => id.startsWith(`${kind}-`))).toHaveLength(10);
    const rows = (await gateway.rows()).filter((row) => row['api_key'] === hash && row['status'] === 'success');
    expect(rows.map((row) => row['spend'])).toEqual(Array.from({ length: 10 }, () => '1'));
  });

  test('a refusal while calls run tells how many hold how much, and to try again soon', () => {
    const refused = answers.find(({ status }) => status === 422);
    expect(refused && errorOf(refused)).toEqual({
      message: `Budget has been exceeded! Key=ten-${kind} (sk-...${key.slice(-4)}) Current cost: 0, Max budget: 10. 10 running calls hold 10 of it; try again when they end.`,
      type: 'budget_exceeded',
      param: null,
      code: '422',
    });
    expect(refused?.headers).toMatchObject({ 'x-should-retry': 'true', 'retry-after': '1', 'x-litellm-budget-scope': 'key' });
  });

  test('afterwards the spent budget is told as spent, and not to be tried again', async () => {
    const refused = await ask(key, `${kind}-late`, stream);
    expect(refused.status).toBe(422);
    expect(errorOf(refused)).toMatchObject({
      message: `Budget has been exceeded! Key=ten-${kind} (sk-...${key.slice(-4)}) Current cost: 10, Max budget: 10.`,
      code: '422',
    });
    expect(refused.headers).toMatchObject({ 'x-should-retry': 'false' });
    expect(refused.headers['retry-after']).toBeUndefined();
  });

  test('nothing is refused that a raised budget allows', async () => {
    await gateway.call('POST', '/key/update', { key, max_budget: 13 });
    const more = await Promise.all(Array.from({ length: 5 }, (_, i) => ask(key, `${kind}-more-${i}`, stream)));
    expect(more.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 422, 422]);
    expect(gateway.parts.limits.openHolds).toBe(0);
  });
});
