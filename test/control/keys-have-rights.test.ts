import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { macMatches } from '../../src/identity/key-hash.ts';
import { keyIn, messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked();
});

afterAll(() => gateway.stop());

describe('a key without an owner', () => {
  test('sees itself and nobody else', async () => {
    const mine = await gateway.made();
    const other = await gateway.made();
    expect((await gateway.get('/key/info', keyIn(mine))).body['key']).toBe(mine.body['token']);
    expect((await gateway.get(`/key/info?key=${keyIn(mine)}`, keyIn(mine))).status).toBe(200);
    expect((await gateway.get(`/key/info?key=${keyIn(other)}`, keyIn(mine))).status).toBe(403);
    expect((await gateway.get('/key/info?key=sk-nobody-has-this', keyIn(mine))).status).toBe(403);
    expect((await gateway.get('/key/list', keyIn(mine))).body).toMatchObject({ keys: [mine.body['token']], total_count: 1 });
    expect((await gateway.get('/key/list?user_id=somebody', keyIn(mine))).status).toBe(403);
  });

  test.each([
    '/key/generate',
    '/key/update',
    '/key/delete',
    '/key/block',
    '/key/unblock',
    '/key/regenerate',
    '/key/sk-some-other-key/reset_spend',
  ])('may not manage: POST %s', async (path) => {
    const key = await gateway.key();
    const refused = await gateway.post(path, { key, spend: 0 }, key);
    expect([refused.status, messageOf(refused)]).toEqual([
      401,
      expect.stringContaining('Only proxy admin can be used to generate, delete, update info for new keys/users/teams'),
    ]);
  });
});

describe('allowed_routes and key_type', () => {
  test.each([
    [{ key_type: 'llm_api' }, 200, 403],
    [{ key_type: 'read_only' }, 403, 200],
    [{ key_type: 'management' }, 403, 200],
    [{ key_type: 'default' }, 200, 200],
    [{ allowed_routes: ['/v1/chat/*'] }, 200, 403],
    [{ allowed_routes: ['/key/info'] }, 403, 200],
    [{ allowed_routes: ['llm_api_routes', 'info_routes'] }, 200, 200],
  ])('%j', async (body, chat, info) => {
    const key = keyIn(await gateway.made(body));
    const called = await gateway.chat(key);
    const asked = await gateway.get('/key/info', key);
    expect([called.status, asked.status]).toEqual([chat, info]);
    for (const refused of [called, asked].filter(({ status }) => status === 403))
      expect(messageOf(refused)).toContain('not allowed to call this route. Only allowed to call routes: [');
  });

  test('the refusal names the routes and what was called', async () => {
    const key = keyIn(await gateway.made({ key_type: 'llm_api' }));
    expect(messageOf(await gateway.get('/key/info', key))).toBe(
      "Virtual key is not allowed to call this route. Only allowed to call routes: ['llm_api_routes']. Tried to call route: /key/info",
    );
  });
});

describe('models', () => {
  test('others than those of its list are 403, by whichever name', async () => {
    const key = keyIn(await gateway.made({ models: ['mock'], aliases: { mine: 'mock', theirs: 'other' } }));
    expect((await gateway.chat(key)).status).toBe(200);
    expect((await gateway.chat(key, 'mine')).status).toBe(200);
    for (const model of ['other', 'theirs']) {
      const refused = await gateway.chat(key, model);
      expect([refused.status, (refused.body['error'] as Record<string, unknown>)['type']]).toEqual([403, 'key_model_access_denied']);
    }
    expect((await gateway.chat(keyIn(await gateway.made({ models: ['no-default-models'] })))).status).toBe(403);
  });
});

test('what is no key of ours is refused in the words clients know', async () => {
  expect(messageOf(await gateway.chat('wrong-text-0001'))).toBe(
    "LiteLLM Virtual Key expected. Received=wron****0001, expected to start with 'sk-'.",
  );
  expect((await gateway.chat('sk-never-made-by-us')).body['error']).toMatchObject({ type: 'token_not_found_in_db', code: '401' });
});

test('keys are bound to the salt key: under another one every virtual key is invalid, and the master key is not', async () => {
  const made = await gateway.made();
  const stored = gateway.parts.ring.get(String(made.body['token']))?.fields.mac;
  expect(stored && macMatches(keyIn(made), `salt-${randomUUID()}`, stored)).toBe(false);
  await gateway.parts.database.query(`update gateway.virtual_keys set mac = sha256('another salt') where token = $1`, [made.body['token']]);
  await gateway.parts.keys.load(gateway.parts.database);
  const refused = await gateway.chat(keyIn(made));
  expect([refused.status, messageOf(refused)]).toEqual([401, expect.stringContaining('salt key')]);
  expect((await gateway.chat(gateway.masterKey)).status).toBe(200);
});
