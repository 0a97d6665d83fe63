import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { type BrowserAnswer, browserCall } from './lab/browser-call.ts';
import { DummyApp, headersNamed } from './lab/dummy-app.ts';
import { AbsentCore } from './lab/supervisor/core-link.ts';
import { CoreDoor } from './lab/supervisor/core-door.ts';
import type { InstalledApp } from './lab/supervisor/app.ts';
import { FakeSupervisor } from './lab/supervisor/fake-supervisor.ts';

const OLGA = { id: 'a'.repeat(32), username: 'olga', name: 'Olga O.' };
const PAUL = { id: 'b'.repeat(32), username: null, name: 'Paul' };
const MEBI = 1024 * 1024;

let nowMs = 0;
let sendSecondEvent = (): void => {};
const core = new AbsentCore();
const supervisor = new FakeSupervisor({ core, now: () => nowMs });
let door: CoreDoor;
let installed: InstalledApp;
let streaming: InstalledApp;

const app = new DummyApp({
  '/events': (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.write('data: 1\n\n');
    sendSecondEvent = () => response.end('data: 2\n\n');
  },
  '/lines': (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"line":1}\n');
    setTimeout(() => response.end('{"line":2}\n'), 150);
  },
  '/away': (_request, response) => response.writeHead(302, { Location: 'other?x=1' }).end(),
  '/nothing': (_request, response) => response.writeHead(204).end(),
});

beforeAll(async () => {
  await Promise.all([supervisor.start(), app.start()]);
  door = new CoreDoor(supervisor.port);
  await door.start();
  const description = { name: 'Dummy', version: '1.2.3', ingress_port: app.port, discovery: ['dummy'] };
  installed = supervisor.install({ ...description, slug: 'local_dummy', network: { '4000/tcp': 4000 } });
  streaming = supervisor.install({ ...description, slug: 'local_streaming', ingress_stream: true });
});

afterAll(async () => {
  await door.stop();
  await Promise.all([supervisor.stop(), app.stop()]);
});

beforeEach(() => {
  core.people = [OLGA, PAUL];
  core.silent = false;
  supervisor.faults.clear();
  supervisor.calls.length = 0;
});

interface Asked {
  readonly as?: string;
  readonly of?: InstalledApp;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly onPiece?: () => void;
}

/** What a page of the app asks, both hops in between. */
async function throughIngress(
  path: string,
  { as = OLGA.id, of = installed, method, headers, body, onPiece }: Asked = {},
): Promise<BrowserAnswer> {
  const cookie = `ingress_session=${await supervisor.openSession(as)}`;
  return browserCall(`${door.url}${of.ingressEntry}${path}`, {
    ...(method === undefined ? {} : { method }),
    ...(body === undefined ? {} : { body }),
    ...(onPiece ? { onPiece } : {}),
    headers: { Cookie: cookie, 'User-Agent': 'Browser/1', ...headers },
  });
}

const namesOf = (): string[] => app.last.rawHeaders.filter((_text, index) => index % 2 === 0);

describe('who asks', () => {
  test('the app gets the name of the person, and of the house where it is', async () => {
    await throughIngress('/page');
    expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([['X-Remote-User-Id', OLGA.id]]);
    expect(headersNamed(app.last, 'x-remote-user-name')).toEqual([['X-Remote-User-Name', 'olga']]);
    expect(headersNamed(app.last, 'x-remote-user-display-name')).toEqual([['X-Remote-User-Display-Name', 'Olga O.']]);
    expect(headersNamed(app.last, 'x-hass-source')).toEqual([['X-Hass-Source', 'core.ingress']]);
    expect(headersNamed(app.last, 'x-ingress-path')).toEqual([['X-Ingress-Path', installed.ingressEntry]]);
    expect(headersNamed(app.last, 'x-forwarded-for')).toEqual([['X-Forwarded-For', '127.0.0.1, 127.0.0.1']]);
    expect(headersNamed(app.last, 'x-forwarded-host')).toEqual([['X-Forwarded-Host', new URL(door.url).host]]);
  });

  test('headers arrive in the order of two hops', async () => {
    await throughIngress('/page', { headers: { 'accept-language': 'de' } });
    expect(namesOf()).toEqual([
      'Host',
      'User-Agent',
      'X-Remote-User-Id',
      'X-Remote-User-Name',
      'X-Remote-User-Display-Name',
      'Cookie',
      'Accept-Language',
      'Connection',
      'X-Hass-Source',
      'X-Ingress-Path',
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'Accept',
      'Accept-Encoding',
      'Content-Length',
    ]);
  });

  test('a copy of a name in exactly its spelling is dropped', async () => {
    await throughIngress('/page', { as: PAUL.id, headers: { 'X-Remote-User-Id': OLGA.id } });
    expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([['X-Remote-User-Id', PAUL.id]]);
  });

  test.for(['x-remote-user-id', 'X-REMOTE-USER-ID', 'X-Remote-User-ID'])(
    'a copy spelled %s takes the place of the true one',
    async (spelling) => {
      await throughIngress('/page', { as: PAUL.id, headers: { [spelling]: OLGA.id } });
      expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([[spelling, OLGA.id]]);
    },
  );

  test.for(['x-hass-source', 'X-INGRESS-PATH'])('a copy of %s is replaced by the true one', async (spelling) => {
    await throughIngress('/page', { headers: { [spelling]: 'mine' } });
    const found = headersNamed(app.last, spelling);
    expect(found).toHaveLength(1);
    expect(found[0]?.[1]).not.toBe('mine');
  });

  test('a person without a log-in name has no such header', async () => {
    await throughIngress('/page', { as: PAUL.id });
    expect(headersNamed(app.last, 'x-remote-user-name')).toEqual([]);
    expect(headersNamed(app.last, 'x-remote-user-display-name')).toEqual([['X-Remote-User-Display-Name', 'Paul']]);
  });

  test('when Core could not be asked at log-in the app is told nobody', async () => {
    core.silent = true;
    await throughIngress('/page');
    expect(namesOf().filter((name) => /remote-user/i.test(name))).toEqual([]);
  });

  test('behind a proxy that Core trusts the left part of X-Forwarded-For is its word', async () => {
    const headers = { 'X-Forwarded-For': '8.8.8.8', Cookie: `ingress_session=${await supervisor.openSession(OLGA.id)}` };
    const trusting = new CoreDoor(supervisor.port, { behindProxy: true });
    await trusting.start();
    expect(await browserCall(`${trusting.url}${installed.ingressEntry}/`, { headers })).toMatchObject({ status: 200 });
    expect(headersNamed(app.last, 'x-forwarded-for')).toEqual([['X-Forwarded-For', '8.8.8.8, 127.0.0.1, 127.0.0.1']]);
    await trusting.stop();
    expect(await browserCall(`${door.url}${installed.ingressEntry}/`, { headers })).toMatchObject({ status: 400 });
  });
});

describe('a session', () => {
  test('is needed, and opens every app', async () => {
    const cookie = `ingress_session=${await supervisor.openSession(OLGA.id)}`;
    for (const { ingressEntry } of [installed, streaming])
      expect(await browserCall(`${door.url}${ingressEntry}/`, { headers: { Cookie: cookie } })).toMatchObject({ status: 200 });
    expect(await browserCall(`${door.url}${installed.ingressEntry}/`)).toMatchObject({ status: 401, text: '401: Unauthorized' });
  });

  test('ends a quarter of an hour after the last one of its prolongations', async () => {
    const cookie = `ingress_session=${await supervisor.openSession(OLGA.id)}`;
    const ask = async (): Promise<number> =>
      (await browserCall(`${door.url}${installed.ingressEntry}/`, { headers: { Cookie: cookie } })).status;
    expect(await ask()).toBe(200);
    nowMs += 29 * 60_000;
    expect(await ask()).toBe(200);
    nowMs += 17 * 60_000;
    expect(await ask()).toBe(401);
  });

  test('for a token of no app leads to 503', async () => {
    const cookie = `ingress_session=${await supervisor.openSession(OLGA.id)}`;
    expect(await browserCall(`${door.url}/api/hassio_ingress/nobody/`, { headers: { Cookie: cookie } })).toMatchObject({ status: 503 });
  });

  test('for an app that does not listen leads to 502', async () => {
    const deaf = supervisor.install({ slug: 'local_deaf', name: 'Deaf', version: '1', ingress_port: 1 });
    expect(await throughIngress('/', { of: deaf })).toMatchObject({ status: 502, text: '502: Bad Gateway' });
  });
});

describe('addresses', () => {
  test.for([
    ['/a%2Fb', '/a/b'],
    ['/a%20b', '/a%20b'],
    ['/a+b', '/a+b'],
    ['/a%25b', '/a%25b'],
    ['/%C3%BC', '/%C3%BC'],
    ['/a%3Fb', '/a?b'],
    ['/a%23b', '/a'],
    ['/a?q', '/a?q='],
    ['/a?q=x%20y%2Fz', '/a?q=x+y/z'],
    ['/a?q=x%26y', '/a?q=x%26y'],
  ] as const)('%s arrives as %s', async ([asked, arrived]) => {
    await throughIngress(asked);
    expect(app.last.url).toBe(arrived);
  });

  test.for([
    '/a?q=%3Cscript%3Ealert(1)%3C/script%3E',
    '/a%3Cb%20transcript%20c%3Ed',
    '/a?q=union%20all%20select',
    '/a?q=concat(1)',
    '/a?q=/x/y',
    '/a?q=proc/self/environ',
    '/a?q=..%252F..%252Fetc',
  ])('%s is refused before the app is asked', async (asked) => {
    const before = app.received.length;
    expect(await throughIngress(asked)).toMatchObject({ status: 400 });
    expect(app.received).toHaveLength(before);
  });

  test.for(['/a?q=/abc/def', '/a?q=select%20one', '/scripts/index.js'])('%s is no attack', async (asked) => {
    expect(await throughIngress(asked)).toMatchObject({ status: 200 });
  });
});

describe('bodies', () => {
  test('are read whole and told with their length, up to 16 MiB', async () => {
    expect(await throughIngress('/up', { method: 'POST', body: Buffer.alloc(16 * MEBI) })).toMatchObject({ status: 200 });
    expect(headersNamed(app.last, 'content-length')).toEqual([['Content-Length', String(16 * MEBI)]]);
    expect(await throughIngress('/up', { method: 'POST', body: Buffer.alloc(16 * MEBI + 1) })).toMatchObject({ status: 413 });
  });

  test('of POST to an app that takes streams come in chunks and without a bound', async () => {
    expect(await throughIngress('/up', { of: streaming, method: 'POST', body: Buffer.alloc(17 * MEBI) })).toMatchObject({ status: 200 });
    expect(headersNamed(app.last, 'transfer-encoding')).toEqual([['Transfer-Encoding', 'chunked']]);
    expect(headersNamed(app.last, 'content-length')).toEqual([]);
    expect(app.last.body).toHaveLength(17 * MEBI);
    expect(await throughIngress('/up', { of: streaming, method: 'PUT', body: Buffer.alloc(17 * MEBI) })).toMatchObject({ status: 413 });
  });
});

describe('answers', () => {
  test('lose the parameters of their content type', async () => {
    expect((await throughIngress('/page')).headers['content-type']).toBe('application/json');
  });

  test('are packed again by Core when the browser takes that', async () => {
    expect((await throughIngress('/page', { headers: { 'Accept-Encoding': 'gzip, deflate, br' } })).headers['content-encoding']).toBe(
      'deflate',
    );
    expect((await throughIngress('/page')).headers['content-encoding']).toBeUndefined();
  });

  test('of events arrive as they are sent', async () => {
    const { pieces, text, headers } = await throughIngress('/events', {
      headers: { 'Accept-Encoding': 'gzip, deflate' },
      onPiece: () => sendSecondEvent(),
    });
    expect(text).toBe('data: 1\n\ndata: 2\n\n');
    expect(pieces).toHaveLength(2);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  });

  test('of JSON lines are held back to their end', async () => {
    const { pieces, headers } = await throughIngress('/lines', { headers: { 'Accept-Encoding': 'gzip, deflate' } });
    expect(headers['content-encoding']).toBe('deflate');
    expect(pieces.filter((bytes) => bytes.length > 2)).toHaveLength(1);
  });

  test('that send elsewhere or say nothing pass as they are', async () => {
    expect(await throughIngress('/away')).toMatchObject({ status: 302, headers: { location: 'other?x=1' } });
    expect(await throughIngress('/nothing')).toMatchObject({ status: 204, text: '' });
  });
});

describe('sockets', () => {
  async function open(path: string, headers: Readonly<Record<string, string>> = {}, protocols: string[] = []): Promise<WebSocket> {
    const cookie = `ingress_session=${await supervisor.openSession(PAUL.id)}`;
    const url = `${door.url.replace('http', 'ws')}${installed.ingressEntry}${path}`;
    const socket = new WebSocket(url, protocols, { headers: { Cookie: cookie, ...headers } });
    await once(socket, 'open');
    return socket;
  }

  test('carry messages both ways, with the same name as pages', async () => {
    const socket = await open('/ws?a=b%20c', {}, ['second', 'first']);
    socket.send('hello');
    expect(String((await once(socket, 'message'))[0])).toBe('hello');
    expect(socket.protocol).toBe('second');
    expect(app.last.url).toBe('/ws?a=b+c');
    expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([['X-Remote-User-Id', PAUL.id]]);
    socket.close();
    await once(socket, 'close');
  });

  test('can be opened in the name of another person by another spelling', async () => {
    const socket = await open('/ws', { 'x-remote-user-id': OLGA.id });
    socket.send('hello');
    await once(socket, 'message');
    expect(headersNamed(app.last, 'x-remote-user-id')).toEqual([['x-remote-user-id', OLGA.id]]);
    socket.terminate();
  });

  test.for([
    ['the app refuses', '/refused', ''],
    ['the app closes with a code', '/ws', 'close me'],
  ] as const)('open and then close with 1000 when %s', async ([, path, message]) => {
    const socket = await open(path);
    if (message) socket.send(message);
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([1000, '']);
  });

  test('close with 1009 when a message is over 16 MiB', async () => {
    const socket = await open('/ws');
    socket.send(randomBytes(16 * MEBI + 1));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });
});

describe('the API', () => {
  async function api(token: string, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${supervisor.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: await response.json() };
  }

  test('tells an app about itself and about the house, and nothing else', async () => {
    expect(await api(installed.token, 'GET', '/addons/self/info')).toMatchObject({
      status: 200,
      body: {
        result: 'ok',
        data: { slug: 'local_dummy', hostname: 'local-dummy', network: { '4000/tcp': 4000 }, ingress_entry: installed.ingressEntry },
      },
    });
    expect(await api(installed.token, 'GET', '/info')).toMatchObject({ body: { data: { homeassistant: '2026.11.0', arch: 'amd64' } } });
    expect(await api(installed.token, 'GET', '/addons/local_streaming/info')).toMatchObject({ status: 403, body: { result: 'error' } });
    expect(await api(installed.token, 'GET', '/core/info')).toMatchObject({ status: 403 });
    expect(await api('not a token', 'GET', '/addons/self/info')).toMatchObject({ status: 401 });
    expect(supervisor.calls.map(({ caller }) => caller)).toEqual(['local_dummy', 'local_dummy', 'local_dummy', 'local_dummy', null]);
  });

  test('changes settings, refusing what it does not know', async () => {
    expect(await api(installed.token, 'POST', '/addons/self/options', { ingress_panel: false, watchdog: true })).toMatchObject({
      status: 200,
    });
    expect(installed.settings).toMatchObject({ ingress_panel: false, watchdog: true, boot: 'auto' });
    expect(await api(installed.token, 'POST', '/addons/self/options', { colour: 'red' })).toMatchObject({ status: 400 });
  });

  test('restarts an app', async () => {
    const steps: string[] = [];
    const life = { stop: () => void steps.push('stop'), start: () => void steps.push('start') };
    const mortal = supervisor.install({ slug: 'local_mortal', name: 'Mortal', version: '1', ingress_port: 1, life });
    expect(await api(mortal.token, 'POST', '/addons/self/restart')).toMatchObject({ status: 200 });
    expect([steps, mortal.state]).toEqual([['stop', 'start'], 'started']);
  });

  test('keeps one announcement of a service, with its id', async () => {
    const announce = (config: object, service = 'dummy'): ReturnType<typeof api> =>
      api(installed.token, 'POST', '/discovery', { service, config });
    const first = await announce({ port: 1 });
    expect(first.body).toMatchObject({ data: { uuid: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(await announce({ port: 1 })).toEqual(first);
    expect(await announce({ port: 2 })).toEqual(first);
    expect(supervisor.discovery.all()).toMatchObject([{ addon: 'local_dummy', service: 'dummy', config: { port: 2 } }]);
    expect(await announce({}, 'mqtt')).toMatchObject({ status: 403 });
    const [{ uuid } = { uuid: '' }] = supervisor.discovery.all();
    expect(await api(streaming.token, 'DELETE', `/discovery/${uuid}`)).toMatchObject({ status: 403 });
    expect(await api(installed.token, 'DELETE', `/discovery/${uuid}`)).toMatchObject({ status: 200 });
    expect(supervisor.discovery.all()).toEqual([]);
  });

  test('fails and is slow when a test wants that', async () => {
    supervisor.faults.set('/info', { status: 500 });
    expect(await api(installed.token, 'GET', '/info')).toMatchObject({ status: 500, body: { result: 'error' } });
    supervisor.faults.set('/info', { delayMs: 30 });
    const startMs = performance.now();
    expect(await api(installed.token, 'GET', '/info')).toMatchObject({ status: 200 });
    expect(performance.now() - startMs).toBeGreaterThan(25);
  });

  test('answers 502 for a Core that is not there', async () => {
    expect((await fetch(`${supervisor.url}/core/api/states`, { headers: { authorization: `Bearer ${installed.token}` } })).status).toBe(
      502,
    );
    const socket = new WebSocket(`${supervisor.url.replace('http', 'ws')}/core/websocket`);
    expect(String((await once(socket, 'error'))[0])).toContain('502');
  });
});
