import { readdir, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveSecrets } from '../../src/config/secrets.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { completion, FakeProvider, json, stream, streamedEvents } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { expectNothingLeft } from '../exchange/leaks.ts';

/**
 * Canaries stand in for every secret and every prompt; then all that the gateway says to anybody is searched for them. None
 * has the shape of a known provider's key, so that no pattern finds it by chance.
 */
const CANARY = {
  providerKey: 'Quail-provider-3f9a27c1d0',
  headerKey: 'Heron-header-71be04aa5c',
  urlKey: 'Finch-url-5520c8ef19',
  urlPassword: 'Robin-password-88d1b6',
  credentialName: 'Wren-credential-90ac4e',
  prompt: 'Dunnock whispers the launch code',
  answer: 'Siskin answers in confidence',
  bodyMember: 'Linnet-body-4f11e2',
  header: 'Dipper-header-c7712b',
} as const;

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;
/** Everything that was said, with where. */
const heard: { where: string; text: string }[] = [];

beforeAll(async () => {
  provider = await FakeProvider.start();
  const host = new URL(provider.url).host;
  gateway = await startGateway(`
model_list:
  - model_name: fast
    litellm_params:
      model: openai/upstream-model
      api_base: http://robin:${CANARY.urlPassword}@${host}/v1?key=${CANARY.urlKey}
      api_key: ${CANARY.providerKey}
      extra_headers: { x-tenant-token: ${CANARY.headerKey}, x-tenant: house }
      headers: { cookie: session=${CANARY.headerKey} }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: ${provider.url}, litellm_credential_name: house }
credential_list:
  - credential_name: house
    credential_values: { api_key: ${CANARY.credentialName} }
router_settings: { num_retries: 0 }
`);
  key = await gateway.key({ key_alias: 'lamp' });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

async function hear(where: string, answer: Response): Promise<{ status: number; text: string }> {
  const text = await answer.text();
  heard.push({ where, text: `${[...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n${text}` });
  return { status: answer.status, text };
}

function ask(model: string, more: object = {}): Promise<Response> {
  const body = {
    model,
    messages: [{ role: 'user', content: CANARY.prompt }],
    user: 'ann',
    api_token: CANARY.bodyMember,
    metadata: { secret: CANARY.bodyMember },
    ...more,
  };
  return gateway.call('POST', '/v1/chat/completions', body, key, {
    cookie: CANARY.header,
    'x-my-secret': CANARY.header,
    'x-api-key': CANARY.header,
    'proxy-authorization': `Basic ${CANARY.header}`,
  });
}

/** All that the gateway shows of models, keys, spend and health, to an administrator and to a key. */
async function hearEverything(): Promise<void> {
  await gateway.flushed();
  const paths = [
    '/v1/models',
    '/v1/models/fast',
    '/model/info',
    '/model_group/info',
    `/key/info?key=${hashOf(key)}`,
    '/key/list?return_full_object=true',
    '/spend/logs',
    '/global/spend',
    '/health',
    '/health/readiness',
    '/health/readiness/details',
    '/no/such/place',
    `/key/info?key=sk-nobody`,
  ];
  for (const path of paths) {
    await hear(`GET ${path}`, await gateway.call('GET', path));
    await hear(`GET ${path} as a key`, await gateway.call('GET', path, undefined, key));
  }
  heard.push({ where: 'rows', text: JSON.stringify(await gateway.rows()) });
  const keys = await gateway.parts.database.query<{ row: string }>('select to_jsonb(k)::text as row from gateway.virtual_keys k');
  heard.push({ where: 'keys at rest', text: keys.map(({ row }) => row).join('\n') });
  heard.push({ where: 'log', text: gateway.log.join('\n') });
}

function expectUnsaid(secrets: readonly string[], except: (where: string) => boolean = () => false): void {
  expect(heard.length).toBeGreaterThan(20);
  const said = heard.flatMap(({ where, text }) =>
    secrets
      .filter((secret) => !except(where) && text.includes(secret))
      .map((secret) => `${secret} in ${where}: ${text.slice(Math.max(0, text.indexOf(secret) - 150), text.indexOf(secret) + 60)}`),
  );
  expect(said).toEqual([]);
}

test('no secret and no prompt is told to anybody, whatever providers do with them', async () => {
  provider.behaviour = json(completion(CANARY.answer));
  await hear('answer', await ask('fast'));
  provider.behaviour = stream(streamedEvents([CANARY.answer]));
  await hear('stream', await ask('fast', { stream: true }));

  for (const [model, own, other] of [
    ['fast', CANARY.providerKey, CANARY.headerKey],
    ['claude', CANARY.credentialName, CANARY.credentialName],
  ] as const) {
    const repeated = {
      error: {
        message: `Wrong key: ${own} and ${other}`,
        type: `bad ${own}`,
        code: `no_${own}`,
        param: own,
        innererror: { sent: [`Bearer ${own}`, other] },
      },
    };
    for (const status of [400, 401, 403, 404, 429, 500, 503]) {
      provider.behaviour = json(repeated, status, {
        'x-echo': `Bearer ${own}`,
        'x-api-key': own,
        'x-cookie': other,
        'set-cookie': `a=${other}`,
      });
      await hear(`${model} refuses with ${status}`, await ask(model));
    }
    provider.behaviour = json(repeated);
    await hear(`${model} hides an error in a 200`, await ask(model));
    provider.behaviour = (_request, response) =>
      void response.writeHead(502, { 'content-type': 'text/html' }).end(`<html><title>${own} ${other}</title></html>`);
    await hear(`${model} answers with a page`, await ask(model));
    provider.behaviour = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"broken": ${own} ${other}`);
    await hear(`${model} answers with broken JSON`, await ask(model));
    provider.behaviour = stream([`data: ${JSON.stringify(repeated)}\n\n`]);
    await hear(`${model} begins a stream with an error`, await ask(model, { stream: true }));
  }
  provider.behaviour = stream([
    ...streamedEvents([CANARY.answer]).slice(0, 2),
    `data: ${JSON.stringify({ error: { message: `No: ${CANARY.providerKey}`, detail: CANARY.headerKey } })}\n\n`,
  ]);
  await hear('an error inside a stream', await ask('fast', { stream: true }));
  provider.behaviour = (_request, response) => void response.destroy();
  await hear('the provider hangs up', await ask('fast'));
  provider.behaviour = json(completion('ok'));
  await expectNothingLeft(gateway);
  await hearEverything();

  const databasePassword = new URL(gateway.database.url).password;
  expectUnsaid([
    CANARY.providerKey,
    CANARY.headerKey,
    CANARY.urlKey,
    CANARY.urlPassword,
    CANARY.credentialName,
    CANARY.header,
    CANARY.bodyMember,
    gateway.masterKey,
    key,
  ]);
  if (databasePassword !== '') expectUnsaid([databasePassword, gateway.database.url]);
  expectUnsaid([CANARY.prompt]);
  expectUnsaid([CANARY.answer], (where) => where === 'answer' || where === 'stream' || where === 'an error inside a stream');
});

test('what a provider is given is its own key and headers, and none of the caller\u2019s', async () => {
  provider.behaviour = json(completion('ok'));
  await (await ask('fast')).text();
  const { headers } = provider.last;
  expect(headers.authorization).toBe(`Bearer ${CANARY.providerKey}`);
  expect(headers['x-tenant-token']).toBe(CANARY.headerKey);
  expect(JSON.stringify(headers)).not.toContain(CANARY.header);
  expect(JSON.stringify(headers)).not.toContain(key);
});

test('the log of a whole run at debug holds no prompt, no answer and no credential of a caller', () => {
  const text = gateway.log.join('\n');
  expect(gateway.log.length).toBeGreaterThan(0);
  for (const secret of [CANARY.prompt, CANARY.answer, key, gateway.masterKey]) expect(text).not.toContain(secret);
});

test('a key is stored as its hash and MAC alone, and shown once', async () => {
  const made = (await (await gateway.call('POST', '/key/generate', {})).json()) as { key: string; token: string };
  expect(made.token).toBe(hashOf(made.key));
  const [row] = await gateway.parts.database.query<{ row: string }>(
    'select to_jsonb(k)::text as row from gateway.virtual_keys k where token = $1',
    [made.token],
  );
  expect(row?.row).not.toContain(made.key);
  for (const path of [`/key/info?key=${made.token}`, `/key/list?return_full_object=true&key_hash=${made.token}`])
    expect(await (await gateway.call('GET', path)).text()).not.toContain(made.key);
});

test('a hash opens no door: neither that of a key nor that of the master key', async () => {
  for (const credential of [hashOf(key), hashOf(gateway.masterKey), `sk-${hashOf(key)}`]) {
    const answer = await gateway.call('GET', '/v1/models', undefined, credential);
    expect(answer.status).toBe(401);
    await answer.text();
  }
});

test('a refusal is the same for an unknown key, a near miss of the master key and a deleted key', async () => {
  const deleted = await gateway.key();
  await (await gateway.call('POST', '/key/delete', { keys: [deleted] })).text();
  const texts = new Set<string>();
  for (const credential of [
    `sk-${randomBytes(16).toString('base64url')}`,
    `${gateway.masterKey}x`,
    gateway.masterKey.slice(0, -1),
    gateway.masterKey.toUpperCase().replace('SK-', 'sk-'),
    deleted,
  ]) {
    const answer = await gateway.call('GET', '/v1/models', undefined, credential);
    expect(answer.status).toBe(401);
    const { error } = (await answer.json()) as { error: { message: string } };
    texts.add(error.message.replace(`sk-...${credential.slice(-4)}`, '<name>').replace(hashOf(credential), '<hash>'));
    expect(error.message).not.toContain(credential);
  }
  expect(texts.size).toBe(1);
});

test('a credential that is refused is neither kept nor repeated in full', async () => {
  const wrong = 'not-a-key-but-a-password-typed-in-the-wrong-box';
  const answer = await gateway.call('POST', '/v1/chat/completions', {}, wrong);
  const text = await answer.text();
  expect(answer.status).toBe(401);
  expect(text).not.toContain(wrong);
  await gateway.flushed();
  expect(JSON.stringify(await gateway.rows())).not.toContain(wrong);
  expect(gateway.log.join('\n')).not.toContain(wrong);
});

test('the answer that makes a key is the only place where its text stands; its name shows four letters', async () => {
  const text = await gateway.key({ key_alias: 'shown-once' });
  const info = (await (await gateway.call('GET', `/key/info?key=${hashOf(text)}`)).json()) as { info: { key_name: string } };
  expect(info.info.key_name).toBe(`sk-...${text.slice(-4)}`);
});

test('secrets and journal are for the owner alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-secrets-'));
  try {
    const { master, salt } = await resolveSecrets({ dataDir: directory, variables: {}, masterKey: null, randomBytes });
    for (const { path } of [master, salt]) expect((await stat(path ?? '')).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'secrets'))).mode & 0o777).toBe(0o700);
  } finally {
    await rm(directory, { recursive: true });
  }
  const journal = join(gateway.directory, 'journal');
  expect((await stat(journal)).mode & 0o777).toBe(0o700);
  const files = await readdir(journal);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect((await stat(join(journal, file))).mode & 0o777, file).toBe(0o600);
});
