import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../real/free-port.ts';
import { ASK_DEMO, call, emptyFolder, ensureBuilt, program, removeFolder, run, type Program } from './program.ts';

// Processes start slowly on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

let folder = '';
let port = '';
let gateway: Program | null = null;
let url = '';
let masterKey = '';

beforeAll(async () => {
  await ensureBuilt();
  folder = await emptyFolder();
  port = String(await freePort());
  gateway = program(['--port', port], { cwd: folder });
  url = await gateway.ready();
  masterKey = (await readFile(join(folder, 'data/secrets/master-key'), 'utf8')).trim();
});

afterAll(async () => {
  await gateway?.stop('SIGKILL');
  await removeFolder(folder);
});

const mode = async (path: string): Promise<string> => ((await stat(join(folder, path))).mode & 0o777).toString(8);

/** PostgreSQL's processes: each works in its cluster's folder. */
async function postgresHere(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => '')));
  return places.filter((place) => place.startsWith(join(folder, 'data/postgres')));
}

describe('a first start in an empty folder', () => {
  test('makes everything in ./data, and what is secret for its owner alone', async () => {
    expect(await readdir(folder)).toEqual(['data']);
    expect((await readdir(join(folder, 'data'))).toSorted()).toEqual([
      'gateway.json',
      'journal',
      'litellm_config.yaml',
      'postgres',
      'secrets',
    ]);
    expect(await mode('data/secrets')).toBe('700');
    expect(await mode('data/secrets/master-key')).toBe('600');
    expect(await mode('data/secrets/salt-key')).toBe('600');
    expect(await mode('data/litellm_config.yaml')).toBe('640');
    expect(await mode('data/postgres/password')).toBe('600');
    expect(await mode('data/postgres/cluster')).toBe('700');
    expect(await mode('data/journal')).toBe('700');
  });

  test('says what it made, the base URL and where the master key is, and never a secret', async () => {
    const lines = (gateway?.output ?? '').trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info {4}Made .+\/data\/litellm_config\.yaml with samples and a model called "demo"$/,
      ),
      expect.stringMatching(
        new RegExp(
          String.raw`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info {4}Ready at http://localhost:${port}, with the panel at http://localhost:${port}/ui; the master key is in .+/data/secrets/master-key \(npm run -s key prints it\)$`,
        ),
      ),
    ]);
    const secrets = await Promise.all(
      ['secrets/master-key', 'secrets/salt-key', 'postgres/password'].map((name) => readFile(join(folder, 'data', name), 'utf8')),
    );
    for (const secret of secrets) expect(gateway?.output).not.toContain(secret.trim());
  });

  test('serves `demo` to the master key that `key` prints', async () => {
    const { stdout, code } = await run(['key'], { cwd: folder });
    expect({ stdout, code }).toEqual({ stdout: `${masterKey}\n`, code: 0 });
    expect(masterKey).toMatch(/^sk-[\w-]{43}$/);
    const answer = await call(url, masterKey, 'POST', '/v1/chat/completions', ASK_DEMO);
    expect(answer).toMatchObject({
      status: 200,
      json: { model: 'demo', choices: [{ message: { content: expect.stringMatching(/^Hello from LLM Gateway/) } }] },
    });
  });
});

describe('a second start', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'after %s, which ended the first cleanly and PostgreSQL too, has the same keys and rows',
    async (signal) => {
      const { json } = await call(url, masterKey, 'POST', '/key/generate', { key_alias: `before ${signal}` });
      const key = String(json['key']);
      expect((await call(url, key, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);

      expect(await postgresHere()).not.toEqual([]);
      const ended = await gateway?.stop(signal);
      expect({ code: ended?.code, stderr: ended?.stderr }).toEqual({ code: 0, stderr: '' });
      expect(ended?.stdout).toMatch(/info {4}Stopping\n.* info {4}Stopped\n$/);
      expect(await postgresHere()).toEqual([]);

      gateway = program(['--port', port], { cwd: folder });
      url = await gateway.ready();
      expect(gateway.output.trim().split('\n')).toHaveLength(1);
      expect((await readFile(join(folder, 'data/secrets/master-key'), 'utf8')).trim()).toBe(masterKey);
      expect((await call(url, key, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
      const rows = JSON.parse((await call(url, masterKey, 'GET', `/spend/logs?api_key=${key}`)).text) as unknown[];
      expect(rows).toHaveLength(2);
    },
  );

  test('while the first still runs is refused in one line, and harms nothing', async () => {
    const other = await run(['--port', String(await freePort())], { cwd: folder });
    expect(other).toMatchObject({ code: 78, stderr: expect.stringMatching(/^[^\n]+\n$/) });
    expect((await call(url, masterKey, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
  });
});
