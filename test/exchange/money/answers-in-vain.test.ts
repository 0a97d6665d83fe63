import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json, type Behaviour, type SeenRequest } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { inTurn } from '../../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from '../leaks.ts';

/** A call of several requests, of which a later one fails: what was made before is paid for. */

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}", api_key: k, input_cost_per_token: 0.000001, output_cost_per_token: 0.00001${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('vectors', 'cohere/embed-v4.0')}${row('again', 'cohere/embed-v4.0', ', num_retries: 1')}${row('dear', 'cohere/embed-v4.0')}${row('texts', 'anthropic/claude-sonnet-4-5', ', max_tokens: 50')}  - { model_name: cheap, litellm_params: { model: voyage/voyage-3.5, api_base: "${provider.url}", api_key: k, input_cost_per_token: 0.0000001 } }
router_settings: { num_retries: 0, retry_after: 0, disable_cooldowns: true, fallbacks: [{ dear: [cheap] }] }
`);
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const BROKEN = json({ message: 'internal error' }, 500);
const INPUT = Array.from({ length: 200 }, (_, i) => `text ${i}`);

/** As many vectors as texts came, each text of ten tokens. */
const embedded: Behaviour = (request, response) => {
  const count = (request.json['texts'] as string[]).length;
  const embeddings = { float: Array.from({ length: count }, () => [1, 2]) };
  return json({ id: 'e', embeddings, meta: { billed_units: { input_tokens: count * 10 } } })(request, response);
};

const embed = (model: string): Promise<Response> => gateway.call('POST', '/v1/embeddings', { model, input: INPUT }, key);

async function spendOfKey(): Promise<unknown> {
  await gateway.flushed();
  return ((await (await gateway.call('GET', `/key/info?key=${key}`)).json()) as { info: { spend: unknown } }).info.spend;
}

describe('a call of several requests', () => {
  test('that fails half way is booked for what was made, and marked', async () => {
    const before = Number(await spendOfKey());
    provider.behaviour = inTurn(embedded, embedded, BROKEN);
    expect((await embed('vectors')).status).toBe(500);
    expect(provider.seen).toHaveLength(3);
    expect(await lastRow(gateway)).toMatchObject({
      status: 'failure',
      spend: '0.00192',
      prompt_tokens: 1920,
      metadata: {
        answered_in_vain: true,
        cost_terms: [
          { kind: 'input', quantity: '960' },
          { kind: 'input', quantity: '960' },
        ],
      },
    });
    expect(Number(await spendOfKey()) - before).toBeCloseTo(0.00192, 10);
  });

  test('that fails with its first request costs nothing', async () => {
    provider.behaviour = BROKEN;
    expect((await embed('vectors')).status).toBe(500);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'failure', spend: '0', prompt_tokens: 0 });
    expect(row['metadata']).not.toHaveProperty('answered_in_vain');
  });

  test('that succeeds when it is tried again is booked for both tries', async () => {
    provider.behaviour = inTurn(embedded, BROKEN, embedded);
    expect((await embed('again')).status).toBe(200);
    expect(provider.seen).toHaveLength(5);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success', spend: '0.00296', prompt_tokens: 2960, metadata: { answered_in_vain: true } });
  });

  test('whose fallback answers is booked at the prices of both', async () => {
    const voyage: Behaviour = (request: SeenRequest, response) =>
      json({ data: (request.json['input'] as string[]).map((_, index) => ({ index, embedding: [1] })), usage: { total_tokens: 2000 } })(request, response); // prettier-ignore
    provider.behaviour = inTurn(embedded, BROKEN, voyage);
    const answer = await embed('dear');
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { usage: unknown }).usage).toEqual({ prompt_tokens: 2000, total_tokens: 2000 });
    expect(await lastRow(gateway)).toMatchObject({ status: 'success', spend: '0.00116', prompt_tokens: 2960 });
  });

  test('that ends in something that is no answer is booked likewise', async () => {
    provider.behaviour = inTurn(embedded, json({ embeddings: {} }));
    expect((await embed('vectors')).status).toBe(502);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0.00096', metadata: { answered_in_vain: true } });
  });

  test('for texts is booked for those that were written', async () => {
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [{ type: 'text', text: 'One.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 4 },
    };
    provider.behaviour = inTurn(json(message), json({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, 529));
    const answer = await gateway.call('POST', '/v1/completions', { model: 'texts', prompt: ['Count', 'On'] }, key);
    expect(answer.status).toBe(529);
    expect(await lastRow(gateway)).toMatchObject({
      status: 'failure',
      spend: '0.00005',
      prompt_tokens: 10,
      completion_tokens: 4,
      metadata: { answered_in_vain: true },
    });
  });

  test('whose client leaves is booked once, and by the whole of what was asked', async () => {
    const leaving = new AbortController();
    provider.behaviour = inTurn(embedded, () => {
      leaving.abort();
    });
    const asked = fetch(`${gateway.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'vectors', input: INPUT }),
      signal: leaving.signal,
    });
    await expect(asked).rejects.toThrow('aborted');
    await expectNothingLeft(gateway);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success', metadata: { client_left: true, usage_estimated: true } });
    expect(row['metadata']).not.toHaveProperty('answered_in_vain');
  });
});
