import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { systemClock } from '../../../src/core/clock.ts';
import { Database } from '../../../src/store/database.ts';
import { ask, recordedLog, startEmbedded, until, useStoppedFolders } from './embedded-for-tests.ts';

const stoppedFolder = useStoppedFolders();

test('PostgreSQL that is killed runs again within 5 seconds, with what was committed', async () => {
  const log = recordedLog();
  const server = await startEmbedded(await stoppedFolder(), { log, durable: true });
  await ask(server.address(), 'create table kept as select 42 as answer');
  const { pid } = server;
  const began = performance.now();
  process.kill(pid ?? 0, 'SIGKILL');
  await until(() => server.pid !== null && server.pid !== pid);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(await ask(server.address(), 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(log.lines[0]).toBe(`PostgreSQL (process ${pid}) ended; starting it again`);
});

test('a server that cannot start again is tried again, each time saying why, until it can', async () => {
  const directory = await stoppedFolder();
  const log = recordedLog();
  const server = await startEmbedded(directory, { log });
  const control = join(directory, 'cluster', 'global', 'pg_control');
  await rename(control, `${control}.away`);
  process.kill(server.pid ?? 0, 'SIGQUIT');
  await until(() => log.lines.filter((line) => line.includes('did not start')).length >= 2);
  expect(log.lines[1]).toMatch(
    /did not start from .*could not open file ".*global\/pg_control": No such file or directory\. Its log.*Next try in 0\.1 s/,
  );
  expect(server.pid).toBeNull();
  await rename(`${control}.away`, control);
  await until(() => server.pid !== null);
  expect(await ask(server.address(), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('the pool notices both, fails at once meanwhile, and is back by itself', async () => {
  const directory = await stoppedFolder();
  const server = await startEmbedded(directory);
  const database = new Database({ address: () => server.address(), clock: systemClock, log: recordedLog() });
  const seen: string[] = [];
  database.onChange(({ status }) => seen.at(-1) !== status && seen.push(status));
  database.start();
  try {
    await database.whenConnected();
    await database.query('select 1');
    process.kill(server.pid ?? 0, 'SIGKILL');
    await until(() => database.state.status === 'away');
    expect(database.state.why).toMatch(/^database "gateway" at .*: /);
    const began = performance.now();
    await expect(database.query('select 1')).rejects.toMatchObject({ name: 'DatabaseError', failure: 'away', transient: true });
    expect(performance.now() - began).toBeLessThan(50);
    await database.whenConnected();
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(seen).toEqual(['connected', 'away', 'connected']);
  } finally {
    await database.stop();
  }
});
