import { readdir } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../real/free-port.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { ASK_DEMO, call, emptyFolder, ensureBuilt, program, removeFolder, run } from './program.ts';

// Processes start slowly on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

let database: FreshDatabase;
beforeAll(async () => {
  await ensureBuilt();
  database = await freshDatabase('template0');
});
afterAll(() => database.drop());

const after: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of after.splice(0).toReversed()) await undo();
});

const MASTER = 'sk-master-of-an-external-database';

/** A gateway on a free port with this database; it is stopped after the test. */
async function start(databaseUrl: string): Promise<{ gateway: ReturnType<typeof program>; url: string; folder: string }> {
  const folder = await emptyFolder();
  const port = await freePort();
  const gateway = program(['--port', String(port), '--host', '127.0.0.1'], {
    cwd: folder,
    env: { DATABASE_URL: databaseUrl, LITELLM_MASTER_KEY: MASTER },
  });
  after.push(
    () => removeFolder(folder),
    () => gateway.stop('SIGKILL'),
  );
  return { gateway, url: `http://127.0.0.1:${port}`, folder };
}

/** Lends a port of loopback to a server that listens on a socket alone. */
async function forward(port: number, socket: string): Promise<Server> {
  const server = createServer((from) => {
    const to = connect(socket);
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

describe('an external database', () => {
  test('is used, and no PostgreSQL is made in the data folder', async () => {
    const { gateway, url, folder } = await start(database.url);
    await gateway.ready();
    expect((await call(url, MASTER, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
    expect((await call(url, null, 'GET', '/health/readiness')).json).toEqual({ status: 'healthy', db: 'connected' });
    expect(await readdir(join(folder, 'data'))).not.toContain('postgres');
    expect((await gateway.stop()).code).toBe(0);
  });

  test('that is away at the start is waited for: health answers, calls are refused with a reason, and it goes on by itself', async () => {
    const port = await freePort();
    const inside = new URL(database.url);
    const outside = new URL(`postgresql://127.0.0.1:${port}${inside.pathname}`);
    outside.username = inside.username;
    outside.password = inside.password;
    const { gateway, url } = await start(outside.href);

    const [line] = await gateway.says(/^.* warning Waiting for .*$/m);
    expect(line).toContain(`Waiting for database "${database.address.database}" at 127.0.0.1:${port}: the connection is refused`);
    expect(await call(url, null, 'GET', '/health/liveliness')).toMatchObject({ status: 200, text: '"I\'m alive!"' });
    expect(await call(url, null, 'GET', '/health/readiness')).toMatchObject({
      status: 503,
      json: { status: 'unhealthy', db: 'disconnected' },
    });
    const refused = await call(url, MASTER, 'POST', '/v1/chat/completions', ASK_DEMO);
    expect(refused).toMatchObject({ status: 503, json: { error: { type: 'no_db_connection', code: '503' } } });
    const stranger = await call(url, 'sk-some-virtual-key', 'POST', '/v1/chat/completions', ASK_DEMO);
    expect(stranger).toMatchObject({ status: 503, json: { error: { type: 'no_db_connection' } } });

    const there = await forward(port, `${inside.searchParams.get('host')}/.s.PGSQL.5432`);
    after.push(() => there.close());
    await gateway.ready();
    expect((await call(url, MASTER, 'POST', '/v1/chat/completions', ASK_DEMO)).status).toBe(200);
    expect(gateway.output).not.toContain(inside.password);
    expect((await gateway.stop('SIGINT')).code).toBe(0);
  });

  test.each([
    [
      'does not exist',
      (url: URL) => (url.pathname = '/elsewhere'),
      /Waiting for database "elsewhere" at \S+: this database does not exist \(3D000\)/,
    ],
    [
      'refuses the password',
      (url: URL) => (url.password = 'hidden'),
      /Waiting for database "\w+" at \S+: user "\w+" or the password is refused \(28P01\)/,
    ],
  ])('that %s is waited for with a line that says so, and a signal ends the waiting', async (_, change, line) => {
    const url = new URL(database.url);
    change(url);
    const { gateway } = await start(url.href);
    await gateway.says(line);
    expect(gateway.output).not.toContain('hidden');
    const ended = await gateway.stop();
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('named by text that is no PostgreSQL address ends the program with one line that does not repeat it', async () => {
    const folder = await emptyFolder();
    after.push(() => removeFolder(folder));
    const ended = await run([], { cwd: folder, env: { DATABASE_URL: 'mysql://u:hidden@h/db' } });
    expect(ended).toEqual({
      code: 78,
      stdout: '',
      stderr: 'environment: DATABASE_URL: must be a PostgreSQL address: postgresql://user:password@host:5432/name\n',
    });
  });
});
