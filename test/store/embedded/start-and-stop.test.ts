import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { systemWait } from '../../../src/store/wait.ts';
import { ask, lives, recordedLog, startEmbedded, temporaryFolder, until, useStoppedFolders } from './embedded-for-tests.ts';

const stoppedFolder = useStoppedFolders();

const RANDOM_256_BITS = /^[\w-]{43}$/;

test('a first start makes a cluster with checksums, UTF-8, C locale, scram and no network', async () => {
  const server = await startEmbedded(await temporaryFolder());
  const [facts] = await ask(
    server.address(),
    `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listens, current_setting('jit') as jit,
       pg_encoding_to_char(encoding) as encoding, datcollate as locale, current_database() as database, current_user as role,
       current_setting('timezone') as zone from pg_database where datname = current_database()`,
  );
  expect(facts).toEqual({
    checksums: 'on',
    listens: '',
    jit: 'off',
    encoding: 'UTF8',
    locale: 'C',
    database: 'gateway',
    role: 'gateway',
    zone: 'UTC',
  });
  const [hba] = await ask(
    server.address(),
    'select count(*)::int as rules, min(type) as type, min(auth_method) as method from pg_hba_file_rules',
  );
  expect(hba).toEqual({ rules: 1, type: 'local', method: 'scram-sha-256' });
});

test('a second start finds what the first one wrote, in well under a second', async () => {
  const directory = await stoppedFolder();
  const first = await startEmbedded(directory);
  await ask(first.address(), 'create table kept as select 42 as answer');
  await first.stop();
  const began = performance.now();
  const second = await startEmbedded(directory);
  const tookMs = performance.now() - began;
  expect(await ask(second.address(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(tookMs).toBeLessThan(1000);
});

test('a stop ends the server and takes its socket away, and stopping twice is stopping once', async () => {
  const server = await startEmbedded(await stoppedFolder());
  const { pid } = server;
  const { host } = server.address();
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  expect(await lives(pid ?? 0)).toBe(false);
  await expect(stat(host)).rejects.toThrow('ENOENT');
});

test('a server that hangs is left behind with a warning, not waited for without end', async () => {
  const log = recordedLog();
  const directory = await stoppedFolder();
  // A second passes in a twentieth of one.
  const server = await startEmbedded(directory, { log, wait: (ms, signal) => systemWait(ms / 20, signal) });
  const pid = server.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  try {
    await server.stop();
    expect(log.lines.at(-1)).toContain(`process ${pid}) did not stop within 15 s`);
  } finally {
    process.kill(pid, 'SIGCONT');
    await until(async () => !(await lives(pid)));
  }
});

test('a clean stop leaves nothing to recover', async () => {
  const directory = await stoppedFolder();
  const server = await startEmbedded(directory);
  expect(await readFile(join(directory, 'postgresql.log'), 'utf8')).not.toContain('was not properly shut down');
  expect(server.pid).toBeGreaterThan(0);
});

test('the password is private, never in the log, and no other opens the socket', async () => {
  const directory = await stoppedFolder();
  const log = recordedLog();
  const server = await startEmbedded(directory, { log });
  const password = (await readFile(join(directory, 'password'), 'utf8')).trim();
  expect(password).toMatch(RANDOM_256_BITS);
  expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(directory, 'cluster'))).mode & 0o777).toBe(0o700);
  expect((await stat(server.address().host)).mode & 0o777).toBe(0o700);
  const { connection } = server.address();
  await expect(ask({ ...server.address(), connection: { ...connection, password: 'guess' } }, 'select 1')).rejects.toMatchObject({
    code: '28P01',
  });
  const written =
    log.lines.join('\n') +
    (await readFile(join(directory, 'postgresql.log'), 'utf8')) +
    (await readFile(`/proc/${server.pid}/cmdline`, 'utf8'));
  expect(written).not.toContain(password);
});

test('statements and their values never reach the server log', async () => {
  const directory = await stoppedFolder();
  const server = await startEmbedded(directory);
  await expect(ask(server.address(), `select 'my-secret-word'::uuid`)).rejects.toMatchObject({ code: '22P02' });
  await expect(ask(server.address(), `select * from nowhere where word = 'my-secret-word'`)).rejects.toMatchObject({ code: '42P01' });
  expect(await readFile(join(directory, 'postgresql.log'), 'utf8')).not.toContain('my-secret-word');
});

test('the server has no part of our environment', async () => {
  process.env['SUPERVISOR_TOKEN_FOR_TEST'] = 'token';
  try {
    const server = await startEmbedded(await stoppedFolder());
    expect(await readFile(`/proc/${server.pid}/environ`, 'utf8')).not.toContain('SUPERVISOR_TOKEN_FOR_TEST');
  } finally {
    delete process.env['SUPERVISOR_TOKEN_FOR_TEST'];
  }
});

test('the server has a session of its own, so that Ctrl-C passes it by', async () => {
  const server = await startEmbedded(await stoppedFolder());
  const fields = (await readFile(`/proc/${server.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  expect(Number(fields[3])).toBe(server.pid);
});

test('the idle server weighs at most 70 MB', async () => {
  const server = await startEmbedded(await stoppedFolder());
  await ask(server.address(), 'select 1');
  const children = (await readFile(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')).trim().split(' ');
  let kilobytes = 0;
  for (const pid of [`${server.pid}`, ...children]) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  expect(kilobytes).toBeGreaterThan(0);
  expect(kilobytes).toBeLessThan(70 * 1024);
});
