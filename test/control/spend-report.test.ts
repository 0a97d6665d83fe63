import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import * as contract from '../../src/contract/global-spend.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { keyIn, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let gateway: AskedGateway;
let mine: string;
let anns: string;
let viewer: string;

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const daysAgo = (days: number): number => today - days * DAY_MS;
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const RANGE = `start_date=${text(daysAgo(20))}&end_date=${text(today)}`;
const AGO_3 = `${text(daysAgo(3))}T00:00:00+00:00`;
const AGO_2 = `${text(daysAgo(2))}T00:00:00+00:00`;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  mine = keyIn(await gateway.made({ key_alias: 'mine' }));
  anns = keyIn(await gateway.post('/user/new', { user_id: 'ann' }));
  viewer = keyIn(await gateway.post('/user/new', { user_id: 'vic', user_role: 'proxy_admin_viewer' }));
  const [own, ann] = [{ api_key: hashOf(mine) }, { api_key: hashOf(anns), user_id: 'ann' }];
  await book(gateway, [
    { ...ann, start_time: daysAgo(40), spend: '100', team_id: 'old', end_user: 'old', request_tags: ['old'] },
    { ...own, start_time: daysAgo(3), spend: '0.1', team_id: 'red', end_user: 'kim', request_tags: ['work'], model: 'small' },
    { ...own, start_time: daysAgo(3), spend: '0.2', team_id: 'red', request_tags: ['work', 'night'], model: 'small' },
    { ...ann, start_time: daysAgo(3), spend: '0.000000000000001', team_id: 'red', end_user: 'kim', model: 'big' },
    { ...ann, start_time: daysAgo(2) + DAY_MS / 2, spend: '2', end_user: 'lou', request_tags: ['night'], model: 'big', cache_hit: false },
    { ...ann, start_time: daysAgo(1), spend: '0', end_user: 'lou', model: 'big', cache_hit: true, completion_tokens: 7, total_tokens: 17 },
  ]);
});

afterAll(() => gateway.stop());

async function ask<T>(schema: z.ZodType<T>, path: string, key?: string): Promise<T> {
  const answer = await gateway.get(path, key);
  expect(answer.status, answer.text).toBe(200);
  return schema.parse(JSON.parse(answer.text));
}

async function endUsers(body: object, key?: string): Promise<z.infer<typeof contract.SpendByEndUser>> {
  const answer = await gateway.post('/global/spend/end_users', body, key);
  expect(answer.status, answer.text).toBe(200);
  return contract.SpendByEndUser.parse(JSON.parse(answer.text));
}

describe('/global/spend/tags', () => {
  test('tells what each tag cost, a call with two under both, exactly', async () => {
    expect((await gateway.get(`/global/spend/tags?${RANGE}`)).text).toBe(
      '{"spend_per_tag":[{"name":"night","spend":2.2,"log_count":2},{"name":"work","spend":0.3,"log_count":2}]}',
    );
  });

  test('tells it of the tags that are named', async () => {
    const { spend_per_tag: tags } = await ask(contract.SpendPerTag, `/global/spend/tags?${RANGE}&tags=work,%20nothing,`);
    expect(tags).toEqual([{ name: 'work', spend: 0.3, log_count: 2 }]);
  });

  test('tells people of their own calls', async () => {
    const { spend_per_tag: tags } = await ask(contract.SpendPerTag, `/global/spend/tags?${RANGE}`, anns);
    expect(tags).toEqual([{ name: 'night', spend: 2, log_count: 1 }]);
  });

  test('all names are those of the last 30 days', async () => {
    expect(await ask(contract.TagNames, '/global/spend/all_tag_names', viewer)).toEqual({ tag_names: ['night', 'work'] });
  });
});

describe('/global/spend/teams', () => {
  test('tells the last 30 days day by day, and calls without a team as Unassigned', async () => {
    const answer = await ask(contract.SpendByTeam, '/global/spend/teams', viewer);
    expect(answer.daily_spend).toHaveLength(30);
    expect(answer.daily_spend.find(({ date }) => date === text(daysAgo(2)))).toEqual({ date: text(daysAgo(2)), Unassigned: 2 });
    expect(answer.daily_spend.at(-1)).toEqual({ date: text(today) });
    expect(answer.teams).toEqual(['Unassigned', 'red']);
    expect(answer.total_spend_per_team.map(({ team_id: id }) => id)).toEqual(['Unassigned', 'red']);
  });

  test('adds to the last digit', async () => {
    const { text: told } = await gateway.get('/global/spend/teams');
    expect(told).toContain('{"team_id":"red","total_spend":0.300000000000001}');
    expect(told).toContain(`{"red":0.300000000000001,"date":"${text(daysAgo(3))}"}`);
  });
});

describe('/global/spend/end_users', () => {
  test('tells those of the last 30 days, the dearest first, and nobody who is nobody', async () => {
    expect(await endUsers({})).toEqual([
      { end_user: 'lou', total_count: 2, total_spend: 2 },
      { end_user: 'kim', total_count: 2, total_spend: 0.100000000000001 },
    ]);
  });

  test('tells those between two moments', async () => {
    expect(await endUsers({ startTime: text(daysAgo(40)), endTime: text(daysAgo(39)) })).toMatchObject([{ end_user: 'old' }]);
    const noon = `${text(daysAgo(2))} 12:00:00`;
    expect(await endUsers({ startTime: noon })).toMatchObject([{ end_user: 'lou', total_count: 2 }]);
    expect(await endUsers({ startTime: text(daysAgo(2)), endTime: noon })).toMatchObject([{ end_user: 'lou', total_count: 1 }]);
    expect(await endUsers({ endTime: `${text(daysAgo(2))} 11:59:59` })).toMatchObject([{ end_user: 'kim', total_count: 2 }]);
  });

  test('tells those of one key, and a caller no more than their own', async () => {
    expect(await endUsers({ api_key: mine })).toEqual([{ end_user: 'kim', total_count: 1, total_spend: 0.1 }]);
    expect(await endUsers({ api_key: hashOf(anns), startTime: text(daysAgo(20)) })).toHaveLength(2);
    expect(await endUsers({}, mine)).toEqual([{ end_user: 'kim', total_count: 1, total_spend: 0.1 }]);
    expect(await endUsers({ api_key: anns }, mine)).toEqual([]);
  });

  test('refuses what is no moment, and names it', async () => {
    const { status, text: told } = await gateway.post('/global/spend/end_users', { endTime: 'tomorrow' });
    expect(status).toBe(422);
    expect(told).toContain('endTime');
  });

  test('names of all are those of the last 30 days', async () => {
    expect(await ask(contract.EndUserNames, '/global/all_end_users')).toEqual({ end_users: ['lou', 'kim'] });
  });
});

describe('/global/spend/report', () => {
  const small = { model: 'small', api_key: '', spend: 0.3, total_tokens: 30 };

  test('tells by day and team when it is not asked otherwise', async () => {
    const answer = await gateway.get(`/global/spend/report?${RANGE}`);
    expect(answer.text).toContain('"total_spend":0.300000000000001');
    expect(contract.SpendReport.parse(JSON.parse(answer.text))).toEqual([
      {
        group_by_day: AGO_3,
        teams: [
          {
            team_name: 'red',
            total_spend: 0.300000000000001,
            metadata: [
              { ...small, api_key: hashOf(mine) },
              { model: 'big', api_key: hashOf(anns), spend: 0.000000000000001, total_tokens: 15 },
            ],
          },
        ],
      },
      expect.objectContaining({ group_by_day: AGO_2, teams: [expect.objectContaining({ team_name: 'Unassigned', total_spend: 2 })] }),
      expect.objectContaining({ teams: [expect.objectContaining({ team_name: 'Unassigned', total_spend: 0 })] }),
    ]);
  });

  test('tells by day and customer, calls without one too', async () => {
    const days = await ask(contract.SpendReport, `/global/spend/report?${RANGE}&group_by=customer`);
    expect(days[0]).toMatchObject({
      group_by_day: AGO_3,
      customers: [
        { customer: '', total_spend: 0.2 },
        { customer: 'kim', total_spend: 0.100000000000001, metadata: [{ model: 'small' }, { model: 'big' }] },
      ],
    });
  });

  test('tells by key, each with its models', async () => {
    const keys = await ask(contract.SpendReport, `/global/spend/report?${RANGE}&group_by=api_key`);
    expect(keys).toEqual([
      {
        api_key: hashOf(anns),
        total_cost: 2.000000000000001,
        total_input_tokens: 30,
        total_output_tokens: 17,
        model_details: [{ model: 'big', total_cost: 2.000000000000001, total_input_tokens: 30, total_output_tokens: 17 }],
      },
      {
        api_key: hashOf(mine),
        total_cost: 0.3,
        total_input_tokens: 20,
        total_output_tokens: 10,
        model_details: [{ model: 'small', total_cost: 0.3, total_input_tokens: 20, total_output_tokens: 10 }],
      },
    ]);
  });

  test.each([
    ['api_key', () => mine, [0.3]],
    ['internal_user_id', () => 'ann', [2.000000000000001]],
    ['team_id', () => 'red', [0.3, 0.000000000000001]],
    ['customer_id', () => 'lou', [2]],
  ])('tells what one %s cost, by key', async (name, value, costs) => {
    const rows = await ask(contract.SpendReport, `/global/spend/report?${RANGE}&${name}=${value()}`);
    expect(rows.map((row) => ('total_cost' in row ? row.total_cost : null))).toEqual(costs);
  });

  test('tells of ids that are given together what they have in common', async () => {
    expect(await ask(contract.SpendReport, `/global/spend/report?${RANGE}&internal_user_id=ann&team_id=red`)).toMatchObject([{ total_cost: 0.000000000000001 }]); // prettier-ignore
    expect(await ask(contract.SpendReport, `/global/spend/report?${RANGE}&internal_user_id=ann&api_key=${mine}`)).toEqual([]);
  });

  test('refuses a grouping that it does not know, and names those that it does', async () => {
    const { status, body } = await gateway.get(`/global/spend/report?${RANGE}&group_by=colour`);
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({ param: 'group_by', message: expect.stringContaining('team, customer or api_key') as string });
  });

  test('refuses more lines than an answer holds', async () => {
    await gateway.parts.database.execute(
      `insert into gateway.daily_spend
       select $1::date, sha256(number::text::bytea), 'key', '', case when number = 1 then 'narrow' else 'wide' end, '', '', 'model-' || number, 'fast',
         'openai', 'acompletion', 1, 1, 0, 0, 0.01, 1, 1, 0
       from generate_series(1, 20001) as number`,
      [text(daysAgo(60))],
    );
    const wide = `/global/spend/report?start_date=${text(daysAgo(60))}&end_date=${text(daysAgo(60))}`;
    const { status, body } = await gateway.get(wide);
    expect(status).toBe(400);
    expect(body['error']).toMatchObject({ param: 'end_date', message: expect.stringContaining('20000') as string });
    expect(await ask(contract.SpendReport, `${wide}&team_id=narrow`)).toHaveLength(1);
    const [whole] = await ask(contract.SpendReport, `${wide}&team_id=wide`);
    expect(whole).toMatchObject({ total_cost: 200, total_input_tokens: 20_000 });
  });
});

describe('/global/activity/cache_hits', () => {
  test('counts what a cache answered apart from what providers made', async () => {
    const rows = await ask(contract.CacheHits, `/global/activity/cache_hits?${RANGE}`);
    expect(rows).toEqual([
      {
        api_key: hashOf(anns),
        call_type: 'acompletion',
        model: 'big',
        total_rows: 3,
        cache_hit_true_rows: 1,
        cached_completion_tokens: 7,
        generated_completion_tokens: 10,
      },
      {
        api_key: hashOf(mine),
        call_type: 'acompletion',
        model: 'small',
        total_rows: 2,
        cache_hit_true_rows: 0,
        cached_completion_tokens: 0,
        generated_completion_tokens: 10,
      },
    ]);
    expect(await ask(contract.CacheHits, `/global/activity/cache_hits?${RANGE}`, mine)).toEqual(rows.slice(1));
  });
});

test.each(['/global/spend/tags', '/global/spend/report', '/global/activity/cache_hits'])('%s wants to know the days', async (path) => {
  const { status, body } = await gateway.get(path);
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({ param: 'start_date' });
});

test.each(['/global/spend/all_tag_names', '/global/spend/teams', '/global/all_end_users', `/global/spend/report?${RANGE}`])(
  '%s is for those who see all',
  async (path) => {
    for (const key of [mine, anns]) expect((await gateway.get(path, key)).status).toBe(401);
    expect((await gateway.get(path, viewer)).status).toBe(200);
  },
);
