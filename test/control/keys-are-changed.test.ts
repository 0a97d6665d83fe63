import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { infoOf, keyIn, messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked();
});

afterAll(() => gateway.stop());

describe('/key/update', () => {
  test('changes what is there, keeps what is absent, clears what is null', async () => {
    const key = keyIn(
      await gateway.made({ key_alias: 'changing', max_budget: 5, budget_duration: '1d', rpm_limit: 3, metadata: { a: 1 }, tags: ['t'] }),
    );
    const reset = (await infoOf(gateway, key))['budget_reset_at'];
    const changed = await gateway.post('/key/update', { key, max_budget: 7.25 });
    expect(changed.body).toMatchObject({
      key,
      max_budget: 7.25,
      rpm_limit: 3,
      key_alias: 'changing',
      budget_duration: '1d',
      budget_reset_at: reset,
    });
    await gateway.post('/key/update', { key, max_budget: null, budget_duration: null, rpm_limit: null, key_alias: null });
    expect(await infoOf(gateway, key)).toMatchObject({
      max_budget: null,
      budget_duration: null,
      budget_reset_at: null,
      rpm_limit: null,
      key_alias: null,
      metadata: { a: 1, tags: ['t'] },
      tags: ['t'],
    });
  });

  test('metadata is replaced, its named members are merged', async () => {
    const key = keyIn(await gateway.made({ metadata: { a: 1 }, tags: ['t'], model_rpm_limit: { mock: 9 } }));
    await gateway.post('/key/update', { key, metadata: { b: 2 } });
    expect(await infoOf(gateway, key)).toMatchObject({ metadata: { b: 2, tags: ['t'], model_rpm_limit: { mock: 9 } }, tags: ['t'] });
    await gateway.post('/key/update', { key, tags: null });
    const { metadata } = await infoOf(gateway, key);
    expect(metadata).toEqual({ b: 2, model_rpm_limit: { mock: 9 } });
  });

  test('takes the hash as well as the key, and refuses what is neither', async () => {
    const made = await gateway.made();
    expect((await gateway.post('/key/update', { key: made.body['token'], rpm_limit: 1 })).status).toBe(200);
    expect((await gateway.post('/key/update', { key: 'an-alias', rpm_limit: 1 })).status).toBe(400);
    expect((await gateway.post('/key/update', { key: 'sk-nobody-has-this', rpm_limit: 1 })).status).toBe(404);
    expect((await gateway.post('/key/update', { rpm_limit: 1 })).body).toEqual({
      detail: [{ loc: ['body', 'key'], msg: 'Field required', type: 'missing' }],
    });
  });

  test('an alias of another key is 400, its own is fine', async () => {
    await gateway.made({ key_alias: 'mine' });
    const key = keyIn(await gateway.made({ key_alias: 'yours' }));
    const clash = await gateway.post('/key/update', { key, key_alias: 'mine' });
    expect([clash.status, (clash.body['error'] as Record<string, unknown>)['param']]).toEqual([400, 'key_alias']);
    expect((await gateway.post('/key/update', { key, key_alias: 'yours' })).status).toBe(200);
  });

  test('a temporary increase needs both members, and lets calls through until it ends', async () => {
    const key = keyIn(await gateway.made({ max_budget: 0.1 }));
    expect((await gateway.post('/key/update', { key, temp_budget_increase: 1 })).status).toBe(400);
    expect((await gateway.post('/key/update', { key, temp_budget_expiry: '2126-01-01T00:00:00Z' })).status).toBe(400);
    expect((await gateway.chat(key)).status).toBe(200);
    expect((await gateway.chat(key)).status).toBe(422);
    await gateway.post('/key/update', { key, temp_budget_increase: 0.1, temp_budget_expiry: '2126-01-01T00:00:00Z' });
    expect((await gateway.chat(key)).status).toBe(200);
    expect(messageOf(await gateway.chat(key))).toContain('Current cost: 0.2, Max budget: 0.2');
    await gateway.post('/key/update', { key, temp_budget_expiry: '2020-01-01T00:00:00Z', temp_budget_increase: 5 });
    expect(messageOf(await gateway.chat(key))).toContain('Max budget: 0.1');
  });

  test('duration -1 takes the expiry away', async () => {
    const key = keyIn(await gateway.made({ duration: '1h' }));
    await gateway.post('/key/update', { key, duration: '-1' });
    expect((await infoOf(gateway, key))['expires']).toBeNull();
  });

  test('spend is set to what is sent, exactly, in memory and database', async () => {
    const made = await gateway.made({ max_budget: 1 });
    await gateway.chat(keyIn(made));
    const set = await gateway.post('/key/update', `{"key": "${keyIn(made)}", "spend": 0.123456789012345}`);
    expect(set.text).toContain('"spend":0.123456789012345');
    await gateway.chat(keyIn(made));
    await gateway.flushed();
    const [balance] = await gateway.parts.database.query<{ spend: string; total: string }>(
      'select spend::text as spend, total::text as total from gateway.balances where account = $1',
      [`key:${String(made.body['token'])}`],
    );
    expect(balance).toEqual({ spend: '0.223456789012345', total: '0.2' });
  });
});

describe('/key/block and /key/delete', () => {
  test('a blocked key is refused at the next call, and works again when unblocked', async () => {
    const key = await gateway.key();
    expect((await gateway.post('/key/block', { key })).body).toMatchObject({ blocked: true });
    const refused = await gateway.chat(key);
    expect([refused.status, messageOf(refused)]).toEqual([
      401,
      "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.",
    ]);
    expect((await gateway.post('/key/unblock', { key })).body).toMatchObject({ blocked: false });
    expect((await gateway.chat(key)).status).toBe(200);
    expect((await gateway.post('/key/block', { key: 'sk-unknown-key' })).status).toBe(404);
    expect((await gateway.post('/key/block', { key: 'nonsense' })).status).toBe(400);
  });

  test('a deleted key is refused at once; asked by its hash it is told with what it spent', async () => {
    const made = await gateway.made({ key_alias: 'to-be-deleted' });
    await gateway.chat(keyIn(made));
    expect((await gateway.post('/key/delete', { keys: [keyIn(made), 'sk-not-there-at-all'] })).body).toEqual({
      deleted_keys: [keyIn(made)],
    });
    expect((await gateway.chat(keyIn(made))).status).toBe(401);
    expect((await gateway.get(`/key/info?key=${keyIn(made)}`)).status).toBe(404);
    expect(await infoOf(gateway, String(made.body['token']))).toMatchObject({ status: 'deleted', key_alias: 'to-be-deleted', spend: 0.1 });
    expect((await gateway.post('/key/delete', { keys: [keyIn(made)] })).status).toBe(404);
  });

  test('keys are deleted by alias too', async () => {
    const made = await gateway.made({ key_alias: 'named' });
    expect((await gateway.post('/key/delete', { key_aliases: ['named'] })).body).toEqual({ deleted_keys: ['named'] });
    expect((await gateway.chat(keyIn(made))).status).toBe(401);
  });

  test('a call that runs while its key is deleted is booked all the same', async () => {
    const made = await gateway.made();
    const running = gateway.chat(keyIn(made), 'mock', { stream: false });
    await gateway.post('/key/delete', { keys: [keyIn(made)] });
    const { status } = await running;
    await gateway.flushed();
    const [row] = await gateway.parts.database.query<{ spend: string | null }>(
      'select sum(spend)::text as spend from gateway.spend_logs where api_key = $1',
      [made.body['token']],
    );
    expect(row?.spend).toBe(status === 200 ? '0.1' : null);
  });
});

describe('/key/{key}/reset_spend', () => {
  test('sets the spend down, tells both figures, and frees the budget', async () => {
    const made = await gateway.made({ max_budget: 0.2 });
    const key = keyIn(made);
    await gateway.chat(key);
    await gateway.chat(key);
    expect((await gateway.chat(key)).status).toBe(422);
    const reset = await gateway.post(`/key/${key}/reset_spend`, { reset_to: 0.05 });
    expect(reset.body).toEqual({ key_hash: made.body['token'], spend: 0.05, previous_spend: 0.2, max_budget: 0.2, budget_reset_at: null });
    expect((await gateway.chat(key)).status).toBe(200);
  });

  test.each([0.3, -1, null, 'all'])('reset_to %j is refused when 0.1 was spent', async (reset_to) => {
    const key = await gateway.key({ max_budget: 0.2 });
    await gateway.chat(key);
    expect([400, 422]).toContain((await gateway.post(`/key/${key}/reset_spend`, { reset_to })).status);
    expect((await infoOf(gateway, key))['spend']).toBe(0.1);
  });
});

describe('/key/list', () => {
  test('pages, sorts and filters', async () => {
    for (const [index, alias] of ['list-a', 'list-b', 'list-c'].entries()) await gateway.made({ key_alias: alias, max_budget: index + 1 });
    const full = await gateway.get('/key/list?search=list-&sort_by=max_budget&sort_order=asc&size=2&return_full_object=true');
    expect(full.body).toMatchObject({
      total_count: 3,
      current_page: 1,
      total_pages: 2,
      keys: [{ key_alias: 'list-a' }, { key_alias: 'list-b' }],
    });
    const second = await gateway.get('/key/list?search=list-&sort_by=max_budget&sort_order=asc&size=2&page=2');
    expect(second.body['keys']).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect((await gateway.get('/key/list?sort_by=colour')).status).toBe(400);
    expect((await gateway.get('/key/list?status=odd')).status).toBe(400);
  });

  test('newest first, and in the other direction, while keys come, change, are renewed and go', async () => {
    const list = async (query: string) => {
      const { body } = await gateway.get(`/key/list?search=aged-&return_full_object=true&${query}`);
      return (body['keys'] as Record<string, string>[]).map((key) => key['key_alias']);
    };
    expect(await list('')).toEqual([]);
    const keys: string[] = [];
    for (const alias of ['aged-a', 'aged-b', 'aged-c', 'aged-d', 'aged-e']) {
      // Keys of one millisecond stand in the order of their hashes.
      await sleep(2);
      keys.push(keyIn(await gateway.made({ key_alias: alias })));
    }
    const [, changed, renewed, gone] = keys;
    await gateway.post('/key/update', { key: changed, max_budget: 3 });
    await gateway.post(`/key/${renewed}/regenerate`, { grace_period: '1h' });
    await gateway.post('/key/delete', { keys: [gone] });
    expect(await list('')).toEqual(['aged-e', 'aged-c', 'aged-b', 'aged-a']);
    expect(await list('size=3')).toEqual(['aged-e', 'aged-c', 'aged-b']);
    expect(await list('size=3&page=2')).toEqual(['aged-a']);
    expect(await list('size=3&sort_order=asc')).toEqual(['aged-a', 'aged-b', 'aged-c']);
    expect(await list('size=3&sort_order=asc&page=2')).toEqual(['aged-e']);
    expect(await list('size=3&page=3')).toEqual([]);
    expect(await list('size=3&sort_order=asc&page=3')).toEqual([]);
  });

  test('deleted keys are listed when asked for', async () => {
    const made = await gateway.made({ key_alias: 'list-gone' });
    await gateway.post('/key/delete', { keys: [keyIn(made)] });
    expect((await gateway.get('/key/list?search=list-gone')).body['total_count']).toBe(0);
    const gone = await gateway.get('/key/list?status=deleted&search=list-gone&return_full_object=true');
    expect(gone.body).toMatchObject({ total_count: 1, keys: [{ key_alias: 'list-gone', token: made.body['token'] }] });
  });
});
