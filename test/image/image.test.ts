import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { baseRoot, ImageStore } from '../../scripts/image-tools.ts';
import { freePort } from '../real/free-port.ts';
import { makeCertificate } from '../server/certificates.ts';
import { ASK_DEMO, call } from '../server/program.ts';
import { FakeProvider } from '../support/fake-provider.ts';
import { wire } from '../support/wire-answers.ts';
import { Container, type Inside } from './container.ts';
import { FakeSupervisor, TOKEN } from './fake-supervisor.ts';

// Building takes minutes.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 1_800_000 });

const ROOT = join(import.meta.dirname, '../..');
const NAME = 'localhost/llm-gateway:test';
const BASE = 'localhost/base:trixie';
const DEFAULTS = { ui_username: 'admin', store_model_in_db: true, log_level: 'info', bridge: 'auto', ssl: false };

let workshop = '';
let store: ImageStore;
let image: { Docker?: { config?: Record<string, unknown> } };
let supervisor: FakeSupervisor;
let provider: FakeProvider;
let container: Container;
let app: Inside;
let port = 0;
let master = '';

const wanted = process.env['TEST_IMAGE'] === '1';

/** Debian's buildah does not know this flag yet; the health command itself is run below. */
async function dockerfileForBuildah(): Promise<string> {
  const file = join(workshop, 'Dockerfile');
  const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  expect(text).toContain(' --start-interval=2s');
  await writeFile(file, text.replace(' --start-interval=2s', ''));
  return file;
}

beforeAll(async () => {
  if (!wanted) return;
  const base = await baseRoot();
  workshop = await mkdtemp(join(tmpdir(), 'gateway-image-'));
  store = new ImageStore(workshop);
  await store.importRoot(base, BASE);
  await store.build(ROOT, await dockerfileForBuildah(), BASE, NAME);
  image = await store.inspect(NAME);
  supervisor = await FakeSupervisor.start();
  provider = await FakeProvider.start(wire('openai/text'));
  port = await freePort();
  container = new Container(await store.unpack(NAME), {
    ...imageEnvironment(),
    PORT: String(port),
    INGRESS_PORT: String(await freePort()),
    SUPERVISOR_TOKEN: TOKEN,
    SUPERVISOR_API: supervisor.url,
    TZ: 'Europe/Berlin',
  });
  await container.mount('data', 'config', 'homeassistant', 'ssl');
  await container.options(DEFAULTS);
});

afterAll(async () => {
  if (!wanted) return;
  app?.signal('SIGKILL');
  await provider?.stop();
  await supervisor?.stop();
  await store?.remove();
  await rm(workshop, { recursive: true, force: true });
});

function imageEnvironment(): Record<string, string> {
  const lines = image.Docker?.config?.['Env'] as string[];
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

async function start(): Promise<void> {
  app = container.run(['/app/bin/start']);
  await app.says(/Ready at/);
}

const url = (scheme = 'http') => `${scheme}://127.0.0.1:${port}`;
const inside = (...command: string[]) => container.run(command).ended;
const statusOf = async (pid: number) => readFile(`/proc/${pid}/status`, 'utf8');

/** Megabytes in a folder, as files and not as blocks. */
const megabytes = (folder: string) =>
  Number(spawnSync('du', ['-s', '--apparent-size', '-BM', folder], { encoding: 'utf8' }).stdout.split('M')[0]);

describe.skipIf(!wanted)(`the image${wanted ? '' : ' (not run here: npm run test:image)'}`, () => {
  test('is at most 420 MB unpacked', () => {
    const size = megabytes(container.root);
    process.stdout.write(`unpacked: ${size} MB, of these ${megabytes(container.at('app'))} MB in /app\n`);
    expect(size).toBeLessThanOrEqual(420);
  });

  test('starts by /app/bin/start and is looked after by its health command', () => {
    expect(image.Docker?.config).toMatchObject({
      Entrypoint: ['/app/bin/start'],
      Healthcheck: { Test: ['CMD', '/app/bin/health'], Interval: 30e9, Timeout: 5e9, StartPeriod: 90e9, Retries: 3 },
    });
  });

  test('has no sources, no tests, no tools of development and no cluster in it', async () => {
    const names = await readdir(container.at('app'));
    expect(names).not.toEqual(expect.arrayContaining(['src']));
    const modules = await readdir(container.at('app/node_modules'));
    for (const tool of ['typescript', 'vite', 'vitest', 'playwright-core', 'rolldown']) expect(modules).not.toContain(tool);
    await expect(stat(container.at('build'))).rejects.toThrow('ENOENT');
    expect(await readdir(container.at('var/lib/postgresql')).catch(() => [])).toEqual([]);
    for (const compiler of ['gcc', 'cc', 'make', 'python3'])
      await expect(stat(container.at(`usr/bin/${compiler}`))).rejects.toThrow('ENOENT');
  });
});

describe.skipIf(!wanted)('the first start', () => {
  test('makes cluster, configuration, secrets and the bridge, and is ready', async () => {
    await start();
    expect(app.output).toContain('(llm-gateway key prints it)');
    expect(app.output).toContain('Made litellm_config.yaml with samples');
    expect(app.output).toContain('Installed the bridge integration');
    expect((await readFile(container.at('data/postgres/cluster/PG_VERSION'), 'utf8')).trim()).toBe('17');
    expect(await readdir(container.at('homeassistant/custom_components'))).toEqual(['llm_gateway']);
    master = (await inside('/usr/local/bin/llm-gateway', 'key')).output.trim();
    expect(master).toMatch(/^sk-[\w-]{43}$/);
    expect(app.output).not.toContain(master);
  });

  test('runs server and database as a plain user without capabilities', async () => {
    const server = await statusOf(app.pid);
    expect(server).toMatch(/^Name:\s+node/m);
    expect(server).toMatch(/^Uid:\s+4000\s+4000\s+4000\s+4000/m);
    expect(server).toMatch(/^CapEff:\s+0+$/m);
    const [postmaster] = (await readFile(container.at('data/postgres/cluster/postmaster.pid'), 'utf8')).split('\n');
    expect(await statusOf(Number(postmaster))).toMatch(/^Uid:\s+4000/m);
  });

  test("keeps Supervisor's token from PostgreSQL", async () => {
    const [postmaster] = (await readFile(container.at('data/postgres/cluster/postmaster.pid'), 'utf8')).split('\n');
    expect(await readFile(`/proc/${postmaster}/environ`, 'utf8')).not.toContain(TOKEN);
  });

  test('is healthy, serves the panel and answers a call', async () => {
    expect(await inside('/app/bin/health')).toEqual({ code: 0, output: '' });
    expect((await call(url(), null, 'GET', '/ui/')).text).toContain('<!doctype html>');
    expect((await call(url(), master, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
  });

  test('announces itself to Home Assistant', async () => {
    await vi.waitFor(() => expect(supervisor.asked.map((each) => each.call)).toContain('POST /discovery'), { timeout: 20_000 });
    const announced = supervisor.asked.find((each) => each.call === 'POST /discovery');
    expect(announced).toMatchObject({
      token: `Bearer ${TOKEN}`,
      body: { service: 'llm_gateway', config: { ssl: false, host: 'local-llm-gateway' } },
    });
  });

  test('a change of the configuration acts within two seconds', async () => {
    const file = container.at('config/litellm_config.yaml');
    await writeFile(file, `${await readFile(file, 'utf8')}\n`.replace('model_name: demo', 'model_name: renamed'));
    await vi.waitFor(
      async () => expect((await call(url(), master, 'POST', '/v1/chat/completions', { ...ASK_DEMO, model: 'renamed' })).status).toBe(200),
      { timeout: 4000, interval: 100 },
    );
  });
});

describe.skipIf(!wanted)('backup and restore', () => {
  let key = '';
  let spend: unknown;
  const ask = () => call(url(), key, 'POST', '/v1/chat/completions', { model: 'priced', messages: [{ role: 'user', content: 'Hi' }] });
  const spent = async () => ((await call(url(), master, 'GET', `/key/info?key=${key}`)).json['info'] as Record<string, unknown>)['spend'];

  test('backup-pre books what was spent and writes the database to a file', async () => {
    const model = {
      model_name: 'priced',
      litellm_params: { model: 'openai/priced', api_base: `${provider.url}/v1`, api_key: 'sk-of-the-provider' },
      model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.002 },
    };
    expect((await call(url(), master, 'POST', '/model/new', model)).status).toBe(200);
    key = String((await call(url(), master, 'POST', '/key/generate', { key_alias: 'house' })).json['key']);
    expect((await ask()).status).toBe(200);
    const { code, output } = await inside('/app/bin/backup-pre');
    expect([code, output]).toEqual([0, expect.stringContaining('The database is in this backup')]);
    spend = await spent();
    expect(Number(spend)).toBeGreaterThan(0);
    expect((await readdir(container.at('data/backup'))).toSorted()).toEqual(['gateway.dump', 'manifest.json']);
  });

  test('backup-post removes the file, and backup-pre fails while the server is away', async () => {
    await cp(container.at('data'), join(workshop, 'backup'), { recursive: true, filter: (path) => !/\/(?:postgres|journal)$/.test(path) });
    expect((await inside('/app/bin/backup-post')).code).toBe(0);
    expect(await readdir(container.at('data/backup'))).toEqual([]);
    app.signal('SIGTERM');
    expect((await app.ended).code).toBe(0);
    expect((await inside('/app/bin/backup-pre')).code).not.toBe(0);
  });

  test('a restored backup brings back keys, sums and credentials', async () => {
    await container.mount('data');
    await cp(join(workshop, 'backup'), container.at('data'), { recursive: true });
    await start();
    expect(app.output).toContain('The database is restored');
    expect(await spent()).toEqual(spend);
    expect((await inside('/usr/local/bin/llm-gateway', 'key')).output.trim()).toBe(master);
    provider.seen.length = 0;
    expect((await ask()).status).toBe(200);
    expect(provider.seen[0]?.headers.authorization).toBe('Bearer sk-of-the-provider');
  });
});

describe.skipIf(!wanted)('stopping and starting', () => {
  test('SIGTERM lets a running stream end, exits 0 and leaves no PostgreSQL', async () => {
    const [postmaster] = (await readFile(container.at('data/postgres/cluster/postmaster.pid'), 'utf8')).split('\n');
    const first = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    provider.behaviour = async (_, response) => {
      const event = (delta: object, finish: string | null) =>
        `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'priced', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event({ role: 'assistant', content: 'half' }, null));
      first.resolve();
      await go.promise;
      response.write(event({ content: ' whole' }, null));
      response.end(`${event({}, 'stop')}data: [DONE]\n\n`);
    };
    const answer = await fetch(`${url()}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${master}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'priced', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    await first.promise;
    const began = performance.now();
    app.signal('SIGTERM');
    await app.says(/Stopping/);
    go.resolve();
    const text = await answer.text();
    expect(text).toContain(' whole');
    expect(text).toContain('[DONE]');
    const { code, output } = await app.ended;
    expect(code, output).toBe(0);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(() => process.kill(Number(postmaster), 0)).toThrow('ESRCH');
  });

  test('an older integration is replaced in one step by the system’s own exchange of names', async () => {
    const folder = container.at('homeassistant/custom_components/llm_gateway');
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    const older = JSON.stringify({ ...manifest, version: '0.0.1' });
    const marker = JSON.parse(await readFile(join(folder, '.installed_by_app'), 'utf8')) as { files: Record<string, string> };
    marker.files['manifest.json'] = createHash('sha256').update(older).digest('hex');
    await writeFile(join(folder, 'manifest.json'), older);
    await writeFile(join(folder, '.installed_by_app'), JSON.stringify(marker));
    const probe = await inside(
      'sh',
      '-c',
      'mkdir /tmp/a /tmp/b && mv --exchange --no-target-directory /tmp/a /tmp/b && rmdir /tmp/a /tmp/b',
    );
    expect(probe).toEqual({ code: 0, output: '' });
    expect((await inside('/app/bin/prepare')).output).toContain(
      `Installed the bridge integration ${String(manifest['version'])} over 0.0.1`,
    );
    expect(JSON.parse(await readFile(container.at('data/bridge/previous/manifest.json'), 'utf8'))).toMatchObject({ version: '0.0.1' });
  });

  test('HTTPS with a certificate that only root can read', async () => {
    makeCertificate(container.at('ssl'), 'house');
    await container.options({ ...DEFAULTS, ssl: true, certfile: 'house.crt', keyfile: 'house.key' });
    await start();
    expect(app.output).toContain('Ready at https://');
    expect(await inside('/app/bin/health')).toEqual({ code: 0, output: '' });
    app.signal('SIGTERM');
    expect((await app.ended).code).toBe(0);
    expect((await inside('/app/bin/health')).code).not.toBe(0);
  });

  test.each([
    [{ retention_days: 0 }, 'Option retention_days: must be a whole number of days from 1 to 3650'],
    [{ master_key: 'sk-1234' }, 'Option master_key: is an example that everybody knows; leave it empty to have a random one made'],
    [{ ssl: true, certfile: 'none.pem' }, 'Option certfile: /ssl/none.pem does not exist'],
  ])('%j ends the start with exit code 78 and one line', async (option, line) => {
    await container.options({ ...DEFAULTS, ...option });
    expect(await inside('/app/bin/start')).toEqual({ code: 78, output: `${line}\n` });
  });

  test('without Supervisor it is a plain container: everything in /data, nothing of Home Assistant', async () => {
    await container.mount('data');
    for (const path of ['config', 'homeassistant']) await rm(container.at(path), { recursive: true });
    const plain = new Container(container.root, { ...imageEnvironment(), PORT: String(port) });
    app = plain.run(['/app/bin/start'], { GATEWAY_OPTION_LOG_LEVEL: 'debug' });
    await app.says(/Ready at/);
    expect(await readFile(container.at('data/litellm_config.yaml'), 'utf8')).toContain('model_name: demo');
    app.signal('SIGTERM');
    expect((await app.ended).code).toBe(0);
  });
});
