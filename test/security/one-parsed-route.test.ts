import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { rawRequest, sendRaw, type RawAnswer, type RawRequest } from './raw-http.ts';

/**
 * The oracle is the handlers themselves: each is watched, so that a test sees whether a caller got into one that is not its
 * own, however the request was spelled (ruling K9).
 */
let gateway: TestGateway;
let ownerless: string;
let port: number;
const entered: string[] = [];

beforeAll(async () => {
  gateway = await startGateway(`
model_list:
  - model_name: demo
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed }
`);
  ownerless = await gateway.key();
  port = gateway.parts.server.port;
  for (const route of gateway.parts.routes) {
    const { handle } = route;
    vi.spyOn(route as { handle: typeof handle }, 'handle').mockImplementation((call) => {
      entered.push(`${route.rights} ${route.paths[0]}`);
      return handle(call);
    });
  }
});

afterEach(() => {
  entered.length = 0;
});

afterAll(async () => {
  vi.restoreAllMocks();
  await gateway.stop();
});

/** Who was let in where the rights say no. */
function trespasses(caller: 'anonymous' | 'ownerless'): string[] {
  return entered.filter((entry) => (caller === 'anonymous' ? !entry.startsWith('public ') : entry.startsWith('admin ')));
}

async function sendBoth(request: RawRequest): Promise<RawAnswer[]> {
  entered.length = 0;
  const anonymous = await sendRaw(port, rawRequest(request));
  expect(trespasses('anonymous'), JSON.stringify(request)).toEqual([]);
  entered.length = 0;
  const known = await sendRaw(
    port,
    rawRequest({ ...request, headers: [...(request.headers ?? []), ['authorization', `Bearer ${ownerless}`]] }),
  );
  expect(trespasses('ownerless'), JSON.stringify(request)).toEqual([]);
  return [anonymous, known];
}

const GUARDED: readonly (readonly [string, string])[] = [
  ['POST', '/key/generate'],
  ['POST', '/key/sk-nobody/regenerate'],
  ['GET', '/global/spend'],
  ['GET', '/health/readiness/details'],
  ['POST', '/v1/chat/completions'],
  ['POST', '/engines/demo/chat/completions'],
  ['GET', '/v1/models/demo'],
];

/** Other ways to write a path, each of which some program somewhere takes for the same or for another path. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `${path}/`,
  (path) => path.replaceAll('/', '//'),
  (path) => `/.${path}`,
  (path) => `/health/liveness/..${path}`,
  (path) => `/health/liveness/%2e%2e${path}`,
  (path) => `/health/liveness%2f..${path}`,
  (path) => `/health/liveness/..;${path}`,
  (path) => path.replace(/\/(\w+)$/, '%2f$1'),
  (path) => path.replace(/\/(\w+)$/, '\\$1'),
  (path) => `${path}%00`,
  (path) => `${path}%20`,
  (path) => `${path};jsessionid=1`,
  (path) => `${path}/.`,
  (path) => `${path}.json`,
  (path) => `${path}#/health/liveness`,
  (path) => `/health/liveness#/..${path}`,
  (path) => `${path}?x=/health/liveness`,
  (path) => `/health/liveness?x=${path}`,
  (path) => `/health/liveness%3f${path}`,
  (path) => path.toUpperCase(),
  (path) => path.replace('e', '%65'),
  (path) => path.replace('e', '%2565'),
  (path) => path.replace('e', '\u00e9'),
  (path) => `http://127.0.0.1${path}`,
  (path) => `http://127.0.0.1/health/liveness/..${path}`,
  (path) => `HTTP://user:word@elsewhere.example:1${path}`,
  (path) => `//elsewhere.example${path}`,
  (path) => `/\\elsewhere.example${path}`,
  (path) => path.slice(1),
  () => '*',
];

const HEADERS: readonly (readonly [string, string])[][] = [
  [],
  [['host', 'elsewhere.example']],
  [['host', '127.0.0.1/health/liveness?']],
  [['host', 'localhost:4000#@']],
  [
    ['x-forwarded-path', '/health/liveness'],
    ['x-original-url', '/health/liveness'],
    ['x-rewrite-url', '/health/liveness'],
  ],
  [
    ['x-http-method-override', 'GET'],
    ['x-method-override', 'GET'],
    ['x-http-method', 'GET'],
  ],
  [
    ['x-forwarded-host', 'localhost'],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-real-ip', '127.0.0.1'],
    ['forwarded', 'for=127.0.0.1'],
  ],
  [
    ['x-ingress-path', '/api/hassio_ingress/x'],
    ['x-remote-user-id', 'admin'],
    ['x-remote-user-name', 'admin'],
  ],
  [['x-forwarded-prefix', '/health']],
];

test('no spelling of a path lets a caller into a handler it has no right to', async () => {
  for (const [method, path] of GUARDED) {
    for (const spelled of SPELLINGS) {
      const [anonymous, known] = await sendBoth({ method, target: spelled(path), ...(method === 'POST' ? { body: '{}' } : {}) });
      const context = `${method} ${spelled(path)}`;
      for (const answer of [anonymous, known]) expect(answer?.status, context).not.toBe(0);
      for (const answer of [anonymous, known]) expect(answer?.status, context).not.toBe(500);
    }
  }
});

test('no header takes the place of the path or the method', async () => {
  for (const [method, path] of GUARDED) {
    for (const headers of HEADERS) {
      const [anonymous, known] = await sendBoth({ method, target: path, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
      const wellFormed = !headers.some(([name, value]) => name === 'host' && /[/#?]/.test(value));
      expect(wellFormed ? [401] : [400, 401], JSON.stringify(headers)).toContain(anonymous?.status);
      expect(known?.status, JSON.stringify(headers)).toBeLessThan(500);
    }
  }
});

test('generated targets, methods and headers never lead past the rights', async () => {
  const piece = fc.constantFrom(
    '/',
    '//',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%2f',
    '%2F',
    '%5c',
    '\\',
    '%00',
    '%',
    '%zz',
    ';',
    '#',
    '?',
    '@',
    ':',
    '*',
    'key',
    'KEY',
    'generate',
    'health',
    'liveness',
    'v1',
    'models',
    'demo',
    'spend',
    'global',
    'regenerate',
    'chat',
    'completions',
    'engines',
    '\u00a0',
    '\u00ff',
  );
  const target = fc
    .tuple(fc.constantFrom('/', '', 'http://x', 'https://x:9/'), fc.array(piece, { maxLength: 9 }))
    .map(([start, pieces]) => start + pieces.join('/').replaceAll(/\/{3,}/g, '//'));
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND');
  const headers = fc.constantFrom(...HEADERS);
  await fc.assert(
    fc.asyncProperty(target, method, headers, async (asked, verb, sent) => {
      for (const answer of await sendBoth({ method: verb, target: asked === '' ? '/' : asked, headers: sent }))
        expect(answer.status, `${verb} ${asked}`).not.toBe(500);
    }),
    { numRuns: 400, seed: 20_260_101 },
  );
});

test('a pattern of allowed routes is held against the very path that is matched', async () => {
  const key = await gateway.key({ allowed_routes: ['*/embeddings'] });
  entered.length = 0;
  for (const target of [
    '/engines/demo/chat/completions#/embeddings',
    '/engines/demo/chat/completions?/embeddings',
    '/engines\\demo\\chat/completions#/embeddings',
  ]) {
    const answer = await sendRaw(
      port,
      rawRequest({ method: 'POST', target, headers: [['authorization', `Bearer ${key}`]], body: '{"model":"demo","messages":[]}' }),
    );
    expect([400, 403, 404], target).toContain(answer.status);
    expect(entered, target).toEqual([]);
  }
});

test('HEAD works where GET does, with the same status and no body', async () => {
  for (const route of gateway.parts.routes.filter(({ method }) => method === 'GET')) {
    for (const path of route.paths) {
      const target = path.replace('*id', 'demo');
      const got = await gateway.call('GET', target);
      const head = await sendRaw(port, rawRequest({ method: 'HEAD', target, headers: [['authorization', `Bearer ${gateway.masterKey}`]] }));
      expect(head.status, target).toBe(got.status);
      expect(head.body, target).toBe('');
      expect(Number(head.headers['content-length']), target).toBeGreaterThan(0);
      await got.text();
    }
  }
});

test('an unknown path is 404 and a wrong method is 405 with what is allowed, both in both forms', async () => {
  const missing = await gateway.call('GET', '/no/such/place', undefined, null);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toEqual({
    error: { message: 'Not Found', type: 'not_found_error', param: null, code: '404' },
    detail: 'Not Found',
  });
  for (const [method, path, allowed] of [
    ['GET', '/key/generate', 'POST'],
    ['DELETE', '/v1/models', 'GET'],
    ['PUT', '/engines/demo/chat/completions', 'POST'],
    ['POST', '/v1/models/demo', 'GET'],
  ] as const) {
    const answer = await gateway.call(method, path, undefined, null);
    expect(answer.status, path).toBe(405);
    expect(answer.headers.get('allow'), path).toBe(allowed);
    expect(answer.headers.get('x-litellm-call-id'), path).toMatch(/^[0-9a-f-]{36}$/);
    expect(await answer.json(), path).toEqual({
      error: { message: 'Method Not Allowed', type: 'method_not_allowed', param: null, code: '405' },
      detail: 'Method Not Allowed',
    });
  }
});

test('a browser may ask first, and reads refusals too: requested headers are reflected', async () => {
  const asked = {
    origin: 'https://panel.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization, content-type, x-stainless-os',
  };
  for (const path of ['/v1/chat/completions', '/engines/demo/chat/completions', '/no/such/place']) {
    const answer = await gateway.call('OPTIONS', path, undefined, null, asked);
    expect(answer.status, path).toBe(204);
    expect(answer.headers.get('access-control-allow-origin'), path).toBe('*');
    expect(answer.headers.get('access-control-allow-headers'), path).toBe('authorization, content-type, x-stainless-os');
    expect(answer.headers.get('access-control-allow-credentials'), path).toBeNull();
  }
  for (const [method, path] of [
    ['POST', '/v1/chat/completions'],
    ['GET', '/no/such/place'],
    ['PUT', '/v1/models'],
  ] as const) {
    const answer = await gateway.call(method, path, undefined, null, { origin: 'https://panel.example' });
    expect(answer.headers.get('access-control-allow-origin'), path).toBe('*');
    await answer.text();
  }
  const liveness = await gateway.call('OPTIONS', '/health/liveliness', undefined, null);
  expect([liveness.status, liveness.headers.get('allow')]).toEqual([200, 'GET, OPTIONS']);
  const strange = await gateway.call('OPTIONS', '/v1/models', undefined, null, { ...asked, 'access-control-request-headers': 'a\u00ffb' });
  expect(strange.headers.get('access-control-allow-headers')).toBe('*');
});
