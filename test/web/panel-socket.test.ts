import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ProviderNews } from '../../src/contract/panel/providers.ts';
import { keyIn, MOCKED, startAsked, type AskedGateway } from '../control/asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
  await gateway.post('/user/new', { user_id: 'ada', user_role: 'internal_user', user_alias: 'Ada', auto_create_key: false });
});
afterAll(() => gateway.stop());

interface Page {
  readonly socket: WebSocket;
  /** The next message of this kind, also one that came already. */
  next(matches: (told: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  readonly closed: Promise<number>;
  readonly told: Record<string, unknown>[];
}

async function cookieOf(user: string): Promise<string> {
  return `llm_gateway_session=${(await gateway.parts.sessions.open(user, 'username_password', 60_000)).id}`;
}

function opened(headers: Record<string, string>, origin: string | null = gateway.url): Page {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ui/ws`, { headers, ...(origin === null ? {} : { origin }) });
  onTestFinished(() => {
    socket.terminate();
  });
  const told: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    told.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
  return {
    socket,
    told,
    closed,
    next: (matches) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = told.find(matches);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

const ready = ({ type }: Record<string, unknown>): boolean => type === 'ready';
const about = (topic: string) => (told: Record<string, unknown>) => told['topic'] === topic;

async function listening(user: string, topics: readonly string[]): Promise<Page> {
  const page = opened({ cookie: await cookieOf(user) });
  await page.next(ready);
  page.socket.send(JSON.stringify({ type: 'subscribe', topics }));
  page.socket.send(JSON.stringify({ type: 'ping' }));
  await page.next(({ type }) => type === 'pong');
  return page;
}

test('says first who looks', async () => {
  const page = opened({ cookie: await cookieOf('ada') });
  expect(await page.next(ready)).toMatchObject({ user: { id: 'ada', name: 'Ada', role: 'internal_user' }, version: expect.any(String) });
});

test('tells of calls as they end and of what they cost, to those who asked', async () => {
  await gateway.parts.users.set('default_user_id', () => ({ role: 'proxy_admin' }), null);
  const page = await listening('default_user_id', ['calls', 'spend']);
  const silent = await listening('default_user_id', ['state']);
  const key = keyIn(await gateway.made({ key_alias: 'told' }));
  await gateway.chat(key);
  expect(await page.next(about('calls'))).toMatchObject({ data: { model_group: 'mock', spend: 0.1, status: 'success', user: '' } });
  expect(await page.next(about('spend'))).toMatchObject({ data: { spend: '0.1', calls: 1, errors: 0, tokens: expect.any(Number) } });
  expect(await silent.next(about('state'))).toMatchObject({ data: { what: 'keys' } });
  expect(silent.told.filter(about('calls'))).toEqual([]);
});

test('tells a person who is no administrator of their own calls alone', async () => {
  const page = await listening('ada', ['calls']);
  await gateway.chat(keyIn(await gateway.made({ user_id: 'bob' })));
  await gateway.chat(keyIn(await gateway.made({ user_id: 'ada' })));
  expect(await page.next(about('calls'))).toMatchObject({ data: { user: 'ada' } });
  expect(page.told.filter(about('calls'))).toHaveLength(1);
});

test('tells administrators of a provider that falls, and nobody else', async () => {
  await gateway.parts.users.set('default_user_id', () => ({ role: 'proxy_admin' }), null);
  const [page, person] = [await listening('default_user_id', ['providers']), await listening('ada', ['providers', 'state'])];
  const params = { model: 'groq/away', api_base: 'http://127.0.0.1:9/v1', api_key: 'sk-away', num_retries: 0 };
  await gateway.post('/model/new', { model_name: 'away', litellm_params: params });
  await gateway.chat(gateway.masterKey, 'away');
  const { data } = await page.next(about('providers'));
  expect(ProviderNews.parse(data)).toMatchObject({
    provider: 'groq',
    was: 'unknown',
    state: 'degraded',
    reason: expect.stringContaining('refused'),
    recovered: false,
  });
  expect(person.told.filter(about('providers'))).toEqual([]);
});

test('tells that somebody looked for servers in the house', async () => {
  const page = await listening('ada', ['state']);
  await gateway.post('/panel/local-servers/look', {});
  expect(await page.next(({ data }) => (data as { what?: string } | undefined)?.what === 'local_servers')).toBeDefined();
});

test('is refused without a session, and to pages of another origin, also on another port of this host', async () => {
  expect(await opened({}).closed).toBe(401);
  expect(await opened({ cookie: 'llm_gateway_session=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }).closed).toBe(401);
  const cookie = await cookieOf('ada');
  expect(await opened({ cookie }, 'http://evil.example').closed).toBe(403);
  expect(await opened({ cookie }, 'http://127.0.0.1:9').closed).toBe(403);
  expect(await opened({ cookie }, null).closed).toBe(403);
});

test('ends when the session does', async () => {
  const { id, session } = await gateway.parts.sessions.open('ada', 'username_password', 60_000);
  const page = opened({ cookie: `llm_gateway_session=${id}` });
  await page.next(ready);
  await gateway.parts.sessions.close(session.hash);
  expect(await page.closed).toBe(4401);
});

test('is closed to those who say what nobody understands, or too much', async () => {
  const page = opened({ cookie: await cookieOf('ada') });
  await page.next(ready);
  page.socket.send('{"type":"subscribe","topics":["secrets"]}');
  expect(await page.closed).toBe(1003);
  const loud = opened({ cookie: await cookieOf('ada') });
  await loud.next(ready);
  loud.socket.send('x'.repeat(100_000));
  expect(await loud.closed).toBe(1009);
});

test('stands nowhere else: other paths serve requests as ever, whatever they ask to become', async () => {
  const answer = await gateway.call('GET', '/health/liveliness', undefined, null);
  expect(answer.status).toBe(200);
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/v1/models`);
  onTestFinished(() => {
    socket.terminate();
  });
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => {
      resolve(response.statusCode);
    });
    socket.on('error', () => undefined);
  });
  expect(status).toBe(401);
});
