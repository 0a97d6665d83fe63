import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MOCKED, startAsked, type AskedGateway } from '../control/asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
});
afterAll(() => gateway.stop());

interface Entered {
  readonly status: number;
  readonly cookie: string;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

async function logIn(username: string, password: string, headers: Record<string, string> = {}): Promise<Entered> {
  const answer = await gateway.call('POST', '/v2/login', { username, password }, null, headers);
  const [cookie = ''] = answer.headers.getSetCookie();
  return { status: answer.status, cookie, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}

function sent(cookie: string): Record<string, string> {
  return { cookie: cookie.split(';')[0] ?? '', 'x-requested-with': 'llm-gateway' };
}

const session = (headers: Record<string, string>) => gateway.call('GET', '/v2/session', undefined, null, headers);

describe('the administrator', () => {
  test('comes in with the master key as the password, and is who the master key is', async () => {
    const { status, cookie, body } = await logIn('admin', gateway.masterKey);
    expect(status).toBe(200);
    expect(body).toMatchObject({ redirect_url: '/ui/?login=success' });
    expect(cookie).toMatch(/^llm_gateway_session=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Strict$/);
    expect(cookie).toContain(String(body['token']));
    const answer = await session(sent(cookie));
    expect(await answer.json()).toMatchObject({ user_id: 'default_user_id', user_role: 'proxy_admin', read_only: false });
  });

  test('sees and changes everything with the cookie alone', async () => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    const made = await gateway.call('POST', '/key/generate', { key_alias: 'by-cookie' }, null, sent(cookie));
    expect(made.status).toBe(200);
    expect(await made.json()).toMatchObject({ key_alias: 'by-cookie', created_by: 'default_user_id' });
  });

  test('the id of a session stands nowhere but in the cookie: the database has its hash', async () => {
    const { body } = await logIn('admin', gateway.masterKey);
    const rows = await gateway.parts.database.query('select sessions::text as row from gateway.sessions');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(String(body['token']));
  });
});

describe('nobody else', () => {
  test.each([
    ['a wrong password', 'admin', 'wrong'],
    ['no password', 'admin', ''],
    ['an unknown name', 'nobody@example.com', 'wrong'],
  ])('comes in with %s, and which of the two was wrong is not told', async (_, name, password) => {
    const { status, body } = await logIn(name, password);
    expect(status).toBe(401);
    expect(body).toMatchObject({
      error: { message: 'The name or the password is wrong.', type: 'auth_error', param: 'invalid_credentials' },
    });
  });

  test('a person with an empty password in the database does not come in either', async () => {
    await gateway.post('/user/new', { user_email: 'without@example.com', auto_create_key: false });
    expect((await logIn('without@example.com', '')).status).toBe(401);
  });
});

describe('a person', () => {
  test('comes in with e-mail in any case and password, as what they are', async () => {
    await gateway.post('/user/new', {
      user_id: 'ada',
      user_email: 'Ada@example.com',
      password: 'correct horse',
      user_role: 'internal_user',
    });
    const { status, cookie } = await logIn('ada@EXAMPLE.com', 'correct horse');
    expect(status).toBe(200);
    expect(await (await session(sent(cookie))).json()).toMatchObject({ user_id: 'ada', user_role: 'internal_user' });
  });

  test('whose password is in the older form comes in once by it, and it is stored anew', async () => {
    await gateway.post('/user/new', { user_id: 'old', user_email: 'old@example.com', auto_create_key: false });
    const { hashOf } = await import('../../src/identity/key-hash.ts');
    await gateway.parts.users.set('old', () => ({ password: hashOf('from the old days') }), null);
    expect((await logIn('old@example.com', 'from the old days')).status).toBe(200);
    expect(gateway.parts.people.get('old')?.fields.password).toMatch(/^scrypt:/);
    expect((await logIn('old@example.com', 'from the old days')).status).toBe(200);
  });

  test('is out as soon as an administrator changes the password or deletes them', async () => {
    await gateway.post('/user/new', { user_id: 'eve', user_email: 'eve@example.com', password: 'first secret' });
    const first = await logIn('eve@example.com', 'first secret');
    await gateway.post('/user/update', { user_id: 'eve', password: 'second secret' });
    expect((await session(sent(first.cookie))).status).toBe(401);
    const second = await logIn('eve@example.com', 'second secret');
    await gateway.post('/user/delete', { user_ids: ['eve'] });
    expect((await session(sent(second.cookie))).status).toBe(401);
  });

  test('has another role from the next request on when it is changed', async () => {
    await gateway.post('/user/new', { user_id: 'rising', user_email: 'rising@example.com', password: 'some secret' });
    const { cookie } = await logIn('rising@example.com', 'some secret');
    expect((await gateway.call('GET', '/user/list', undefined, null, sent(cookie))).status).toBe(403);
    await gateway.post('/user/update', { user_id: 'rising', user_role: 'proxy_admin_viewer' });
    expect((await gateway.call('GET', '/user/list', undefined, null, sent(cookie))).status).toBe(200);
  });
});

describe('the cookie', () => {
  test('changes nothing without the header that other pages cannot send', async () => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    const { 'x-requested-with': _, ...bare } = sent(cookie);
    const answer = await gateway.call('POST', '/key/generate', {}, null, bare);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('X-Requested-With: llm-gateway');
  });

  test.each(['cross-site', 'same-site'])('is not taken from a page that is %s', async (site) => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    expect((await session({ ...sent(cookie), 'sec-fetch-site': site })).status).toBe(403);
    expect((await logIn('admin', gateway.masterKey, { 'sec-fetch-site': site })).status).toBe(403);
  });

  test('is worth nothing on the routes of models: those ask for a key', async () => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'mock', messages: [] }, null, sent(cookie));
    expect(answer.status).toBe(401);
  });

  test('loses to a key that is sent with it', async () => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    expect((await gateway.call('GET', '/v2/session', undefined, 'sk-unknown-key', sent(cookie))).status).toBe(401);
  });

  test('is over after the log-out, which takes it away', async () => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    const out = await gateway.call('POST', '/logout', {}, null, sent(cookie));
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
    const answer = await session(sent(cookie));
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('Your session has ended. Log in again.');
  });

  test('outlives a restart: sessions are read from the database', async () => {
    const { cookie } = await logIn('admin', gateway.masterKey);
    await gateway.parts.sessions.load();
    expect((await session(sent(cookie))).status).toBe(200);
  });
});

test('a form is sent on to the panel, with the cookie', async () => {
  const answer = await fetch(`${gateway.url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'admin', password: gateway.masterKey }),
    redirect: 'manual',
  });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/ui/?login=success');
  expect(answer.headers.getSetCookie()[0]).toContain('llm_gateway_session=');
  expect(await (await gateway.call('GET', '/fallback/login', undefined, null)).text()).toContain('<form method="post" action="login">');
});

test('after ten failures in a minute an address waits, also with the right password; calls by key go on', async () => {
  const own = await startAsked(MOCKED);
  try {
    const attempt = (password: string) => own.call('POST', '/v2/login', { username: 'admin', password }, null);
    for (let at = 0; at < 10; at++) expect((await attempt('wrong')).status).toBe(401);
    const answer = await attempt(own.masterKey);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.text()).toContain('Too many failed log-ins from this address');
    expect((await own.get('/key/list')).status).toBe(200);
  } finally {
    await own.stop();
  }
});

test('UI_USERNAME, UI_PASSWORD, the life of a session and the root path are as they are set', async () => {
  const own = await startAsked(MOCKED, {
    UI_USERNAME: 'house',
    UI_PASSWORD: 'a password of its own',
    LITELLM_UI_SESSION_DURATION: '30m',
    SERVER_ROOT_PATH: '/gateway',
  });
  try {
    const attempt = (username: string, password: string) => own.call('POST', '/gateway/v2/login', { username, password }, null);
    expect((await attempt('house', own.masterKey)).status).toBe(401);
    expect((await attempt('admin', 'a password of its own')).status).toBe(401);
    const answer = await attempt('house', 'a password of its own');
    expect(answer.headers.getSetCookie()[0]).toContain('Path=/gateway; Max-Age=1800;');
    expect(await answer.json()).toMatchObject({ redirect_url: '/gateway/ui/?login=success' });
  } finally {
    await own.stop();
  }
});
