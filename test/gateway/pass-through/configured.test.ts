import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json } from '../../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let target: FakeProvider;
let gateway: TestGateway;
let key: string;

const endpoints = (url: string): string => `model_list: []
general_settings:
  pass_through_endpoints:
    - path: /v2/reorder
      target: "${url}/rank?api=1&lang=de"
      headers: { Authorization: "bearer os.environ/REORDER_KEY", X-Fixed: "yes" }
      default_query_params: { lang: en, size: 5 }
      cost_per_request: 0.002
    - path: /tools
      target: "${url}/base"
      include_subpath: true
      forward_headers: true
      methods: [get, post]
      headers: { litellm_user_api_key: x-tool-key }
    - path: /open
      target: "${url}/open"
      auth: false
    - path: /v1/chat/completions
      target: "${url}/never"
`;

beforeAll(async () => {
  target = await FakeProvider.start(json({ ok: true }));
  gateway = await startGateway(endpoints(target.url), { REORDER_KEY: 'a-reordering-key' });
  key = await gateway.key({ max_budget: 1 });
});

beforeEach(() => {
  target.behaviour = json({ ok: true });
  target.seen.length = 0;
});

afterAll(async () => {
  await gateway.stop();
  await target.stop();
});

describe('an endpoint of the configuration', () => {
  test('sends what arrives to its target, with its own headers and nothing of the caller’s', async () => {
    const answer = await gateway.call('POST', '/v2/reorder?api=2', { query: 'x' }, key, { 'x-of-the-caller': 'a', cookie: 'b=c' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ok: true });
    const { method, path, headers, json: body } = target.last;
    expect(method).toBe('POST');
    expect(body).toEqual({ query: 'x' });
    expect(headers).toMatchObject({ authorization: 'bearer a-reordering-key', 'x-fixed': 'yes', 'content-type': 'application/json' });
    for (const name of ['x-of-the-caller', 'cookie', 'x-litellm-api-key']) expect(headers[name]).toBeUndefined();
    // The client's query wins over the target's, and that over the usual one.
    expect(Object.fromEntries(new URLSearchParams(path.split('?')[1]))).toEqual({ api: '2', lang: 'de', size: '5' });
  });

  test('costs what it says, each time', async () => {
    await (await gateway.call('POST', '/v2/reorder', {}, key)).text();
    expect((await gateway.rows()).at(-1)).toMatchObject({
      spend: '0.002',
      call_type: 'pass_through_endpoint',
      custom_llm_provider: 'pass_through',
      model: '/v2/reorder',
    });
  });

  test('asks for a key, unless it says otherwise', async () => {
    expect((await gateway.call('POST', '/v2/reorder', {}, null)).status).toBe(401);
    expect((await gateway.call('POST', '/v2/reorder', {}, 'sk-nobody-knows-this-one')).status).toBe(401);
    expect(target.seen).toEqual([]);
    const open = await gateway.call('POST', '/open', { a: 1 }, null);
    expect(open.status).toBe(200);
    expect(target.last).toMatchObject({ path: '/open', json: { a: 1 } });
  });

  test('takes the key from the header that it names', async () => {
    const answer = await gateway.call('GET', '/tools/list?x=1', undefined, null, { 'x-tool-key': key, 'x-mine': 'here' });
    expect(answer.status).toBe(200);
    expect(target.last.path).toBe('/base/list?x=1');
    expect(target.last.headers['x-mine']).toBe('here');
    expect(JSON.stringify(target.last.headers)).not.toContain(key);
  });

  test('holds for its path alone, and for the methods that it lists', async () => {
    expect((await gateway.call('POST', '/v2/reorder/more', {}, key)).status).toBe(404);
    expect((await gateway.call('POST', '/toolshed', {}, key)).status).toBe(404);
    expect((await gateway.call('DELETE', '/tools/list', undefined, key)).status).toBe(404);
    expect(target.seen).toEqual([]);
  });

  test('never stands in place of a route of the gateway’s own', async () => {
    const answer = await gateway.call('POST', '/v1/chat/completions', { model: 'x', messages: [{ role: 'user', content: 'x' }] }, key);
    expect(answer.status).toBe(400);
    expect(target.seen).toEqual([]);
  });

  test('answers with the target’s own refusal', async () => {
    target.behaviour = json({ why: 'no' }, 418);
    const answer = await gateway.call('POST', '/v2/reorder', {}, key);
    expect(answer.status).toBe(418);
    expect(await answer.json()).toEqual({ why: 'no' });
  });

  test('is there as soon as the file says so, and its headers are shown to nobody', async () => {
    await gateway.configure(endpoints(target.url).replace('/open\n', '/opened\n'));
    await expect.poll(async () => (await gateway.call('POST', '/opened', {}, null)).status, { timeout: 10_000 }).toBe(200);
    expect((await gateway.call('POST', '/open', {}, null)).status).toBe(404);
    const listed = await (await gateway.call('GET', '/config/list?config_type=general_settings')).text();
    expect(listed).toContain('/v2/reorder');
    expect(listed).not.toContain('a-reordering-key');
  });
});

test('a target that must not be called is refused in plain words', async () => {
  const other = await startGateway(
    'model_list: []\ngeneral_settings: { pass_through_endpoints: [{ path: /meta, target: "http://169.254.169.254/latest" }] }\n',
  );
  const answer = await other.call('GET', '/meta');
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('must not be called');
  await other.stop();
});

test.each([
  ['{ path: rank, target: "http://x.example" }', 'path: must be a path of plain characters'],
  ['{ path: /rank, target: "ftp://x.example" }', 'target: must be an http or https address'],
  ['{ path: /rank, target: "http://x.example", methods: [TRACE] }', 'methods[0]: must be one of'],
  ['{ path: /rank, target: "http://x.example", cost_per_request: much }', 'cost_per_request: must be an amount'],
  ['/rank', 'must be a map'],
])('an endpoint written wrong is told with its place: %s', async (endpoint, told) => {
  const started = startGateway(`model_list: []\ngeneral_settings: { pass_through_endpoints: [${endpoint}] }\n`);
  await expect(started).rejects.toThrow(`pass_through_endpoints[0]`);
  await expect(started).rejects.toThrow(told);
});
