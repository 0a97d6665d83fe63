import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Activity } from '../../src/contract/activity.ts';
import type { SpendRecord } from '../../src/core/spend-record.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { keyIn, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let gateway: AskedGateway;
let alive: string;
let deleted: string;

const at = (day: number, hour = 12): number => Date.UTC(2026, 0, day, hour);
const JANUARY = 'start_date=2026-01-01&end_date=2026-01-31';

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  alive = keyIn(await gateway.made({ key_alias: 'alive', team_id: 'kitchen' }));
  deleted = keyIn(await gateway.made({ key_alias: 'gone' }));
  await gateway.post('/key/delete', { keys: [deleted] });
  const ann: Partial<SpendRecord> = { api_key: hashOf(alive), user_id: 'ann', team_id: 'kitchen' };
  await book(gateway, [
    { ...ann, start_time: at(5), spend: '0.1', prompt_tokens: 100, completion_tokens: 10, cache_read_tokens: 60, cache_creation_tokens: 7 },
    { ...ann, start_time: at(5, 23), spend: '0.2', status: 'failure' },
    { ...ann, start_time: at(6), spend: '0.000000000000001', model: 'claude', model_group: 'clever', custom_llm_provider: 'anthropic' },
    { start_time: at(6), spend: '3', api_key: hashOf(deleted), user_id: 'ben', end_user: 'guest', call_type: 'aembedding' },
    { start_time: at(6), spend: '1', api_key: 'f'.repeat(64), organization_id: 'house', request_tags: ['work', 'night'] },
    { start_time: at(7), spend: '2', api_key: 'f'.repeat(64), request_tags: ['work'] },
  ]);
});

afterAll(() => gateway.stop());

async function activity(query: string, path = '/user/daily/activity/aggregated', key?: string): Promise<z.infer<typeof Activity>> {
  const { status, text } = await gateway.get(`${path}?${query}`, key);
  expect(status, text).toBe(200);
  return Activity.parse(JSON.parse(text));
}

describe('activity by day', () => {
  test('adds up each day, newest first, and the whole range', async () => {
    const { results, metadata } = await activity(JANUARY);
    expect(results.map(({ date, metrics }) => [date, metrics.spend, metrics.api_requests])).toEqual([
      ['2026-01-07', 2, 1],
      ['2026-01-06', 4.000000000000001, 3],
      ['2026-01-05', 0.3, 2],
    ]);
    expect(results[2]?.metrics).toEqual({
      spend: 0.3,
      prompt_tokens: 110,
      completion_tokens: 15,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 7,
      total_tokens: 125,
      successful_requests: 1,
      failed_requests: 1,
      api_requests: 2,
    });
    expect(metadata).toMatchObject({ total_spend: 6.300000000000001, total_api_requests: 6, total_failed_requests: 1, page: 1, total_pages: 1, has_more: false }); // prettier-ignore
  });

  test('is exact to the last digit', async () => {
    const { text } = await gateway.get(`/user/daily/activity/aggregated?${JANUARY}`);
    expect(text).toContain('"total_spend":6.300000000000001,');
    expect(text).toContain('"metrics":{"spend":4.000000000000001,');
  });

  test('is broken down by model, provider, endpoint, key and person, and by key within each', async () => {
    const [, day] = (await activity(JANUARY)).results;
    const { breakdown } = day ?? {};
    expect(Object.keys(breakdown?.models ?? {}).toSorted()).toEqual(['claude', 'upstream']);
    expect(breakdown?.model_groups['clever']?.metrics.spend).toBe(1e-15);
    expect(breakdown?.providers['openai']?.metrics).toMatchObject({ spend: 4, api_requests: 2 });
    expect(Object.keys(breakdown?.endpoints ?? {}).toSorted()).toEqual(['/chat/completions', '/embeddings']);
    expect(breakdown?.entities['ben']?.api_key_breakdown[hashOf(deleted)]?.metrics.spend).toBe(3);
    expect(breakdown?.entities['Unassigned']?.metrics.api_requests).toBe(1);
    expect(Object.keys(breakdown?.api_keys ?? {})).toHaveLength(3);
  });

  test('names keys that live, keys that were deleted, and says nothing of others', async () => {
    const keys = (await activity(JANUARY)).results.find(({ date }) => date === '2026-01-06')?.breakdown.api_keys;
    expect(keys?.[hashOf(alive)]?.metadata).toEqual({ key_alias: 'alive', team_id: 'kitchen' });
    expect(keys?.[hashOf(deleted)]?.metadata).toEqual({ key_alias: 'gone', team_id: null });
    expect(keys?.['f'.repeat(64)]?.metadata).toEqual({ key_alias: null, team_id: null });
  });

  test.each([
    ['model=clever', 1],
    ['model=claude', 1],
    ['user_id=ann', 3],
    ['user_id=ann,ben', 4],
    ['exclude_user_id=ann', 3],
    ['end_user_ids=guest', 6],
    [`api_key=${'f'.repeat(64)}`, 2],
  ])('is narrowed by %s', async (query, requests) => {
    expect((await activity(`${JANUARY}&${query}`)).metadata.total_api_requests).toBe(requests);
  });

  test('takes the text of a key', async () => {
    expect((await activity(`${JANUARY}&api_key=${alive}`)).metadata.total_api_requests).toBe(3);
  });

  test('has both of its days', async () => {
    expect((await activity('start_date=2026-01-05&end_date=2026-01-06')).metadata.total_api_requests).toBe(5);
    expect((await activity('start_date=2026-01-06&end_date=2026-01-05')).results).toEqual([]);
  });

  test('says where days are those of UTC although another zone was asked for', async () => {
    const { results, metadata } = await activity(`${JANUARY}&timezone=-120`);
    const recent = Date.now() - Date.UTC(2026, 0, 31) < 30 * 86_400_000;
    expect(metadata.utc_days_until).toBe(recent ? null : '2026-01-31');
    expect(results).toHaveLength(3);
  });
});

describe('activity of these days', () => {
  test('is folded into days of the asked zone', async () => {
    const noon = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 5 * 86_400_000 + 12 * 3_600_000;
    const late = noon + 10 * 3_600_000;
    await book(gateway, [{ start_time: noon, model_group: 'zoned' }, { start_time: late, model_group: 'zoned' }]); // prettier-ignore
    const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
    const range = `start_date=${day(noon)}&end_date=${day(noon + 86_400_000)}&model=zoned`;
    const days = async (zone: string) =>
      (await activity(`${range}&timezone=${zone}`)).results.map(({ date, metrics }) => [date, metrics.api_requests]);
    expect(await days('UTC')).toEqual([[day(noon), 2]]);
    expect(await days('-180')).toEqual([
      [day(late + 3 * 3_600_000), 1],
      [day(noon), 1],
    ]);
    expect(await days('Etc/GMT%2B12')).toEqual([[day(noon), 2]]);
  });
});

describe('pages of activity', () => {
  test('hold sums of single keys and models, and the totals of all pages', async () => {
    const first = await activity(`${JANUARY}&page_size=2`, '/user/daily/activity');
    const last = await activity(`${JANUARY}&page_size=2&page=3`, '/user/daily/activity');
    expect(first.metadata).toMatchObject({ total_api_requests: 6, page: 1, total_pages: 3, has_more: true });
    expect(first.results.map(({ date, metrics }) => [date, metrics.api_requests])).toEqual([
      ['2026-01-07', 1],
      ['2026-01-06', 1],
    ]);
    expect(last.metadata).toMatchObject({ total_api_requests: 6, page: 3, has_more: false });
    expect(last.results.map(({ date, metrics }) => [date, metrics.api_requests])).toEqual([['2026-01-05', 2]]);
  });
});

describe('twins', () => {
  test.each([
    ['team', 'kitchen', 'team_ids', 3],
    ['organization', 'house', 'organization_ids', 1],
    ['customer', 'guest', 'end_user_ids', 1],
    ['tag', 'night', 'tags', 1],
  ])('tell %s apart and are narrowed to one', async (subject, name, parameter, requests) => {
    const path = `/${subject}/daily/activity/aggregated`;
    const { results } = await activity(JANUARY, path);
    expect(results.flatMap(({ breakdown }) => Object.keys(breakdown.entities))).toContain(name);
    expect((await activity(`${JANUARY}&${parameter}=${name}`, path)).metadata.total_api_requests).toBe(requests);
  });

  test('count a call under each of its tags', async () => {
    const { results } = await activity(JANUARY, '/tag/daily/activity');
    expect(results.map(({ date, breakdown }) => [date, Object.keys(breakdown.entities).toSorted()])).toEqual([
      ['2026-01-07', ['work']],
      ['2026-01-06', ['night', 'work']],
    ]);
    expect((await activity(`${JANUARY}&exclude_tags=work`, '/tag/daily/activity')).metadata.total_spend).toBe(1);
  });

  test('of agents have the shape and nothing in it', async () => {
    const { results, metadata } = await activity(JANUARY, '/agent/daily/activity');
    expect(results).toEqual([]);
    expect(metadata.total_spend).toBe(0);
  });
});

describe('a big range', { timeout: 60_000 }, () => {
  test('tells the dearest keys apart and sums the rest, so that nothing is missing', async () => {
    const days = Date.UTC(2023, 4, 1);
    const key = (n: number): string => n.toString(16).padStart(64, '0');
    for (let from = 0; from < 20_001; from += 2500)
      await book(gateway, Array.from({ length: Math.min(2500, 20_001 - from) }, (_, i) => ({ start_time: days, api_key: key(from + i), spend: `${from + i + 1}` }))); // prettier-ignore
    const { results, metadata } = await activity('start_date=2023-05-01&end_date=2023-05-31');
    expect(metadata).toMatchObject({ total_api_requests: 20_001, total_spend: (20_001 * 20_002) / 2, keys_shown: 20 });
    const keys = results[0]?.breakdown.api_keys ?? {};
    expect(Object.keys(keys)).toHaveLength(21);
    expect(keys[key(20_000)]?.metrics.spend).toBe(20_001);
    expect(Object.values(keys).reduce((sum, { metrics }) => sum + metrics.api_requests, 0)).toBe(20_001);
    expect(keys['other']?.metrics.api_requests).toBe(19_981);
  });

  test('tells fewer apart where even these are too many', async () => {
    const spread = Array.from({ length: 21_000 }, (_, n) => ({
      start_time: Date.UTC(2022, 4, 1) + (n % 30) * 86_400_000,
      model: `model-${Math.floor(n / 30) % 70}`,
      api_key: Math.floor(n / 2100)
        .toString(16)
        .padStart(64, '0'),
      user_id: `person-${Math.floor(n / 2100)}`,
      spend: '1',
    }));
    for (let from = 0; from < spread.length; from += 2500) await book(gateway, spread.slice(from, from + 2500));
    const { results, metadata } = await activity('start_date=2022-05-01&end_date=2022-05-31');
    expect(metadata).toMatchObject({ total_api_requests: 21_000, keys_shown: 5 });
    expect(results.reduce((sum, { metrics }) => sum + metrics.api_requests, 0)).toBe(21_000);
    expect(results.flatMap(({ breakdown }) => Object.keys(breakdown.entities))).toContain('other');
  });
});

describe('a range with more sums than can be looked through', () => {
  const day = Date.UTC(2021, 4, 1);
  const MAY = 'start_date=2021-05-01&end_date=2021-05-31';

  beforeAll(async () => {
    await book(gateway, [{ start_time: day, spend: '0.25', user_id: 'ann' }, { start_time: day, spend: '0.5', model: 'claude', status: 'failure' }]); // prettier-ignore
    // As if the first call had been made with many keys: the sums without keys stay what they are.
    await gateway.parts.database.query(
      `with spread as (delete from gateway.daily_spend where day = '2021-05-01' and user_id = 'ann' returning *)
       insert into gateway.daily_spend
       select day, sha256(convert_to(n::text, 'UTF8')), encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), user_id, team_id, organization_id, end_user,
         model, model_group, custom_llm_provider, call_type, prompt_tokens, completion_tokens, cache_read_tokens, cache_creation_tokens,
         case when n = 0 then spend else 0 end, case when n = 0 then requests else 0 end, successes, failures
       from spread cross join generate_series(0, 50000) as n`,
    );
  });

  test('tells models and days apart, and no keys', async () => {
    const { results, metadata } = await activity(MAY);
    expect(metadata).toMatchObject({ total_spend: 0.75, total_api_requests: 2, total_failed_requests: 1, keys_shown: 0 });
    const [{ breakdown } = { breakdown: null }] = results;
    expect(breakdown?.models['claude']?.metrics).toMatchObject({ spend: 0.5, failed_requests: 1 });
    expect(Object.keys(breakdown?.api_keys ?? {})).toEqual(['other']);
    expect(Object.keys(breakdown?.entities ?? {})).toEqual(['other']);
  });

  test('tells them apart for one person', async () => {
    const { metadata } = await activity(`${MAY}&user_id=ann`);
    expect(metadata).toMatchObject({ total_spend: 0.25, total_api_requests: 1, keys_shown: 20 });
  });
});

describe('who sees what', () => {
  test('a key sees its own days alone, whatever it asks for', async () => {
    for (const query of ['', '&user_id=ben', `&api_key=${hashOf(deleted)}`]) {
      const { status, text } = await gateway.get(`/user/daily/activity/aggregated?${JANUARY}${query}`, alive);
      expect(status).toBe(200);
      expect(text).not.toContain(hashOf(deleted));
      expect(text).not.toContain('ben');
    }
    expect((await activity(JANUARY, '/team/daily/activity', alive)).metadata.total_api_requests).toBe(3);
  });
});

test.each([
  ['', 'start_date'],
  ['start_date=2026-01-01', 'end_date'],
  ['start_date=2026-02-30&end_date=2026-03-01', 'start_date'],
  ['start_date=0000-01-01&end_date=2026-03-01', 'start_date'],
  ['start_date=0001-01-01&end_date=9999-12-31', 'end_date'],
  [`${JANUARY}&timezone=moon`, 'timezone'],
])('?%s is refused and the parameter named', async (query, param) => {
  const { status, body } = await gateway.get(`/user/daily/activity/aggregated?${query}`);
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({ param });
});

test.each(['page=0', 'page_size=1001'])('?%s is refused', async (query) => {
  expect((await gateway.get(`/user/daily/activity?${JANUARY}&${query}`)).status).toBe(400);
});
