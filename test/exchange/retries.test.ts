import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn } from '../support/wire-answers.ts';
import { expectNothingLeft, lastRow } from './leaks.ts';

/** Two machines, so that it shows who was asked. */
let one: FakeProvider;
let two: FakeProvider;
let gateway: TestGateway;

beforeAll(async () => {
  [one, two] = await Promise.all([FakeProvider.start(), FakeProvider.start()]);
  const row = (name: string, provider: FakeProvider, more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: openai/m, api_base: "${provider.url}/v1", api_key: sk-x, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('single', one)}${row('stubborn', one, ', num_retries: 4')}${row('pair', one)}${row('pair', two)}${row('ordered', one, ', order: 1')}${row('ordered', two, ', order: 2')}
router_settings: { num_retries: 2, disable_cooldowns: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await Promise.all([one.stop(), two.stop()]);
});

beforeEach(() => {
  for (const provider of [one, two]) {
    provider.seen.length = 0;
    provider.behaviour = json(completion('Hello'));
  }
});

const asked = (): [number, number] => [one.seen.length, two.seen.length];
const failing = (status: number, headers: Record<string, string> = {}) =>
  json({ error: { message: `no ${status}`, type: 'server_error' } }, status, headers);
/** Asks the client to come back at once, so that no test waits for a back-off. */
const AT_ONCE = { 'retry-after-ms': '1' };

async function ask(model: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await gateway.call(
    'POST',
    '/v1/chat/completions',
    { model, messages: [{ role: 'user', content: 'Hi' }], ...more },
    gateway.masterKey,
    headers,
  );
  return answer;
}

describe('a group with one deployment', () => {
  test('is asked again when its provider fails, and the answer says how often', async () => {
    one.behaviour = inTurn(failing(500, AT_ONCE), failing(503, AT_ONCE), json(completion('Hello')));
    const answer = await ask('single');
    expect(answer.status).toBe(200);
    expect(asked()).toEqual([3, 0]);
    expect(answer.headers.get('x-litellm-attempted-retries')).toBe('2');
    expect(answer.headers.get('x-litellm-max-retries')).toBe('2');
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('0');
    await answer.text();
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success', spend: '0.00002' });
    expect(row['metadata']).toMatchObject({
      attempted_retries: 2,
      attempts: [
        { status: 500, error: 'InternalServerError' },
        { status: 503, error: 'ServiceUnavailableError' },
        { status: 200, error: null },
      ],
    });
  });

  test('that fails to the end reports its first error, once in the books', async () => {
    one.behaviour = inTurn(failing(503, AT_ONCE), failing(500, AT_ONCE));
    const answer = await ask('single');
    expect(answer.status).toBe(503);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain('litellm.ServiceUnavailableError: OpenAIException - no 503');
    expect(error.message).toContain('LiteLLM Retried: 2 times, LiteLLM Max Retries: 2');
    expect(asked()).toEqual([3, 0]);
    await expectNothingLeft(gateway);
    expect((await gateway.rows()).filter((row) => row['request_id'] === answer.headers.get('x-litellm-call-id'))).toMatchObject([
      { status: 'failure', spend: '0' },
    ]);
  });

  test.each([400, 401, 402, 403, 404, 413, 422])('is asked once when it says %i', async (status) => {
    one.behaviour = failing(status);
    expect((await ask('single')).status).toBe(status);
    expect(asked()).toEqual([1, 0]);
  });

  test('waits as long as the provider asks', async () => {
    one.behaviour = inTurn(failing(429, { 'retry-after-ms': '400' }), json(completion('Hello')));
    const startedAt = performance.now();
    expect((await ask('single')).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(390);
  });

  test('never waits longer than the call may take', async () => {
    one.behaviour = failing(429, { 'retry-after': '50' });
    const startedAt = performance.now();
    const answer = await ask('single', { timeout: 5 });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('50');
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(asked()).toEqual([1, 0]);
  });

  test('tries as often as header, body, deployment or settings say, in that order', async () => {
    one.behaviour = failing(500, AT_ONCE);
    const tries = async (model: string, body = {}, headers = {}): Promise<number> => {
      one.seen.length = 0;
      await ask(model, body, headers);
      return one.seen.length;
    };
    expect(await tries('single', { num_retries: 1 }, { 'x-litellm-num-retries': '0' })).toBe(1);
    expect(await tries('stubborn', { num_retries: 1 })).toBe(2);
    expect(await tries('stubborn', { max_retries: 3 })).toBe(4);
    expect(await tries('stubborn')).toBe(5);
    expect(await tries('single')).toBe(3);
  });

  test('starts every try from the same request', async () => {
    one.behaviour = inTurn(failing(500, AT_ONCE), json(completion('Hello')));
    await ask('single', { temperature: 0.5, metadata: { a: 1 }, seed: 7 });
    const [first, second] = one.seen;
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  });

  test('is asked again when its stream fails before the first event, never after it', async () => {
    one.behaviour = inTurn(
      failing(500, AT_ONCE),
      stream(['data: {"error":{"message":"busy","type":"server_error","code":503}}\n\n']),
      stream(streamedEvents(['Hello'])),
    );
    const recovered = await ask('single', { stream: true });
    expect(await recovered.text()).toContain('Hello');
    expect(asked()).toEqual([3, 0]);
    one.seen.length = 0;
    one.behaviour = stream(streamedEvents(['Hello']).slice(0, 2));
    const broken = await (await ask('single', { stream: true })).text();
    expect(broken).toContain('"error"');
    expect(asked()).toEqual([1, 0]);
  });
});

describe('a group with two deployments', () => {
  test('asks the other one at once', async () => {
    for (const provider of [one, two]) provider.behaviour = failing(500, { 'retry-after': '30' });
    const startedAt = performance.now();
    expect((await ask('pair', { num_retries: 1 })).status).toBe(500);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(asked()).toEqual([1, 1]);
  });

  test('asks the other one when a key is refused', async () => {
    for (const provider of [one, two]) provider.behaviour = failing(401);
    expect((await ask('pair')).status).toBe(401);
    expect(asked()).toEqual([1, 1]);
  });

  test('gives the headers of the one that answered', async () => {
    one.behaviour = failing(500);
    const answer = await ask('pair');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-litellm-model-api-base')).toBe(`${two.url}/v1`);
  });
});

describe('order levels', () => {
  test('the lower is always asked first', async () => {
    for (let i = 0; i < 10; i++) await (await ask('ordered')).text();
    expect(asked()).toEqual([10, 0]);
  });

  test('the next is asked when all tries in the lower failed; it is a retry, not a fallback, and not in the error', async () => {
    one.behaviour = failing(500, AT_ONCE);
    const answer = await ask('ordered', { num_retries: 1 });
    expect(answer.status).toBe(200);
    expect(asked()).toEqual([2, 1]);
    expect(answer.headers.get('x-litellm-attempted-retries')).toBe('2');
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('0');
    expect(await answer.json()).toMatchObject({ model: 'ordered' });
    two.behaviour = failing(503, AT_ONCE);
    const failed = await ask('ordered', { num_retries: 0 });
    expect(failed.status).toBe(500);
    expect(await failed.text()).not.toContain(new URL(two.url).port);
  });

  test('a wrong request is not carried to the next', async () => {
    one.behaviour = failing(400);
    expect((await ask('ordered')).status).toBe(400);
    expect(asked()).toEqual([1, 0]);
  });
});
