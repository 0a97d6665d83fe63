import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf } from '../../src/identity/key-hash.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** Two keys without an owner are strangers: each sees itself, and nothing that says that the other one exists (ruling K2). */
let gateway: TestGateway;
let mine: string;
let other: string;

beforeAll(async () => {
  gateway = await startGateway(`
model_list:
  - model_name: demo
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed }
  - model_name: hidden
    litellm_params: { model: openai/hidden, mock_response: Hello, api_key: none-needed }
`);
  mine = await gateway.key({ key_alias: 'mine', models: ['demo'], user_id: null });
  other = await gateway.key({ key_alias: 'other', metadata: { note: 'private' } });
  for (const key of [mine, other]) {
    const answer = await gateway.call(
      'POST',
      '/v1/chat/completions',
      { model: 'demo', messages: [{ role: 'user', content: 'Hi' }], metadata: { session_id: 'shared' } },
      key,
      {
        'x-litellm-call-id': `call-of-${key === mine ? 'mine' : 'other'}`,
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
    await answer.text();
  }
});

afterAll(() => gateway.stop());

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const answer = await gateway.call('GET', path, undefined, mine);
  return { status: answer.status, text: await answer.text() };
};

test('a key sees its own info, by no name, its text and its hash', async () => {
  for (const query of ['', `?key=${mine}`, `?key=${hashOf(mine)}`]) {
    const { status, text } = await get(`/key/info${query}`);
    expect(status).toBe(200);
    expect(text).toContain('"key_alias":"mine"');
  }
});

test('the info of another key is refused, and reads the same for one that does not exist', async () => {
  const answers = await Promise.all(
    [other, hashOf(other), 'sk-does-not-exist', hashOf('sk-does-not-exist'), hashOf(gateway.masterKey)].map((name) =>
      get(`/key/info?key=${name}`),
    ),
  );
  for (const { status } of answers) expect(status).toBe(403);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

test('the list of keys holds itself alone, whatever is asked', async () => {
  for (const query of [
    '',
    'return_full_object=true',
    `key_hash=${hashOf(other)}`,
    'key_alias=other',
    'search=o',
    'size=100',
    'include_created_by_keys=true',
    'include_team_keys=true',
    'expand=user',
    'team_id=',
    'status=deleted',
  ]) {
    const { status, text } = await get(`/key/list?${query}`);
    expect([200, 400, 403], query).toContain(status);
    expect(text, query).not.toContain(hashOf(other));
    expect(text, query).not.toContain('private');
  }
});

test('spend shows its own rows alone, whatever is asked', async () => {
  await gateway.flushed();
  const today = new Date().toISOString().slice(0, 10);
  for (const query of [
    '',
    `api_key=${other}`,
    `api_key=${hashOf(other)}`,
    'request_id=call-of-other',
    `start_date=${today}&end_date=${today}`,
    `start_date=${today}&end_date=${today}&summarize=false`,
    'user_id=default_user_id',
    'user_id=',
  ]) {
    const { status, text } = await get(`/spend/logs?${query}`);
    expect(status, query).toBe(200);
    expect(text, query).not.toContain(hashOf(other));
    expect(text, query).not.toContain('call-of-other');
  }
  expect((await get('/spend/logs')).text).toContain('call-of-mine');
});

test('lists of calls show its own rows alone, whatever is asked', async () => {
  await gateway.flushed();
  const range = 'start_date=2020-01-01&end_date=2100-01-01';
  for (const path of [
    `/spend/logs/v2?${range}`,
    `/spend/logs/ui?${range}&api_key=${hashOf(other)}`,
    `/spend/logs/v2?${range}&key_alias=other`,
    `/spend/logs/v2?${range}&request_id=call-of-other`,
    `/spend/logs/v2?${range}&model_group=demo&sort_by=spend`,
    '/spend/logs/ui/call-of-other',
    '/spend/logs/session/ui?session_id=shared',
  ]) {
    const { status, text } = await get(path);
    expect(status, path).toBe(200);
    expect(text, path).not.toContain(hashOf(other));
    expect(text, path).not.toContain('call-of-other');
  }
  expect(JSON.parse((await get('/spend/logs/ui/call-of-other')).text)).toBeNull();
  expect((await get(`/spend/logs/v2?${range}`)).text).toContain('"total":1,');
});

test('the summary adds up its own calls alone, and says nothing of the budget over all', async () => {
  const { status, text } = await get('/panel/summary');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ today: { requests: 1 }, month: { requests: 1 }, last_24_hours: { requests: 1 }, budget: null });
});

test('models outside its list are neither shown nor told apart from those that do not exist', async () => {
  for (const path of ['/v1/models', '/model/info', '/model_group/info']) expect((await get(path)).text, path).not.toContain('hidden');
  const [hidden, missing] = await Promise.all([get('/v1/models/hidden'), get('/v1/models/absent')]);
  expect(hidden).toEqual({ status: missing.status, text: missing.text.replace('absent', 'hidden') });
  expect(missing.status).toBe(404);
});

test('a key changes nothing: not itself, not another, not what it may do', async () => {
  for (const [path, body] of [
    ['/key/update', { key: mine, max_budget: 1000, models: [] }],
    ['/key/update', { key: other, blocked: true }],
    ['/key/generate', { models: ['hidden'] }],
    ['/key/delete', { keys: [other] }],
    ['/key/regenerate', { key: mine }],
    [`/key/${mine}/reset_spend`, { reset_to: 0 }],
  ] as const) {
    const answer = await gateway.call('POST', path, body, mine);
    expect(answer.status, path).toBe(401);
    await answer.text();
  }
  expect(gateway.parts.ring.get(hashOf(mine))?.fields).toMatchObject({ models: ['demo'], maxBudget: null });
  expect(gateway.parts.ring.get(hashOf(other))?.fields.blocked).not.toBe(true);
});
