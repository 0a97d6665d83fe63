import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';

import type { Clock } from '../../../src/core/clock.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { addressUrl, parseDatabaseUrl } from '../../../src/store/address.ts';
import { Database } from '../../../src/store/database.ts';
import { useDatabase } from '../database-for-tests.ts';

const own = useDatabase();

/** A database whose waits end when the test says so; a wait of n ms moves the clock by n ms. */
function heldDatabase(url: string) {
  const lines: string[] = [];
  let elapsed = 0;
  let waits: (() => void)[] = [];
  let whenWaiting = Promise.withResolvers<void>();
  const clock: Clock = { now: () => 1_700_000_000_000 + elapsed, elapsed: () => elapsed };
  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      waits.push(() => {
        elapsed += ms;
        resolve();
      });
      whenWaiting.resolve();
    });
  const database = new Database({
    address: () => parseDatabaseUrl(url),
    clock,
    wait,
    log: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
  });
  onTestFinished(() => database.stop());
  return {
    database,
    lines,
    /** Resolves once a try has failed. */
    fail: (): Promise<void> => whenWaiting.promise,
    tryAgain: (): void => {
      whenWaiting = Promise.withResolvers();
      const ready = waits;
      waits = [];
      for (const end of ready) end();
    },
  };
}

function changed(change: (url: URL) => void): string {
  const url = new URL(addressUrl(own.fresh.address));
  change(url);
  return url.href;
}

async function whyOf(url: string): Promise<{ why: string | null; lines: string[] }> {
  const { database, lines, fail } = heldDatabase(url);
  database.start();
  await fail();
  expect(database.state.status).toBe('starting');
  return { why: database.state.why, lines };
}

test('a host name that is unknown', async () => {
  const { why, lines } = await whyOf('postgresql://gateway:s3cr3t@db.invalid:6543/spend');
  expect(why).toBe('database "spend" at db.invalid:6543: the host name is not known');
  expect(lines).toEqual([`Waiting for ${why}`]);
});

test('a host that refuses', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const { why } = await whyOf(`postgresql://gateway:s3cr3t@127.0.0.1:${port}/spend`);
  expect(why).toBe(`database "spend" at 127.0.0.1:${port}: the connection is refused: no PostgreSQL listens there`);
});

test('a wrong password', async () => {
  const { why, lines } = await whyOf(changed((url) => (url.password = 's3cr3t')));
  expect(why).toMatch(/: user "gateway" or the password is refused \(28P01\)$/);
  expect(lines.join()).not.toContain('s3cr3t');
});

test('a database that does not exist', async () => {
  const { why } = await whyOf(changed((url) => (url.pathname = '/nowhere')));
  expect(why).toMatch(/^database "nowhere" at .*: this database does not exist \(3D000\)$/);
});

test('text that is no PostgreSQL URL is an error of configuration that does not repeat it', () => {
  for (const text of ['mysql://root:s3cr3t@host/db', 'host=db password=s3cr3t', '', 'postgresql://', 'postgresql://host/%zz?s3cr3t']) {
    const parse = () => parseDatabaseUrl(text);
    expect(parse).toThrow(ConfigError);
    expect(parse).not.toThrow(/s3cr3t/);
  }
});

test.each([
  ['postgresql://u:p@db:6543/spend', { host: 'db:6543', database: 'spend', user: 'u' }],
  ['postgres://u:p%40x@db/spend?sslmode=require', { host: 'db:5432', database: 'spend', user: 'u' }],
  ['postgresql://u:p@/spend?host=/run/postgresql', { host: '/run/postgresql', database: 'spend', user: 'u' }],
  ['postgresql://u:p@%2Frun%2Fpostgresql/spend', { host: '/run/postgresql', database: 'spend', user: 'u' }],
  ['postgresql://u@[::1]:5433', { host: '[::1]:5433', database: 'u', user: 'u' }],
])('%s names its host and database', (text, expected) => {
  expect(parseDatabaseUrl(text)).toMatchObject(expected);
});

test('while it is away the log has one line a minute, and one more when it is back', async () => {
  const name = own.fresh.address.database;
  const held = heldDatabase(changed((url) => (url.pathname = `/${name}_later`)));
  held.database.start();
  let tries = 0;
  for (; held.lines.length < 3; tries++) {
    await held.fail();
    held.tryAgain();
  }
  expect(held.database.state).toMatchObject({ status: 'starting', since: 1_700_000_000_000 });
  // 0.1 s, doubling up to 5 s: three lines are two minutes.
  expect(tries).toBeGreaterThan(24);
  expect(tries).toBeLessThan(40);
  await own.database.execute(`create database ${name}_later`);
  try {
    await held.fail();
    held.tryAgain();
    await held.database.whenConnected();
    expect(held.lines.slice(3)).toEqual([expect.stringMatching(/^Connected to database ".*_later" at /)]);
    expect(held.database.state).toMatchObject({ status: 'connected', why: null });
  } finally {
    await held.database.stop();
    await own.database.execute(`drop database ${name}_later`);
  }
});

test('stopping ends the waiting', async () => {
  const { database, fail } = heldDatabase(changed((url) => (url.pathname = '/nowhere')));
  database.start();
  const stopped = fail().then(() => database.stop());
  await expect(database.whenConnected()).rejects.toThrow('aborted');
  await stopped;
});
