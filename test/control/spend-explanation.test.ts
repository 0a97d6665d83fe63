import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { ExplainedSpendLogRow, type SpendExplanation } from '../../src/contract/spend-explanation.ts';
import { expectNothingLeft } from '../exchange/leaks.ts';
import { completion, FakeProvider, json, stream, streamedEvents, type Behaviour } from '../support/fake-provider.ts';
import { keyIn, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let provider: FakeProvider;
let gateway: AskedGateway;
/** What each upstream model does; the others answer. */
let behaviours: Record<string, Behaviour> = {};

const USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 200,
  total_tokens: 1200,
  prompt_tokens_details: { cached_tokens: 400 },
};

beforeAll(async () => {
  provider = await FakeProvider.start((request, response) => {
    const model = String(request.json['model']);
    return (behaviours[model] ?? json(completion('Hello', USAGE)))(request, response);
  });
  const at = `api_base: ${provider.url}/v1, api_key: sk-provider-secret`;
  const price = 'input_cost_per_token: 0.000003, output_cost_per_token: 0.000015, cache_read_input_token_cost: 0.0000003';
  gateway = await startAsked(`
model_list:
  - { model_name: plain, litellm_params: { model: openai/up-plain, ${at}, ${price} } }
  - { model_name: listed, litellm_params: { model: openai/gpt-4o-mini, ${at} } }
  - { model_name: unknown, litellm_params: { model: openai/nobody-knows-it, ${at} } }
  - { model_name: levels, litellm_params: { model: openai/up-first, ${at}, ${price}, order: 1, cooldown_time: 30 } }
  - { model_name: levels, litellm_params: { model: openai/up-second, ${at}, ${price}, order: 2 } }
  - { model_name: drawn, litellm_params: { model: openai/up-drawn, ${at}, ${price}, weight: 3 } }
  - { model_name: drawn, litellm_params: { model: openai/up-drawn, ${at}, ${price}, weight: 1 }, model_info: { id: other-drawn } }
  - { model_name: failing, litellm_params: { model: openai/up-failing, ${at}, ${price} } }
router_settings: { num_retries: 0, fallbacks: [{ failing: [plain] }] }
general_settings: { store_model_in_db: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  behaviours = {};
});

function refusing(status: number, message: string): Behaviour {
  return json({ error: { message, type: 'server_error', code: null } }, status);
}

type Explanation = z.infer<typeof SpendExplanation>;

/** Calls a model and asks for the explanation of that call. */
async function explained(model: string, more: Record<string, unknown> = {}): Promise<Explanation> {
  const answer = await gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more });
  const id = answer.headers.get('x-litellm-call-id') ?? '';
  await answer.text();
  // Tokens that the provider did not tell are counted after the answer.
  await expectNothingLeft(gateway);
  const { text } = await gateway.get(`/spend/logs/ui/${id}`);
  return ExplainedSpendLogRow.parse(JSON.parse(text)).explanation;
}

describe('the cost of a call', () => {
  test('is a sum of terms, to the last digit, by a price whose place is named', async () => {
    const { terms, sum, total, price, usage } = await explained('plain');
    expect(terms).toEqual([
      { kind: 'input', quantity: '600', unit_price: '0.000003', amount: '0.0018' },
      { kind: 'cache_read', quantity: '400', unit_price: '0.0000003', amount: '0.00012' },
      { kind: 'output', quantity: '200', unit_price: '0.000015', amount: '0.003' },
    ]);
    expect({ sum, total }).toEqual({ sum: '0.00492', total: '0.00492' });
    expect(price).toEqual({ source: 'config', rule: 'openai/up-plain', date: null });
    expect(usage).toEqual(USAGE);
  });

  test('names the bundled list for a model that it knows', async () => {
    const { price, sum, total } = await explained('listed');
    expect(price).toMatchObject({ source: 'catalogue', rule: 'openai/gpt-4o-mini' });
    expect(Number(sum)).toBeGreaterThan(0);
    expect(sum).toBe(total);
  });

  test('names the database for a model that was made at run time', async () => {
    const params = { model: 'openai/up-made', api_base: `${provider.url}/v1`, api_key: 'sk-x', input_cost_per_token: 0.001 };
    expect((await gateway.post('/model/new', { model_name: 'made', litellm_params: params })).status).toBe(200);
    expect((await explained('made')).price).toMatchObject({ source: 'database', rule: 'openai/up-made' });
  });

  test('is nothing without a price, and says so', async () => {
    const { price, terms, sum, marks } = await explained('unknown');
    expect({ price, terms, sum }).toEqual({ price: null, terms: [], sum: '0' });
    expect(marks).toMatchObject({ unpriced: true, usage_estimated: false });
  });

  test('stands beside what was set aside before it', async () => {
    const { reserved, total } = await explained('plain', { max_tokens: 1000 });
    expect(Number(reserved)).toBeGreaterThan(0.015);
    expect(Number(reserved)).toBeGreaterThan(Number(total));
  });
});

describe('the way of a call', () => {
  test('is one attempt when nothing went wrong', async () => {
    const { attempts, retries, fallbacks, timings, streamed } = await explained('plain');
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      provider: 'openai',
      model: 'up-plain',
      model_group: 'plain',
      reason: 'first',
      choice: { by: 'only', among: 1, resting: 0 },
      status: 200,
      outcome: 'answered',
      error_class: null,
    });
    expect({ retries, fallbacks, streamed }).toEqual({ retries: 0, fallbacks: 0, streamed: false });
    expect(timings.overhead_ms).toBe(attempts[0]?.start_ms);
    expect(timings.first_token_ms).toBeNull();
  });

  test('goes to the next order level with the provider’s words, and tells who rests', async () => {
    behaviours = { 'up-first': refusing(429, 'Slow down, sk-provider-secret') };
    const { attempts, retries } = await explained('levels');
    expect(attempts).toMatchObject([
      { model: 'up-first', reason: 'first', choice: { by: 'only', level: 1, levels: 2 }, status: 429, outcome: 'failed' },
      { model: 'up-second', reason: 'next_level', choice: { by: 'only', level: 2, levels: 2 }, status: 200, outcome: 'answered' },
    ]);
    expect(attempts[0]).toMatchObject({ error_class: 'RateLimitError' });
    expect(Math.round((attempts[0]?.rests_ms ?? 0) / 1000)).toBe(30);
    expect(attempts[0]?.error_message).toContain('Slow down');
    expect(attempts[0]?.error_message).not.toContain('sk-provider-secret');
    expect(attempts[1]?.start_ms).toBeGreaterThanOrEqual(attempts[0]?.end_ms ?? Infinity);
    expect(retries).toBe(1);
  });

  test('tells by what weights a deployment was drawn', async () => {
    const [attempt] = (await explained('drawn')).attempts;
    expect(attempt?.choice).toEqual({
      by: 'weight',
      among: 2,
      resting: 0,
      weight: attempt?.deployment === 'other-drawn' ? 1 : 3,
      weights: 4,
    });
  });

  test('says that a deployment was named', async () => {
    const [attempt] = (await explained('other-drawn')).attempts;
    expect(attempt).toMatchObject({ deployment: 'other-drawn', choice: { by: 'id' } });
  });

  test('falls back to another group', async () => {
    behaviours = { 'up-failing': refusing(500, 'Out of order') };
    const { attempts, fallbacks, requested_model: requested } = await explained('failing');
    expect(attempts).toMatchObject([
      { model_group: 'failing', reason: 'first', outcome: 'failed', error_message: 'Out of order' },
      { model_group: 'plain', reason: 'fallback', outcome: 'answered' },
    ]);
    expect({ fallbacks, requested }).toEqual({ fallbacks: 1, requested: 'failing' });
  });

  test('of a stream tells its first token and its end', async () => {
    const slow: Behaviour = async (request, response) => {
      const [role = '', first = '', ...rest] = streamedEvents(['Hel', 'lo']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(role + first);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await stream(rest)(request, { writeHead: () => response, write: response.write.bind(response), end: response.end.bind(response) } as never); // prettier-ignore
    };
    behaviours = { 'up-plain': slow };
    const { attempts, timings, streamed } = await explained('plain', { stream: true });
    expect(streamed).toBe(true);
    expect(timings.first_token_ms).not.toBeNull();
    expect(attempts[0]?.end_ms).toBeGreaterThanOrEqual((attempts[0]?.first_byte_ms ?? Infinity) + 50);
    expect(timings.end_ms).toBeGreaterThanOrEqual(50);
  });

  test('of a stream that broke off tells what went wrong', async () => {
    behaviours = { 'up-plain': stream(streamedEvents(['Hel', 'lo']).slice(0, 2)) };
    const { attempts, marks } = await explained('plain', { stream: true });
    expect(attempts).toMatchObject([{ status: 200, outcome: 'failed', error_class: 'APIConnectionError' }]);
    expect(marks.usage_estimated).toBe(true);
  });

  test('stays short however long the provider talks', async () => {
    behaviours = { 'up-failing': refusing(500, 'x'.repeat(10_000)), 'up-plain': refusing(500, 'é'.repeat(10_000)) };
    const { attempts } = await explained('failing');
    expect(attempts.map(({ error_message: said }) => said?.length)).toEqual([200, 200]);
  });
});

test('a row that tells nothing of itself is shown all the same', async () => {
  const [id] = await book(gateway, [{ metadata: {} }]);
  const { text } = await gateway.get(`/spend/logs/ui/${id}`);
  expect(ExplainedSpendLogRow.parse(JSON.parse(text)).explanation).toMatchObject({ price: null, terms: [], attempts: [], total: '0.01', requested_model: 'fast' }); // prettier-ignore
});

test('a key reads the explanation of its own call', async () => {
  const key = keyIn(await gateway.made());
  const { headers } = await gateway.chat(key, 'plain');
  const answer = await gateway.get(`/spend/logs/ui/${headers.get('x-litellm-call-id')}`, key);
  expect(ExplainedSpendLogRow.parse(answer.body).explanation.total).toBe('0.00492');
});
