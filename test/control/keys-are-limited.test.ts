import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BillingProvider, scripted } from '../drills/support/billing-provider.ts';
import { infoOf, keyIn, messageOf, MOCKED, startAsked, type AskedGateway, type Told } from './asking-for-keys.ts';

let provider: BillingProvider;
let gateway: AskedGateway;

beforeAll(async () => {
  provider = await BillingProvider.start();
  gateway = await startAsked(`${MOCKED}
  - model_name: slow
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_token: 0, output_cost_per_token: 0 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

function limitOf({ body, headers }: Told): Record<string, unknown> {
  const { type, code } = body['error'] as Record<string, unknown>;
  return {
    type,
    code,
    kind: headers.get('rate_limit_type'),
    resetAt: headers.get('reset_at'),
    retryAfter: Number(headers.get('retry-after')),
  };
}

describe('rate limits', () => {
  test('requests: the answer tells what is left, the refusal tells when it passes', async () => {
    const made = await gateway.made({ rpm_limit: 2 });
    const first = await gateway.chat(keyIn(made));
    expect([first.headers.get('x-ratelimit-api_key-limit-requests'), first.headers.get('x-ratelimit-api_key-remaining-requests')]).toEqual([
      '2',
      '1',
    ]);
    await gateway.chat(keyIn(made));
    const refused = await gateway.chat(keyIn(made));
    expect(refused.status).toBe(429);
    expect(limitOf(refused)).toEqual({
      type: 'throttling_error',
      code: '429',
      kind: 'requests',
      resetAt: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
      retryAfter: expect.any(Number),
    });
    const { retryAfter } = limitOf(refused) as { retryAfter: number };
    expect(retryAfter).toBeGreaterThan(30);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(refused.headers.get('x-should-retry')).toBe('false');
    expect(messageOf(refused)).toMatch(
      new RegExp(
        `^Rate limit exceeded for api_key: ${String(made.body['token'])}\\. Limit type: requests\\. Current limit: 2, Remaining: 0\\. Limit resets at: .* UTC$`,
      ),
    );
  });

  test('tokens: what was really used counts', async () => {
    const key = keyIn(await gateway.made({ tpm_limit: 100 }));
    const first = await gateway.chat(key);
    expect(first.headers.get('x-ratelimit-api_key-limit-tokens')).toBe('100');
    // 30 tokens each: the fourth begins below the limit, the fifth beyond it.
    for (let call = 2; call <= 4; call++) expect((await gateway.chat(key)).status).toBe(200);
    const last = await gateway.chat(key);
    expect([last.status, limitOf(last)['kind']]).toEqual([429, 'tokens']);
  });

  test('running calls: the second at once is refused and told to come back in a second; a place is given back when a call ends', async () => {
    const key = keyIn(await gateway.made({ max_parallel_requests: 1 }));
    const slow = (id: string) =>
      gateway.post('/v1/chat/completions', scripted('slow', { id, promptTokens: 1, outputTokens: 1, delayMs: 200 }), key);
    const [first, second] = await Promise.all([slow('parallel-1'), slow('parallel-2')]);
    const refused = first.status === 429 ? first : second;
    expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([200, 429]);
    expect(limitOf(refused)).toMatchObject({ kind: 'max_parallel_requests', retryAfter: 1 });
    expect((await slow('parallel-3')).status).toBe(200);
  });

  test('per model: one model used up leaves the others', async () => {
    const key = keyIn(await gateway.made({ model_rpm_limit: { mock: 1 } }));
    const first = await gateway.chat(key);
    expect(first.headers.get('x-ratelimit-model_per_key-remaining-requests')).toBe('0');
    expect((await gateway.chat(key)).status).toBe(429);
    expect((await gateway.chat(key, 'other')).status).toBe(200);
  });

  test.each([{ rpm_limit: 0 }, { tpm_limit: 0 }, { max_parallel_requests: 0 }])('%j refuses every call', async (body) => {
    expect((await gateway.chat(keyIn(await gateway.made(body)))).status).toBe(429);
  });

  test('a limit raised or lowered acts at the next call, inside the running window', async () => {
    const key = keyIn(await gateway.made({ rpm_limit: 1 }));
    await gateway.chat(key);
    expect((await gateway.chat(key)).status).toBe(429);
    await gateway.post('/key/update', { key, rpm_limit: 2 });
    expect((await gateway.chat(key)).status).toBe(200);
    expect((await gateway.chat(key)).status).toBe(429);
    await gateway.post('/key/update', { key, rpm_limit: null });
    expect((await gateway.chat(key)).status).toBe(200);
    await gateway.post('/key/update', { key, rpm_limit: 3 });
    expect((await gateway.chat(key)).status).toBe(429);
  });
});

describe('budgets', () => {
  test('of a window: refused with the window named, spend shown beside it', async () => {
    const key = keyIn(
      await gateway.made({
        key_alias: 'windows',
        budget_limits: [
          { budget_duration: '1d', max_budget: 0.1 },
          { budget_duration: '30d', max_budget: 10 },
        ],
      }),
    );
    await gateway.chat(key);
    const refused = await gateway.chat(key);
    expect([refused.status, messageOf(refused)]).toEqual([
      422,
      expect.stringMatching(
        /^Budget has been exceeded! Key=windows \(sk-\.\.\..{4}\) Window=1d Current cost: 0\.1, Max budget: 0\.1\. Budget resets at: /,
      ),
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await infoOf(gateway, key))['budget_limits']).toMatchObject([
      { budget_duration: '1d', max_budget: 0.1, spend: 0.1, reset_at: expect.any(String) },
      { budget_duration: '30d', max_budget: 10, spend: 0.1, reset_at: expect.any(String) },
    ]);
  });

  test.each([
    ['a number', 0.1],
    ['max_budget and budget_duration', { max_budget: 0.1, budget_duration: '1d' }],
    ['budget_limit and time_period', { budget_limit: 0.1, time_period: '1d' }],
  ])('of a model, written as %s: one model used up leaves the others', async (_, budget) => {
    const made = await gateway.made({ model_max_budget: { mock: budget } });
    expect((await infoOf(gateway, keyIn(made)))['model_max_budget']).toEqual({ mock: budget });
    await gateway.chat(keyIn(made));
    const refused = await gateway.chat(keyIn(made));
    expect([refused.status, messageOf(refused)]).toEqual([
      422,
      expect.stringContaining(`LiteLLM Virtual Key: ${String(made.body['token'])}, key_alias: `),
    ]);
    expect(messageOf(refused)).toContain('exceeded budget for model=mock');
    expect((await gateway.chat(keyIn(made), 'other')).status).toBe(200);
  });

  test('of nothing refuses the first paid call, and serves what is free', async () => {
    const key = keyIn(await gateway.made({ max_budget: 0 }));
    expect((await gateway.chat(key)).status).toBe(422);
    expect((await gateway.chat(key, 'free')).status).toBe(200);
  });

  test('a spent budget begins anew at its boundary, without anybody asking for it', async () => {
    const key = keyIn(await gateway.made({ max_budget: 0.1, budget_duration: '2s' }));
    let served = 0;
    let refused = 0;
    const begun = performance.now();
    const end = begun + 4200;
    while (performance.now() < end) {
      const { status } = await gateway.chat(key);
      if (status === 200) served++;
      else refused++;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(refused).toBeGreaterThan(10);
    expect(served).toBeGreaterThanOrEqual(2);
    // One call for each window that was touched: windows begin on even seconds, so a stretch touches one more than it holds.
    expect(served).toBeLessThanOrEqual(Math.ceil((performance.now() - begun) / 2000) + 1);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect((await infoOf(gateway, key))['spend']).toBe(0);
  });

  test('over everything: refuses keys, never the master key', async () => {
    const key = await gateway.key();
    gateway.parts.limits.setGlobalBudget({ maxBudget: 1n as never, duration: null });
    const refused = await gateway.chat(key);
    expect([refused.status, messageOf(refused)]).toEqual([422, expect.stringContaining('Budget has been exceeded! Global budget:')]);
    expect(refused.headers.get('x-litellm-budget-scope')).toBe('global');
    expect((await gateway.chat(gateway.masterKey)).status).toBe(200);
    gateway.parts.limits.setGlobalBudget(null);
    expect((await gateway.chat(key)).status).toBe(200);
  });
});

test('the master key has no limits', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => gateway.chat(gateway.masterKey)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});
