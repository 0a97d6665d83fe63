import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import * as contract from '../../src/contract/global-spend.ts';
import type { SpendRecord } from '../../src/core/spend-record.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { keyIn, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let gateway: AskedGateway;
let mine: string;
let other: string;

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const daysAgo = (days: number): number => today - days * DAY_MS;
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const RANGE = `start_date=${text(daysAgo(20))}&end_date=${text(today)}`;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  mine = keyIn(await gateway.made({ key_alias: 'mine', spend: 5 }));
  other = keyIn(await gateway.made({ key_alias: 'other', spend: 70 }));
  const refused = (code: string, name: string): Partial<SpendRecord> => ({
    status: 'failure',
    spend: '0',
    metadata: { error_information: { error_code: code, error_class: name, error_message: 'no' } },
  });
  await book(gateway, [
    { start_time: daysAgo(40), api_key: hashOf(other), spend: '100' },
    { start_time: daysAgo(3), api_key: hashOf(mine), spend: '0.25', request_tags: ['work'], model: 'small', model_group: 'fast' },
    { start_time: daysAgo(3), api_key: hashOf(other), spend: '2', custom_llm_provider: 'anthropic', request_tags: ['work', 'night'] },
    { start_time: daysAgo(2), api_key: hashOf(other), spend: '0.000000000000001', model: 'big', model_group: 'slow' },
    { start_time: daysAgo(2), api_key: hashOf(other), ...refused('429', 'RateLimitError'), model_id: 'first' },
    { start_time: daysAgo(1), api_key: hashOf(mine), ...refused('rate_limit_error', 'NoDeploymentError'), model_id: 'second' },
    { start_time: daysAgo(1), api_key: hashOf(mine), ...refused('500', 'InternalServerError') },
  ]);
});

afterAll(() => gateway.stop());

async function ask<T>(schema: z.ZodType<T>, path: string, key?: string): Promise<T> {
  const answer = await gateway.get(path, key);
  expect(answer.status, answer.text).toBe(200);
  return schema.parse(JSON.parse(answer.text));
}

describe('/global/spend/logs', () => {
  test('tells what each of the last 30 days cost, days without a call too', async () => {
    const days = await ask(contract.SpendByDay, '/global/spend/logs');
    expect(days).toHaveLength(30);
    expect(days.at(-1)).toEqual({ date: text(today), spend: 0 });
    expect(days.find(({ date }) => date === text(daysAgo(3)))).toEqual({ date: text(daysAgo(3)), spend: 2.25 });
  });

  test('tells it of one key', async () => {
    const days = await ask(contract.SpendByDay, `/global/spend/logs?api_key=${mine}`);
    expect(days.find(({ date }) => date === text(daysAgo(3)))).toEqual({ date: text(daysAgo(3)), spend: 0.25, api_key: hashOf(mine) });
  });

  test('tells a key nothing of another one', async () => {
    const days = await ask(contract.SpendByDay, `/global/spend/logs?api_key=${hashOf(other)}`, mine);
    expect(days.every(({ spend }) => spend === 0)).toBe(true);
    const own = await ask(contract.SpendByDay, '/global/spend/logs', mine);
    expect(own.reduce((sum, { spend }) => sum + spend, 0)).toBe(0.25);
  });
});

describe('the dearest', () => {
  test('keys come with their names, and only so many as asked for', async () => {
    const [first, second] = await ask(contract.SpendByKey, '/global/spend/keys');
    expect(first).toMatchObject({ api_key: hashOf(other), key_alias: 'other', total_spend: 2.000000000000001 });
    expect(first?.key_name).toMatch(/^sk-\.\.\./);
    expect(second).toMatchObject({ key_alias: 'mine', total_spend: 0.25 });
    expect(await ask(contract.SpendByKey, '/global/spend/keys?limit=1')).toHaveLength(1);
    expect(await ask(contract.SpendByKey, '/global/spend/keys', mine)).toMatchObject([{ key_alias: 'mine' }]);
  });

  test('models come with tokens for those who do not see all', async () => {
    const models = await ask(contract.SpendByModel, '/global/spend/models');
    expect(models.map(({ model }) => model)).toEqual(['upstream', 'small', 'big']);
    expect(models[0]).not.toHaveProperty('total_tokens');
    expect(await ask(contract.SpendByModel, '/global/spend/models', mine)).toEqual([
      { model: 'small', total_spend: 0.25, total_tokens: 15 },
      { model: 'upstream', total_spend: 0, total_tokens: 30 },
    ]);
  });

  test('providers are those of a span of days', async () => {
    expect(await ask(contract.SpendByProvider, `/global/spend/provider?${RANGE}`)).toEqual([
      { provider: 'anthropic', spend: 2 },
      { provider: 'openai', spend: 0.250000000000001 },
    ]);
    const before = `start_date=${text(daysAgo(40))}&end_date=${text(daysAgo(39))}`;
    expect(await ask(contract.SpendByProvider, `/global/spend/provider?${before}`)).toEqual([{ provider: 'openai', spend: 100 }]);
  });

  test.each(['0', '1001', 'x'])('are never %s many', async (limit) => {
    for (const path of ['/global/spend/keys', '/global/spend/models'])
      expect((await gateway.get(`${path}?limit=${limit}`)).status).toBe(400);
  });
});

describe('/global/activity', () => {
  const short = (ms: number): string => `${new Date(ms).toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })} ${String(new Date(ms).getUTCDate()).padStart(2, '0')}`; // prettier-ignore

  test('tells requests and tokens by day', async () => {
    expect(await ask(contract.GlobalActivity, `/global/activity?${RANGE}`)).toEqual({
      daily_data: [3, 2, 1].map((days) => ({ date: short(daysAgo(days)), api_requests: 2, total_tokens: 30 })),
      sum_api_requests: 6,
      sum_total_tokens: 90,
    });
  });

  test('tells it model by model, the most used first', async () => {
    const models = await ask(contract.ModelActivity, `/global/activity/model?${RANGE}`);
    expect(models).toHaveLength(2);
    expect(models[0]).toMatchObject({ model: 'fast', sum_api_requests: 5, daily_data: [{ api_requests: 2 }, { api_requests: 1 }, { api_requests: 2 }] }); // prettier-ignore
    expect(models[1]).toMatchObject({ model: 'slow', sum_api_requests: 1 });
  });

  test('counts refusals for too many requests and no other failures, of all and by deployment', async () => {
    const all = await ask(contract.Exceptions, `/global/activity/exceptions?${RANGE}`);
    expect(all).toEqual({
      daily_data: [2, 1].map((days) => ({ date: short(daysAgo(days)), num_rate_limit_exceptions: 1 })),
      sum_num_rate_limit_exceptions: 2,
    });
    const each = await ask(contract.DeploymentExceptions, `/global/activity/exceptions/deployment?${RANGE}`);
    expect(each.map(({ model_id: id, sum_num_rate_limit_exceptions: sum }) => [id, sum])).toEqual([['first', 1], ['second', 1]]); // prettier-ignore
    const slow = await ask(contract.Exceptions, `/global/activity/exceptions?${RANGE}&model_group=slow`);
    expect(slow).toEqual({ daily_data: [], sum_num_rate_limit_exceptions: 0 });
    expect((await ask(contract.Exceptions, `/global/activity/exceptions?${RANGE}`, mine)).sum_num_rate_limit_exceptions).toBe(1);
  });
});

test.each([
  '/global/spend/provider',
  '/global/activity',
  '/global/activity/model',
  '/global/activity/exceptions',
  '/global/activity/exceptions/deployment',
])('%s wants to know the days', async (path) => {
  const { status, body } = await gateway.get(path);
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({ param: 'start_date' });
});

describe('/spend/*', () => {
  test('keys come dearest first, a key sees itself', async () => {
    const { text: told } = await gateway.get('/spend/keys');
    const keys = JSON.parse(told) as { key_alias: string; spend: number; token: string }[];
    expect(keys.map(({ key_alias: alias, spend }) => [alias, spend])).toEqual([['other', 70], ['mine', 5]]); // prettier-ignore
    expect(keys[1]?.token).toBe(hashOf(mine));
    const own = JSON.parse((await gateway.get('/spend/keys', mine)).text) as { key_alias: string }[];
    expect(own.map(({ key_alias: alias }) => alias)).toEqual(['mine']);
  });

  test('people come dearest first, or one of them, and to a key nobody', async () => {
    for (const [id, spend] of [['ann', 1], ['ben', 2]] as const) await gateway.post('/user/new', { user_id: id, spend, auto_create_key: false }); // prettier-ignore
    const told = async (path: string, key?: string) =>
      JSON.parse((await gateway.get(path, key)).text) as { user_id: string; spend: number }[];
    expect((await told('/spend/users')).slice(0, 2)).toMatchObject([{ user_id: 'ben', spend: 2 }, { user_id: 'ann', spend: 1 }]); // prettier-ignore
    expect((await told('/spend/users?user_id=ann')).map(({ user_id: id }) => id)).toEqual(['ann']);
    expect(await told('/spend/users', mine)).toEqual([]);
  });

  test('tags are of the last 30 days, or of those asked for', async () => {
    expect(await ask(contract.SpendByTag, '/spend/tags')).toEqual([
      { individual_request_tag: 'work', log_count: 2, total_spend: 2.25 },
      { individual_request_tag: 'night', log_count: 1, total_spend: 2 },
    ]);
    expect(await ask(contract.SpendByTag, `/spend/tags?start_date=${text(daysAgo(2))}&end_date=${text(today)}`)).toEqual([]);
    expect(await ask(contract.SpendByTag, '/spend/tags', mine)).toMatchObject([{ individual_request_tag: 'work', log_count: 1 }]);
  });
});
