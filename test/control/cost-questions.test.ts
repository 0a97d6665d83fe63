import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Calculated, Estimated } from '../../src/contract/cost.ts';
import { keyIn, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(`
model_list:
  - model_name: priced
    litellm_params: { model: openai/up, mock_response: Hi, api_key: x, input_cost_per_token: 0.000003, output_cost_per_token: 0.000015 }
  - model_name: unpriced
    litellm_params: { model: openai/nobody-knows-it, mock_response: Hi, api_key: x }
`);
});

afterAll(() => gateway.stop());

const messages = [{ role: 'user', content: 'Tell me a story about a lamp.' }];

async function cost(body: unknown, key?: string): Promise<number> {
  const answer = await gateway.post('/spend/calculate', body, key);
  expect(answer.status, answer.text).toBe(200);
  return Calculated.parse(answer.body).cost;
}

describe('/spend/calculate', () => {
  test('prices the usage of an answer to the last digit', async () => {
    const usage = { prompt_tokens: 1_000_001, completion_tokens: 3, total_tokens: 1_000_004 };
    const { text } = await gateway.post('/spend/calculate', { completion_response: { model: 'priced', usage } });
    expect(text).toBe('{"cost":3.000048}');
  });

  test('takes the model that is named beside the answer', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 0 };
    expect(await cost({ model: 'priced', completion_response: { model: 'up-2026', usage } })).toBe(0.00003);
  });

  test('counts messages, and prices what reading them costs', async () => {
    const [short, long] = [
      await cost({ model: 'priced', messages }),
      await cost({ model: 'priced', messages: [...messages, ...messages] }),
    ];
    expect(short).toBeGreaterThan(0.000003 * 8);
    expect(short).toBeLessThan(0.000003 * 20);
    expect(long).toBeCloseTo(short * 2, 8);
  });

  test('knows models of the price list that are not set up, with and without their provider', async () => {
    const usage = { prompt_tokens: 1_000_000, completion_tokens: 0 };
    const [bare, full] = [await cost({ model: 'gpt-4o-mini', completion_response: { usage } }), await cost({ model: 'openai/gpt-4o-mini', completion_response: { usage } })]; // prettier-ignore
    expect(bare).toBeGreaterThan(0);
    expect(full).toBe(bare);
  });

  test.each([
    [{}, 'model'],
    [{ messages }, 'model'],
    [{ model: 'priced' }, 'messages'],
    [{ model: 'priced', messages: ['Hi'] }, 'messages'],
    [{ completion_response: { usage: { prompt_tokens: 1 } } }, 'model'],
    [{ completion_response: { model: 'priced' } }, 'completion_response.usage'],
    [{ model: 'unpriced', messages }, 'model'],
    [{ model: 'no-such-model-anywhere', messages }, 'model'],
  ])('refuses %j and names what is wrong', async (body, param) => {
    const answer = await gateway.post('/spend/calculate', body);
    expect(answer.status, answer.text).toBe(400);
    expect((answer.body['error'] as { param: string }).param).toContain(param);
  });

  test('names the model without a price', async () => {
    expect((await gateway.post('/spend/calculate', { model: 'unpriced', messages })).text).toContain('unpriced');
  });

  test('tells a key nothing of a model that it may not call', async () => {
    const key = keyIn(await gateway.made({ models: ['unpriced'] }));
    const answer = await gateway.post('/spend/calculate', { model: 'priced', messages }, key);
    expect(answer.status).toBe(400);
  });
});

describe('/cost/estimate', () => {
  test('multiplies exactly', async () => {
    const body = { model: 'priced', input_tokens: 1000, output_tokens: 1, num_requests_per_day: 3, num_requests_per_month: 1_000_000_000 };
    const answer = await gateway.post('/cost/estimate', body);
    expect(Estimated.parse(answer.body)).toEqual({
      ...body,
      cost_per_request: 0.003015,
      input_cost_per_request: 0.003,
      output_cost_per_request: 0.000015,
      margin_cost_per_request: 0,
      daily_cost: 0.009045,
      daily_input_cost: 0.009,
      daily_output_cost: 0.000045,
      daily_margin_cost: 0,
      monthly_cost: 3_015_000,
      monthly_input_cost: 3_000_000,
      monthly_output_cost: 15_000,
      monthly_margin_cost: 0,
      input_cost_per_token: 0.000003,
      output_cost_per_token: 0.000015,
      provider: 'openai',
    });
    expect(answer.text).toContain('"daily_cost":0.009045,');
  });

  test('says nothing of days that were not asked for', async () => {
    const answer = await gateway.post('/cost/estimate', { model: 'openai/gpt-4o-mini', input_tokens: 5 });
    expect(Estimated.parse(answer.body)).toMatchObject({ output_tokens: 0, daily_cost: null, monthly_cost: null, num_requests_per_day: null, provider: 'openai' }); // prettier-ignore
  });

  test.each([
    [{}, 422],
    [{ model: 'priced', input_tokens: -1 }, 422],
    [{ model: 'priced', input_tokens: 1.5 }, 422],
    [{ model: 'unpriced' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await gateway.post('/cost/estimate', body)).status).toBe(status);
  });
});
