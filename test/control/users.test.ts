import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyIn, messageOf, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(`${MOCKED}
litellm_settings:
  default_internal_user_params: { user_role: internal_user_viewer, max_budget: 7 }
`);
});
afterAll(() => gateway.stop());

const made = (body: Record<string, unknown>) => gateway.post('/user/new', body);

describe('a new person', () => {
  test('comes with a key of theirs, and has the budget themselves', async () => {
    const { status, body } = await made({
      user_id: 'ada',
      user_email: 'Ada@example.com',
      user_role: 'internal_user',
      max_budget: 1,
      models: ['mock'],
      key_alias: 'ada-key',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user_id: 'ada', user_email: 'Ada@example.com', user_role: 'internal_user', max_budget: 1, teams: [] });
    const key = await gateway.get(`/key/info?key=${keyIn({ body } as never)}`);
    expect(key.body['info']).toMatchObject({ user_id: 'ada', key_alias: 'ada-key', max_budget: null, models: ['mock'] });
  });

  test('has no key when none is wanted', async () => {
    const { body } = await made({ user_id: 'keyless', auto_create_key: false });
    expect(body).toMatchObject({ key: '', user_id: 'keyless', teams: [] });
    expect((await gateway.get('/key/list?user_id=keyless')).body).toMatchObject({ total_count: 0 });
  });

  test('has what the configuration says of people where the request says nothing', async () => {
    const { body } = await made({ user_id: 'usual', auto_create_key: false });
    expect(body).toMatchObject({ user_role: 'internal_user_viewer', max_budget: 7 });
  });

  test('is refused when id or e-mail is taken, in any case of its letters', async () => {
    await made({ user_id: 'taken', user_email: 'taken@example.com' });
    expect((await made({ user_id: 'taken' })).status).toBe(409);
    const { status, body } = await made({ user_email: 'TAKEN@example.com' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { param: 'user_email' } });
  });

  test('ten at once are ten', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => made({})));
    expect(new Set(answers.map(({ body }) => body['user_id'])).size).toBe(12);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test('is nobody when the alias of the key is taken', async () => {
    await gateway.made({ key_alias: 'occupied' });
    expect((await made({ user_id: 'half', key_alias: 'occupied' })).status).toBe(400);
    expect((await gateway.get('/user/info?user_id=half')).status).toBe(404);
  });

  test('is told what is wrong with a body, member by member', async () => {
    const { status, text } = await made({ user_role: 'king', password: 'short', max_budget: -1 });
    expect(status).toBe(422);
    for (const member of ['user_role', 'password', 'max_budget']) expect(text).toContain(member);
  });
});

describe('the password of a person', () => {
  test('is told by no route and stands nowhere in the log of changes', async () => {
    await made({ user_id: 'secretive', password: 'a very secret one', auto_create_key: false });
    const told = await Promise.all(
      ['/user/info?user_id=secretive', '/user/list', '/audit?object_id=secretive'].map(async (path) => (await gateway.get(path)).text),
    );
    expect(told.join()).not.toMatch(/a very secret one|scrypt/);
    expect(told[0]).toContain('"has_password":true');
    expect(told[2]).toContain('"action":"created"');
  });
});

describe('budgets and limits of a person', () => {
  test('hold over all their keys together, and say whose budget it is', async () => {
    const { body } = await made({ user_id: 'spender', user_role: 'internal_user', max_budget: 0.15 });
    const first = String(body['key']);
    const second = keyIn(await gateway.made({ user_id: 'spender' }));
    expect((await gateway.chat(first)).status).toBe(200);
    expect((await gateway.chat(second)).status).toBe(200);
    const refused = await gateway.chat(first);
    expect(refused.status).toBe(422);
    expect(messageOf(refused)).toContain('ExceededBudget: User=spender over budget.');
    expect(refused.headers.get('x-litellm-budget-scope')).toBe('user');
    expect((await gateway.get('/user/info?user_id=spender')).body['user_info']).toMatchObject({ spend: 0.2 });
  });

  test('act at once when they are changed, also on a call that comes a moment later', async () => {
    const { body } = await made({ user_id: 'raised', max_budget: 0 });
    const key = String(body['key']);
    expect((await gateway.chat(key)).status).toBe(422);
    await gateway.post('/user/update', { user_id: 'raised', max_budget: null });
    expect((await gateway.chat(key)).status).toBe(200);
    await gateway.post('/user/update', { user_id: 'raised', rpm_limit: 1 });
    await gateway.chat(key);
    const limited = await gateway.chat(key);
    expect(limited.status).toBe(429);
    expect(messageOf(limited)).toContain('user: raised');
  });

  test('count calls that run on different keys together', async () => {
    const { body } = await made({ user_id: 'one-at-a-time', max_parallel_requests: 0, max_budget: 5 });
    expect((await gateway.chat(String(body['key']))).status).toBe(429);
  });

  test('can be for one model', async () => {
    const { body } = await made({
      user_id: 'model-wise',
      max_budget: 9,
      model_max_budget: { mock: { max_budget: 0.05, budget_duration: '1d' } },
    });
    const key = String(body['key']);
    expect((await gateway.chat(key)).status).toBe(200);
    const refused = await gateway.chat(key);
    expect(messageOf(refused)).toContain('LiteLLM User: model-wise, exceeded budget for model=mock');
    expect((await gateway.chat(key, 'other')).status).toBe(200);
  });

  test('outlive a restart: what was spent is in the database, to the last digit', async () => {
    const { body } = await made({ user_id: 'kept', max_budget: 9 });
    await gateway.chat(String(body['key']));
    await gateway.flushed();
    const rows = await gateway.parts.database.query(`select spend::text as spend from gateway.balances where account = 'user:kept'`);
    expect(rows).toEqual([{ spend: '0.1' }]);
  });

  test('do not concern the keys of somebody else, nor keys of a person who has no row', async () => {
    const key = keyIn(await gateway.made({ user_id: 'nobody-yet' }));
    expect((await gateway.chat(key)).status).toBe(200);
    await made({ user_id: 'nobody-yet', max_budget: 0, auto_create_key: false });
    expect((await gateway.chat(key)).status).toBe(422);
  });
});

test('the models of a person bound those of their keys', async () => {
  const { body } = await made({ user_id: 'bounded', models: ['mock'], max_budget: 9 });
  const wide = keyIn(await gateway.made({ user_id: 'bounded', models: ['mock', 'other'] }));
  expect((await gateway.chat(wide, 'mock')).status).toBe(200);
  expect((await gateway.chat(wide, 'other')).status).toBe(403);
  expect((await gateway.get('/v1/models', String(body['key']))).body['data']).toMatchObject([{ id: 'mock' }]);
});

describe('changing a person', () => {
  test('keeps what is absent and clears what is null; an unknown id makes one', async () => {
    await made({ user_id: 'changing', user_alias: 'Changing', max_budget: 3, auto_create_key: false });
    const { body } = await gateway.post('/user/update', { user_id: 'changing', max_budget: null });
    expect(body).toMatchObject({ user_id: 'changing', data: { user_alias: 'Changing', max_budget: null } });
    expect((await gateway.post('/user/update', { user_id: 'made-by-update', user_alias: 'New' })).status).toBe(200);
    expect((await gateway.get('/user/info?user_id=made-by-update')).body['user_info']).toMatchObject({ user_alias: 'New' });
  });

  test('sets the spend, which is what the budget sees', async () => {
    const { body } = await made({ user_id: 'reset', max_budget: 0.05 });
    const key = String(body['key']);
    await gateway.chat(key);
    expect((await gateway.chat(key)).status).toBe(422);
    await gateway.post('/user/update', { user_id: 'reset', spend: 0 });
    expect((await gateway.chat(key)).status).toBe(200);
  });
});

test('deleting people deletes their keys, which are refused from the next call on', async () => {
  const { body } = await made({ user_id: 'leaving', max_budget: 5 });
  const key = String(body['key']);
  const answer = await gateway.post('/user/delete', { user_ids: ['leaving'] });
  expect(answer.text).toBe('1');
  expect((await gateway.chat(key)).status).toBe(401);
  expect((await gateway.get('/user/info?user_id=leaving')).status).toBe(404);
  expect((await gateway.post('/user/delete', { user_ids: ['leaving'] })).status).toBe(400);
});

test('the list is filtered, searched, sorted and paged, and counts keys', async () => {
  for (const name of ['zoe', 'yan', 'xia'])
    await made({ user_id: `list-${name}`, user_email: `${name}@list.example`, user_role: 'internal_user' });
  const list = async (query: string) => (await gateway.get(`/user/list?${query}`)).body;
  expect(await list('user_email=LIST.example&sort_by=user_id&sort_order=asc&page_size=2')).toMatchObject({
    users: [{ user_id: 'list-xia', key_count: 1 }, { user_id: 'list-yan' }],
    total: 3,
    total_pages: 2,
  });
  expect(await list('search=list-z')).toMatchObject({ users: [{ user_id: 'list-zoe' }] });
  expect(await list('role=internal_user&user_ids=list-yan,ada')).toMatchObject({ total: 2 });
  expect((await gateway.get('/user/list?sort_by=password')).status).toBe(400);
});

test('the budget over everything stands as a person of its own, and its spend can be set', async () => {
  const { body } = await gateway.get('/user/info?user_id=litellm-proxy-budget');
  expect(body['user_info']).toMatchObject({ user_id: 'litellm-proxy-budget', max_budget: null });
  const { body: reset } = await gateway.post('/user/update', { user_id: 'litellm-proxy-budget', spend: 0 });
  expect(reset).toMatchObject({ data: { spend: 0 } });
});
