import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { FakeCore, readyBridge } from './fake-core.ts';

const ADMIN = 'a'.repeat(32);
const OWNER = 'b'.repeat(32);
const MEMBER = 'c'.repeat(32);
const GONE = 'd'.repeat(32);
const PATH = '/api/hassio_ingress/abcdefghijklmnopqrstuvwxyz';

const user = (id: string, more: object = {}) => ({
  id,
  name: id.slice(0, 4),
  is_owner: false,
  is_active: true,
  group_ids: ['system-users'],
  ...more,
});
const USERS = [
  user(ADMIN, { group_ids: ['system-admin'] }),
  user(OWNER, { is_owner: true, group_ids: [] }),
  user(MEMBER),
  user(GONE, { is_active: false, group_ids: ['system-admin'] }),
];

let core: FakeCore;
let gateway: TestGateway;
let port = 0;
let users: readonly object[] | null = USERS;

beforeAll(async () => {
  core = new FakeCore((command) => {
    if (command.type !== 'config/auth/list') return readyBridge()(command);
    return users ? { result: users } : { error: { code: 'home_assistant_error', message: 'no' } };
  });
  await core.start();
  gateway = await startGateway(YAML, core.appEnv);
  port = gateway.parts.ingress?.server.port ?? 0;
  await core.command('llm_gateway/push');
});

afterAll(async () => {
  await gateway.stop();
  await core.stop();
});

beforeEach(() => {
  users = USERS;
});

const YAML = `
model_list:
  - model_name: fast
    litellm_params: {model: openai/gpt-4o, mock_response: Hello}
`;

/** Headers as the Supervisor sends them, in their spelling. */
const from = (id: string): [string, string][] => [
  ['X-Remote-User-Id', id],
  ['X-Remote-User-Name', 'paula'],
  ['X-Remote-User-Display-Name', 'Paula'],
  ['X-Hass-Source', 'core.ingress'],
  ['X-Ingress-Path', PATH],
];

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

async function ask(path: string, headers: [string, string][], { method = 'GET', body = '' } = {}): Promise<Answer> {
  const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers: [...headers, ['Host', 'ha.local']].flat() });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString('utf8');
  return { status: answer.statusCode ?? 0, text, headers: answer.headers };
}

const CHANGE: [string, string][] = [
  ['X-Requested-With', 'llm-gateway'],
  ['Content-Type', 'application/json'],
];

describe('who comes in', () => {
  test.each([
    ['an administrator', ADMIN],
    ['the owner', OWNER],
  ])('%s sees everything, as the person that Home Assistant says', async (_, id) => {
    const { status, text } = await ask('/api/v2/session', from(id));
    expect([status, JSON.parse(text)]).toEqual([
      200,
      expect.objectContaining({ user_id: `ha:${id}`, user_role: 'proxy_admin', login_method: 'ingress', gateway_port: 4400 }),
    ]);
    expect((await ask('/api/panel/providers', from(id))).status).toBe(200);
    expect(gateway.parts.people.nameOf(`ha:${id}`)).toBe('Paula');
  });

  test('other users are sent to an administrator, page, file, route and socket alike', async () => {
    for (const path of ['/', '/assets/none.js', '/api/v2/session', '/api/key/list']) {
      const { status, text } = await ask(path, from(MEMBER));
      expect([status, text]).toEqual([403, expect.stringContaining('Ask an administrator')]);
    }
    expect(await upgraded(from(MEMBER))).toBe(403);
  });

  test.each(from(ADMIN).map(([name]) => name))(
    'another spelling of %s is refused: it may have replaced the genuine header',
    async (name) => {
      for (const spelling of [name.toLowerCase(), name.toUpperCase()]) {
        const forged = from(ADMIN).map(([each, value]): [string, string] => [each === name ? spelling : each, value]);
        expect((await ask('/api/v2/session', forged)).status).toBe(400);
        expect(await upgraded(forged)).toBe(400);
      }
    },
  );

  test.each(from(ADMIN).map(([name]) => name))('a second %s is refused', async (name) => {
    expect((await ask('/api/v2/session', [...from(MEMBER), [name, ADMIN]])).status).toBe(400);
  });

  test.each([
    ['no user', from(ADMIN).slice(1)],
    ['a user id of another form', from('../admin')],
    ['another source', from(ADMIN).map(([name, value]): [string, string] => [name, name === 'X-Hass-Source' ? 'somebody' : value])],
    ['no source', from(ADMIN).filter(([name]) => name !== 'X-Hass-Source')],
    [
      'a path that is none of ingress',
      from(ADMIN).map(([name, value]): [string, string] => [name, name === 'X-Ingress-Path' ? '/"><script>' : value]),
    ],
  ])('with %s nobody comes in', async (_, headers) => {
    const { status, text } = await ask('/', headers);
    expect([status, text]).toEqual([403, expect.stringContaining('did not say who you are')]);
  });

  test('a user who is not active does not come in, whatever groups it has', async () => {
    expect((await ask('/', from(GONE))).status).toBe(403);
  });

  test('a key, the master key and a session count for nothing here', async () => {
    const { id } = await gateway.parts.sessions.open(`ha:${ADMIN}`, 'username_password', 60_000);
    for (const header of [
      ['Authorization', `Bearer ${gateway.masterKey}`],
      ['x-api-key', gateway.masterKey],
      ['Cookie', `llm_gateway_session=${id}`],
    ] as [string, string][]) {
      expect((await ask('/api/v2/session', [header])).status).toBe(403);
      expect((await ask('/api/key/list', [...from(MEMBER), header])).status).toBe(403);
    }
  });

  test('nothing of Home Assistant counts on the public listener', async () => {
    const answer = await fetch(`${gateway.url}/v2/session`, { headers: from(ADMIN) });
    expect(answer.status).toBe(401);
  });
});

describe('what is served', () => {
  test('the page stands where Home Assistant shows it, unpacked and under its policy', async () => {
    const { status, headers } = await ask('/', [...from(ADMIN), ['Accept-Encoding', 'gzip, deflate, zstd']]);
    expect([200, 503]).toContain(status);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'self'");
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('no route of the data plane and none of the log-in is there', async () => {
    const chat = JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'Hi' }] });
    for (const path of [
      '/api/v1/chat/completions',
      '/api/chat/completions',
      '/api/v1/embeddings',
      '/api/v2/login',
      '/api/logout',
      '/api/ha/v1/actions/get_usage',
    ])
      expect((await ask(path, [...from(ADMIN), ...CHANGE], { method: 'POST', body: chat })).status).toBe(404);
    for (const path of ['/v1/chat/completions', '/key/generate'])
      expect((await ask(path, [...from(ADMIN), ...CHANGE], { method: 'POST', body: chat })).status).toBe(405);
  });

  test('a change needs the header and the type that no other page can send', async () => {
    const asked = { method: 'POST', body: '{}' };
    expect((await ask('/api/key/generate', from(ADMIN), asked)).status).toBe(403);
    expect((await ask('/api/key/generate', [...from(ADMIN), ['Content-Type', 'application/json']], asked)).status).toBe(403);
    expect(
      (await ask('/api/key/generate', [...from(ADMIN), ['X-Requested-With', 'llm-gateway'], ['Content-Type', 'text/plain']], asked)).status,
    ).toBe(403);
    const { status, text } = await ask('/api/key/generate', [...from(ADMIN), ...CHANGE], asked);
    expect([status, JSON.parse(text)]).toEqual([200, expect.objectContaining({ created_by: `ha:${ADMIN}` })]);
  });

  test('a chat of the panel is booked on the person', async () => {
    const body = JSON.stringify({ as: null, body: { model: 'fast', messages: [{ role: 'user', content: 'Hi' }] } });
    expect((await ask('/api/panel/chat', [...from(OWNER), ...CHANGE], { method: 'POST', body })).status).toBe(200);
    expect((await gateway.rows()).at(-1)).toMatchObject({ user_id: `ha:${OWNER}` });
    expect((await gateway.parts.home.routeParts.tallies.of('UTC')).of('person', `ha:${OWNER}`).total.requests).toBe(1);
  });
});

describe('the socket', () => {
  test('says who it is for', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: Object.fromEntries(from(ADMIN)) });
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(message.toString('utf8'))).toMatchObject({
      type: 'ready',
      user: { id: `ha:${ADMIN}`, name: 'Paula', role: 'proxy_admin' },
    });
    socket.close();
  });

  test('is closed when its user is no administrator any more', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: Object.fromEntries(from(OWNER)) });
    await once(socket, 'message');
    users = USERS.map((each) => ({ ...each, is_owner: false }));
    // A visit of somebody unknown makes the list be read anew.
    await new Promise((resolve) => setTimeout(resolve, 5100));
    await ask('/api/v2/session', from('e'.repeat(32)));
    gateway.parts.hub.sweep();
    await once(socket, 'close');
  });
});

test('Home Assistant is told where the gateway is, with a key that works', async () => {
  const { body } = core.asked.find(({ path }) => path === '/discovery') ?? {};
  expect(body).toMatchObject({ service: 'llm_gateway', config: { schema: 1, host: 'a1b2c3d4-llm-gateway', ssl: false } });
  const { token } = (body as { config: { token: string } }).config;
  expect((await gateway.call('GET', '/ha/v1/hello', undefined, token)).status).toBe(200);
  expect((await gateway.call('GET', '/v1/models', undefined, token)).status).toBe(200);
  expect((await gateway.call('GET', '/key/list', undefined, token)).status).toBe(403);
  expect((await gateway.call('POST', '/key/generate', {}, token)).status).toBe(403);
  expect(gateway.log.join('\n')).not.toContain(token);
});

test('a new text of its key is told at once', async () => {
  const key = [...gateway.parts.ring.all()].find(({ keyAlias }) => keyAlias === 'home-assistant');
  await gateway.call('POST', '/key/regenerate', { key: key?.keyHash });
  await expect.poll(() => core.asked.filter(({ path }) => path === '/discovery').length).toBe(2);
});

/** Status that an upgrade is refused with. */
async function upgraded(headers: [string, string][]): Promise<number> {
  const sent = httpRequest({
    host: '127.0.0.1',
    port,
    path: '/ws',
    headers: [...headers, ['Host', 'ha.local'], ['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ['Sec-WebSocket-Version', '13'], ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']].flat(), // prettier-ignore
  });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}
