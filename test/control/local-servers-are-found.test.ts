import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalServersAnswer } from '../../src/contract/panel/local-servers.ts';
import { completion, FakeProvider } from '../support/fake-provider.ts';
import { MOCKED, messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';

let server: FakeProvider;
let gateway: AskedGateway;

beforeAll(async () => {
  server = await FakeProvider.start(({ path }, response) => {
    const answers: Record<string, unknown> = {
      '/v1/models': { object: 'list', data: [{ id: 'tiny', object: 'model', owned_by: 'vllm', max_model_len: 4096 }] },
      '/version': { version: '0.16.0' },
      '/v1/chat/completions': completion('Hi'),
    };
    response.writeHead(answers[path] === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answers[path] ?? {}));
  });
  gateway = await startAsked(MOCKED);
});

afterAll(async () => {
  await gateway.stop();
  await server.stop();
});

async function look(body: unknown = {}): Promise<LocalServersAnswer> {
  const answer = await gateway.post('/panel/local-servers/look', body);
  expect(answer.status, answer.text).toBe(200);
  return LocalServersAnswer.parse(answer.body);
}

async function last(): Promise<LocalServersAnswer> {
  return LocalServersAnswer.parse((await gateway.get('/panel/local-servers')).body);
}

function ours({ servers }: LocalServersAnswer): LocalServersAnswer['servers'][number] | undefined {
  return servers.find(({ address }) => address === server.url);
}

test('nobody looks who was not asked to: there is a model already', async () => {
  expect(await last()).toEqual({ looked_at: null, servers: [], addresses: [], ignored: [] });
});

test('an address that the owner names is looked at, and its models become models by one request', async () => {
  const found = ours(await look({ addresses: [server.url.replace('http://', '')] }));
  expect(found).toMatchObject({
    kind: 'hosted_vllm',
    name: 'vLLM server',
    version: '0.16.0',
    api_base: `${server.url}/v1`,
    needs_key: false,
  });
  const [model] = found?.models ?? [];
  expect(model).toMatchObject({ id: 'tiny', mode: 'chat', context_length: 4096, registered: false });
  const made = await gateway.post('/model/new', { ...model?.ready });
  expect(made.status, made.text).toBe(200);
  expect((await gateway.chat(gateway.masterKey, 'tiny')).status).toBe(200);
  expect(ours(await last())?.models).toMatchObject([{ registered: true }]);
});

test('a named address is remembered, said when it does not answer, and forgotten again', async () => {
  expect((await look({ addresses: ['127.0.0.1:9'] })).addresses).toEqual([
    { address: server.url, state: 'found', reason: null },
    { address: 'http://127.0.0.1:9', state: 'no_answer', reason: null },
  ]);
  expect((await look({ addresses: ['http://localhost:9/v1'] })).addresses).toHaveLength(2);
  const after = await look({ forget: ['http://127.0.0.1:9', server.url] });
  expect(after.addresses).toEqual([]);
  expect(ours(after)).toBeUndefined();
  expect(after.ignored).toEqual(['http://127.0.0.1:9', server.url]);
  expect(ours(await look({ addresses: [server.url] }))).toBeDefined();
});

test('who changed where to look stands among the changes of settings', async () => {
  await look({ addresses: ['http://127.0.0.1:9'] });
  const { audit_logs: changes } = (await gateway.get('/audit?table_name=LiteLLM_Config&object_id=local_servers')).body as {
    audit_logs: Record<string, unknown>[];
  };
  expect(changes[0]).toMatchObject({
    action: 'updated',
    changed_by: 'default_user_id',
    before_value: { local_server_addresses: [server.url] },
    updated_values: { local_server_addresses: [server.url, 'http://127.0.0.1:9'] },
  });
  await look();
  const after = (await gateway.get('/audit?table_name=LiteLLM_Config&object_id=local_servers')).body['total'];
  expect(after).toBe(changes.length);
});

test.each([
  ['http://169.254.169.254', 'not looked at'],
  ['supervisor', 'not looked at'],
  ['ftp://nas.lan', 'no http or https address'],
])('%s is refused, and not remembered', async (address, words) => {
  const answer = await gateway.post('/panel/local-servers/look', { addresses: [address] });
  expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(words)]);
  expect((await look()).addresses.map((one) => one.address)).not.toContain(address);
});

test('the gateway does not find itself', async () => {
  const answer = await gateway.post('/panel/local-servers/look', { addresses: [gateway.url] });
  expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('the gateway itself')]);
});

test('who has no model yet is told once at the start what runs here', async () => {
  const empty = await startAsked('model_list: []\n');
  try {
    await expect.poll(async () => LocalServersAnswer.parse((await empty.get('/panel/local-servers')).body).looked_at).not.toBeNull();
  } finally {
    await empty.stop();
  }
});
