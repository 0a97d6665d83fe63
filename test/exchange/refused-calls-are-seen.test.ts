import { afterAll, beforeAll, expect, test } from 'vitest';
import { Refusal } from '../../src/contract/refusal.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { MOCKED, startAsked, type AskedGateway } from '../control/asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
});
afterAll(() => gateway.stop());

/** Rows of a key, oldest first. */
async function rowsOf(key: string): Promise<Record<string, unknown>[]> {
  return (await gateway.rows()).filter((row) => row['api_key'] === hashOf(key));
}

const refusalIn = ({ metadata }: Record<string, unknown>) =>
  Refusal.parse((JSON.parse(String(metadata)) as Record<string, unknown>)['refusal']);

test('a call over the rate limit of its key has a row that names the limit, costs nothing and went to nobody', async () => {
  const key = await gateway.key({ rpm_limit: 1 });
  await gateway.chat(key);
  expect((await gateway.chat(key)).status).toBe(429);
  const [served, refused] = await rowsOf(key);
  expect(served).toMatchObject({ status: 'success', spend: '0.1' });
  expect(refused).toMatchObject({
    status: 'failure',
    spend: '0',
    total_tokens: 0,
    model_group: 'mock',
    model: '',
    model_id: '',
    custom_llm_provider: '',
  });
  expect(refused && refusalIn(refused)).toMatchObject({ limit: 'requests', scope: 'key', allowed: '1', used: '1' });
  const info = await gateway.get(`/key/info?key=${key}`);
  expect(info.text).toContain('"spend":0.1');
});

test('a call over its budget has a row with what was spent of it', async () => {
  const key = await gateway.key({ max_budget: 0.1 });
  await gateway.chat(key);
  expect((await gateway.chat(key)).status).toBe(422);
  const [, refused] = await rowsOf(key);
  expect(refused && refusalIn(refused)).toEqual({ limit: 'budget', scope: 'key', allowed: '0.1', used: '0.1', resets_at: null });
});

test.each([
  ['a rate limit', { rpm_limit: 1 }, '429', 'throttling_error'],
  ['a budget', { max_budget: 0.1 }, '422', 'budget_exceeded'],
])('a call that %s refused is found by the status that its caller got, and by its code', async (_, limits, status, code) => {
  const key = await gateway.key(limits);
  await gateway.chat(key);
  expect((await gateway.chat(key)).status).toBe(Number(status));
  const [, refused] = await rowsOf(key);
  for (const asked of [status, code]) expect(await foundBy(asked, key), asked).toEqual([refused?.['request_id']]);
  expect(await foundBy('404', key)).toEqual([]);
});

/** Ids of calls of a key that failed in a way. */
async function foundBy(errorCode: string, key: string): Promise<unknown[]> {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const days = `start_date=${day(Date.now() - 86_400_000)}&end_date=${day(Date.now() + 86_400_000)}`;
  const { body } = await gateway.get(`/spend/logs/v2?${days}&error_code=${errorCode}&api_key=${key}`);
  return (body['data'] as { request_id: string }[]).map(({ request_id: id }) => id);
}

test('a key that is refused without end does not fill the database', async () => {
  const key = await gateway.key({ rpm_limit: 1 });
  await Promise.all(Array.from({ length: 60 }, () => gateway.chat(key)));
  const refused = (await rowsOf(key)).filter(({ status }) => status === 'failure');
  // Ten a minute; the minute may end between.
  expect(refused.length).toBeGreaterThanOrEqual(10);
  expect(refused.length).toBeLessThanOrEqual(20);
});

test('refused calls count as failed, and against no provider', async () => {
  const { body } = await gateway.get('/panel/summary');
  const { failed, providers } = body['last_24_hours'] as { failed: number; providers: { provider: string; failed: number }[] };
  expect(failed).toBeGreaterThanOrEqual(12);
  expect(providers.map(({ provider }) => provider)).toEqual(['openai']);
  expect(providers[0]?.failed).toBe(0);
});

test('somebody who may not use the model is refused without a row', async () => {
  const key = await gateway.key({ models: ['other'] });
  expect((await gateway.chat(key)).status).toBe(403);
  expect(await rowsOf(key)).toEqual([]);
});
