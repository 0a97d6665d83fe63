import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findPostgres } from '../../scripts/debian-postgres.ts';
import { FakeProvider } from '../support/fake-provider.ts';
import { wire } from '../support/wire-answers.ts';
import { call, emptyFolder, ensureBuilt, program, removeFolder, run, type Program } from './program.ts';

// Each start makes or opens a cluster, on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const { programs, why } = findPostgres();

let folder = '';
let provider: FakeProvider;
let gateway: Program;
let url = '';

const data = (name: string) => join(folder, 'data', name);
const SOCKET = () => join(folder, 'control.sock');
const environment = () => ({
  GATEWAY_POSTGRES_BIN: programs ?? '',
  GATEWAY_CONTROL_SOCKET: SOCKET(),
  LITELLM_MASTER_KEY: 'sk-master-of-the-backup-test',
});
const MASTER = 'sk-master-of-the-backup-test';

async function start(): Promise<void> {
  gateway = program(['--port', '0', '--host', '127.0.0.1'], { cwd: folder, env: environment() });
  url = await gateway.ready();
}

/** What the hooks of a backup ask. */
async function control(method: string, path = '/backup'): Promise<{ status: number | undefined; line: string }> {
  const asked = request({ socketPath: SOCKET(), path, method });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, line: (await text(answer)).trim() };
}

const ask = (key: string) =>
  call(url, key, 'POST', '/v1/chat/completions', { model: 'priced', messages: [{ role: 'user', content: 'Hi' }] });

const spendOf = async (key: string) => {
  const { text: body } = await call(url, MASTER, 'GET', `/key/info?key=${key}`);
  return /"spend":\s*([\d.e-]+)/.exec(body)?.[1];
};

/** Polls: spend reaches the database within seconds. */
async function settled(key: string, spend: string): Promise<void> {
  await vi.waitFor(async () => expect(await spendOf(key)).toBe(spend), { timeout: 20_000, interval: 200 });
}

beforeAll(async () => {
  if (programs === null) return;
  await ensureBuilt();
  folder = await emptyFolder();
  await chmod(folder, 0o711);
  provider = await FakeProvider.start(wire('openai/text'));
});

afterAll(async () => {
  await provider?.stop();
  if (folder) await removeFolder(folder);
});

describe.skipIf(programs === null)(`a backup${programs === null ? ` (not run: ${why})` : ''}`, () => {
  let key = '';
  let spend = '';

  test('holds what was spent to the last call, and says how much is in it', async () => {
    await start();
    const model = {
      model_name: 'priced',
      litellm_params: { model: 'openai/priced', api_base: `${provider.url}/v1`, api_key: 'sk-of-the-provider' },
      model_info: { input_cost_per_token: 0.001, output_cost_per_token: 0.002 },
    };
    expect((await call(url, MASTER, 'POST', '/model/new', model)).status).toBe(200);
    key = String((await call(url, MASTER, 'POST', '/key/generate', { key_alias: 'house' })).json['key']);
    expect((await ask(key)).status).toBe(200);
    const { status, line } = await control('POST');
    expect(line).toBe('The database is in this backup: 1 rows of virtual_keys, 1 rows of spend_logs');
    expect(status).toBe(200);
    expect((await readdir(data('backup'))).toSorted()).toEqual(['gateway.dump', 'manifest.json']);
    const manifest = await readFile(data('backup/manifest.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ reason: 'backup', database: 'built_in', rows: { virtual_keys: 1, spend_logs: 1 } });
    expect(manifest).not.toContain(key);
    spend = (await spendOf(key)) ?? '';
    expect(Number(spend)).toBeGreaterThan(0);
  });

  test('brings back keys, sums and credentials after everything else is gone, and begins a new journal', async () => {
    await ask(key);
    // As Supervisor: the files of the backup, without cluster and journal; killed, so that no stop writes them anew.
    await rename(data('backup'), join(folder, 'kept'));
    await gateway.stop('SIGKILL');
    await stopPostgres();
    await rm(data('postgres'), { recursive: true });
    await rename(join(folder, 'kept'), data('backup'));

    await start();
    expect(gateway.output).toContain('The database is restored');
    await settled(key, spend);
    provider.seen.length = 0;
    expect((await ask(key)).status).toBe(200);
    expect(provider.seen[0]?.headers.authorization).toBe('Bearer sk-of-the-provider');
    expect(await readdir(data('backup'))).toEqual([]);
    expect((await readdir(data('journal.before-restore'))).length).toBeGreaterThan(0);
    await settled(key, String(Number((2 * Number(spend)).toFixed(6))));
  });

  test('is removed when Supervisor has taken it, and nothing else is answered', async () => {
    await control('POST');
    expect(await control('DELETE')).toEqual({ status: 200, line: 'Removed' });
    expect(await readdir(data('backup'))).toEqual([]);
    expect((await control('GET')).status).toBe(405);
    expect((await control('POST', '/else')).status).toBe(404);
  });

  test('of a stopped gateway is whole: a stop in good order writes it, and the next start removes it', async () => {
    expect((await gateway.stop()).code).toBe(0);
    expect(JSON.parse(await readFile(data('backup/manifest.json'), 'utf8'))).toMatchObject({ reason: 'stop', rows: { spend_logs: 2 } });
    await start();
    expect(await readdir(data('backup'))).toEqual([]);
    expect((await gateway.stop()).code).toBe(0);
  });

  test('of a newer version is refused in one line, and nothing is touched', async () => {
    const manifest = JSON.parse(await readFile(data('backup/manifest.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(data('backup/manifest.json'), JSON.stringify({ ...manifest, schema_version: 9000, app_version: '9.0.0' }));
    await rename(data('postgres'), join(folder, 'postgres.kept'));
    const { code, stderr } = await run(['--port', '0', '--host', '127.0.0.1'], { cwd: folder, env: environment() });
    expect(code).toBe(78);
    expect(stderr).toBe('The backup is of version 9.0.0, which is newer than this one (0.1.0). Update the app, then restore again.\n');
    expect((await readdir(data('backup'))).toSorted()).toEqual(['gateway.dump', 'manifest.json']);
  });
});

/** A killed gateway leaves its PostgreSQL running. */
async function stopPostgres(): Promise<void> {
  const [pid] = (await readFile(data('postgres/cluster/postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGINT');
  await vi.waitFor(
    () => {
      expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
    },
    { timeout: 20_000, interval: 100 },
  );
}
