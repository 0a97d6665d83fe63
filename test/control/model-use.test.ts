import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModelUse } from '../../src/contract/panel/model-use.ts';
import { modelUseRoute } from '../../src/control/model-use.ts';
import type { RouteCall } from '../../src/core/route.ts';
import { messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let gateway: AskedGateway;

const NOW = Date.UTC(2026, 2, 29, 14, 5);
const at = (month: number, day: number, hour: number): number => Date.UTC(2026, month - 1, day, hour);
const HAIKU = { model_group: 'claude', model: 'claude-haiku-4-5', custom_llm_provider: 'anthropic' };

beforeAll(async () => {
  gateway = await startAsked();
  await book(gateway, [
    { start_time: at(2, 28, 12), spend: '7' },
    // The first of March in Berlin, the last of February in UTC.
    { start_time: at(2, 28, 23), spend: '1' },
    { start_time: at(3, 2, 12), spend: '0.2' },
    { start_time: at(3, 3, 12), spend: '0.000000000000003', status: 'failure' },
    { start_time: at(3, 4, 12), spend: '0.5', user_id: 'ben', ...HAIKU },
    { start_time: at(3, 5, 12), spend: '0', ...HAIKU, custom_llm_provider: 'bedrock' },
  ]);
});
afterAll(() => gateway.stop());

async function told(query: string, caller: Partial<RouteCall['caller']> = { role: 'proxy_admin' }): Promise<string> {
  const { database, ledger } = gateway.parts;
  const route = modelUseRoute({ clock: { now: () => NOW, elapsed: () => 0 }, database, ledger, ready: () => undefined });
  let text = '';
  const response = { writeHead: () => undefined, end: (body: Buffer) => (text = body.toString()) };
  await route.handle({ request: { method: 'GET' }, response, caller, query, headers: {} } as unknown as RouteCall);
  return text;
}

test('a model is told apart by public name, name at the provider and provider, dearest first', async () => {
  const { models, ...rest } = ModelUse.parse(JSON.parse(await told('')));
  expect(models).toEqual([
    { model_name: 'claude', model: 'claude-haiku-4-5', provider: 'anthropic', requests: 1, failed: 0, spend: 0.5 },
    { model_name: 'fast', model: 'upstream', provider: 'openai', requests: 2, failed: 1, spend: 0.200000000000003 },
    { model_name: 'claude', model: 'claude-haiku-4-5', provider: 'bedrock', requests: 1, failed: 0, spend: 0 },
  ]);
  expect(rest).toEqual({ first_day: '2026-03-01', requests: 4, spend: 0.700000000000003 });
});

test('every digit of money is kept', async () => {
  const text = await told('');
  expect(text).toContain('"spend":0.200000000000003');
  expect(text).toContain('"spend":0.700000000000003');
});

test('the month begins where the zone has midnight', async () => {
  expect(ModelUse.parse(JSON.parse(await told('timezone=Europe/Berlin')))).toMatchObject({
    first_day: '2026-03-01',
    spend: 1.700000000000003,
  });
});

test('a person is told of their own calls alone', async () => {
  const { models } = ModelUse.parse(JSON.parse(await told('', { role: 'internal_user', userId: 'ben' })));
  expect(models.map(({ spend }) => spend)).toEqual([0.5]);
});

test('a zone that does not exist is refused with its field', async () => {
  const answer = await gateway.get('/panel/model-use?timezone=Mars/Base');
  expect(answer.status).toBe(400);
  expect(messageOf(answer)).toContain('timezone');
});
