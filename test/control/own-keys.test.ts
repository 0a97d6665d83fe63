import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyIn, messageOf, MOCKED, startAsked, type AskedGateway, type Told } from './asking-for-keys.ts';

let gateway: AskedGateway;
/** A key of a person who is no administrator, and may spend at most a dollar. */
let own: string;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  const person = (id: string) => gateway.post('/user/new', { user_id: id, user_role: 'internal_user', max_budget: 1, rpm_limit: 50 });
  own = keyIn(await person('ada'));
  await person('bob');
});
afterAll(() => gateway.stop());

const asAda = (path: string, body: unknown): Promise<Told> => gateway.post(path, body, own);

describe('a person makes keys of their own', () => {
  test('which are theirs, and noted as made by them', async () => {
    const { status, body } = await asAda('/key/generate', { key_alias: 'by-ada' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user_id: 'ada', created_by: 'ada' });
  });

  test.each([
    ['for somebody else', { user_id: 'bob' }],
    ['with a spend of their choice', { spend: 0 }],
    ['with a budget above their own', { max_budget: 2 }],
    ['with a rate above their own', { rpm_limit: 100 }],
    ['of the type management', { key_type: 'management' }],
    ['with rights of their choice', { permissions: { get_spend_routes: true } }],
  ])('but not %s', async (_, body) => {
    expect((await asAda('/key/generate', body)).status).toBe(403);
  });
});

describe('a key that an administrator made for a person', () => {
  async function given(): Promise<string> {
    return keyIn(await gateway.made({ user_id: 'ada', max_budget: 0.5, models: ['mock', 'other'] }));
  }

  test('can be blocked, renamed, regenerated and deleted by them', async () => {
    const key = await given();
    expect((await asAda('/key/block', { key })).status).toBe(200);
    expect((await asAda('/key/unblock', { key })).status).toBe(200);
    expect((await asAda('/key/update', { key, key_alias: 'mine' })).status).toBe(200);
    const again = await asAda('/key/regenerate', { key });
    expect(again.status).toBe(200);
    expect((await asAda('/key/delete', { keys: [keyIn(again)] })).status).toBe(200);
  });

  test('can be limited further by them, and never less', async () => {
    const key = await given();
    expect((await asAda('/key/update', { key, max_budget: 0.2 })).status).toBe(200);
    for (const body of [{ max_budget: 0.9 }, { max_budget: null }, { models: [] }, { models: ['free'] }, { spend: 0 }]) {
      const answer = await asAda('/key/update', { key, ...body });
      expect(answer.status, JSON.stringify(body)).toBe(403);
    }
    expect((await asAda('/key/update', { key, models: ['mock'] })).status).toBe(200);
  });

  test.each([
    ['when its budget begins anew', { budget_duration: '1d' }],
    ['its windows', { budget_limits: [{ budget_duration: '1d', max_budget: 50 }] }],
    ['budgets of single models', { model_max_budget: { mock: 50 } }],
    ['rates of single models', { model_rpm_limit: { mock: 1000 } }],
    ['the same inside its metadata', { metadata: { model_rpm_limit: { mock: 1000 } } }],
    ['how long it lives', { duration: '-1' }],
    ['what it may call', { allowed_routes: [] }],
  ])('keeps what was given: they cannot change %s', async (_, body) => {
    expect((await asAda('/key/update', { key: await given(), ...body })).status).toBe(403);
  });

  test('stays blocked when an administrator blocked it, whatever they try', async () => {
    const key = await given();
    await gateway.post('/key/block', { key });
    expect((await asAda('/key/unblock', { key })).status).toBe(403);
    for (const body of [{ blocked: false }, { key_alias: 'renamed' }])
      expect((await asAda('/key/update', { key, ...body })).status).toBe(403);
    expect((await asAda('/key/regenerate', { key })).status).toBe(403);
    expect((await gateway.chat(key)).status).toBe(401);
  });

  test('cannot get around its limit by being regenerated', async () => {
    const key = await given();
    expect((await asAda('/key/regenerate', { key, max_budget: 0.9 })).status).toBe(403);
    expect((await gateway.chat(key)).status).toBe(200);
  });
});

test('keys of others are not there: neither seen nor changed', async () => {
  const foreign = keyIn(await gateway.made({ user_id: 'bob', key_alias: 'bobs' }));
  const ownerless = keyIn(await gateway.made({ key_alias: 'nobodys' }));
  for (const key of [foreign, ownerless]) {
    expect((await gateway.get(`/key/info?key=${key}`, own)).status).toBe(403);
    for (const path of ['/key/update', '/key/block', '/key/regenerate']) expect((await asAda(path, { key })).status).toBe(403);
    expect((await asAda('/key/delete', { keys: [key] })).status).toBe(403);
    expect((await gateway.chat(key)).status).toBe(200);
  }
  const list = await gateway.get('/key/list?return_full_object=true&size=100', own);
  expect((list.body['keys'] as { user_id: string }[]).every(({ user_id: id }) => id === 'ada')).toBe(true);
  expect((await gateway.get('/key/list?user_id=bob', own)).status).toBe(403);
});

test('a viewer sees every key and changes none', async () => {
  const viewer = keyIn(await gateway.post('/user/new', { user_role: 'proxy_admin_viewer' }));
  const { body } = await gateway.get('/key/list?return_full_object=true&size=100', viewer);
  expect(Number(body['total_count'])).toBeGreaterThan(2);
  const refused = await gateway.post('/key/generate', {}, viewer);
  expect(refused.status).toBe(401);
  expect(messageOf(refused)).toContain('Only proxy admin');
});

test('the key of Home Assistant cannot be deleted, and can be blocked', async () => {
  const key = keyIn(await gateway.made({ key_alias: 'home-assistant', metadata: { managed_by: 'bridge' } }));
  const refused = await gateway.post('/key/delete', { keys: [key] });
  expect(refused.status).toBe(400);
  expect(messageOf(refused)).toContain('Home Assistant uses this key');
  expect((await gateway.post('/key/block', { key })).status).toBe(200);
});

describe('the list of keys', () => {
  test('is searched by alias, by the end of its text, and by its person’s name', async () => {
    await gateway.post('/user/new', {
      user_id: 'u-77',
      user_email: 'grace@example.com',
      user_alias: 'Grace Hopper',
      auto_create_key: false,
    });
    const key = keyIn(await gateway.made({ user_id: 'u-77', key_alias: 'compiler' }));
    for (const search of ['COMPIL', key.slice(-4), 'grace hop', 'GRACE@', 'u-77']) {
      const { body } = await gateway.get(`/key/list?search=${encodeURIComponent(search)}&return_full_object=true&expand=user`);
      expect(body['keys'], search).toContainEqual(
        expect.objectContaining({
          key_alias: 'compiler',
          user: { user_id: 'u-77', user_email: 'grace@example.com', user_alias: 'Grace Hopper' },
        }),
      );
    }
  });

  test('is filtered by state and by model', async () => {
    const blocked = await gateway.made({ key_alias: 'a-blocked-one', blocked: true });
    const over = await gateway.made({ key_alias: 'an-exhausted-one', max_budget: 0 });
    const narrow = await gateway.made({ key_alias: 'a-narrow-one', models: ['free'] });
    const hashes = async (query: string) => (await gateway.get(`/key/list?size=100&${query}`)).body['keys'] as string[];
    expect(await hashes('state=blocked')).toContain(blocked.body['token']);
    expect(await hashes('state=active')).not.toContain(blocked.body['token']);
    expect(await hashes('state=over_budget')).toEqual([over.body['token']]);
    expect(await hashes('model=mock')).not.toContain(narrow.body['token']);
    expect((await gateway.get('/key/list?state=asleep')).status).toBe(400);
  });

  test('gives the same rows in pages as in whole, whichever way it is sorted', async () => {
    const rows = async (query: string) => (await gateway.get(`/key/list?sort_by=key_alias&${query}`)).body['keys'] as string[];
    for (const order of ['asc', 'desc']) {
      const whole = await rows(`size=100&sort_order=${order}`);
      const pages: string[] = [];
      for (let page = 1; page <= Math.ceil(whole.length / 2); page++)
        pages.push(...(await rows(`size=2&page=${page}&sort_order=${order}`)));
      expect(pages).toEqual(whole);
    }
  });
});
