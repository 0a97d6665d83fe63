import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

import { addressUrl, type DatabaseAddress } from '../../../src/store/address.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { freshDatabase, MIGRATIONS, silent } from '../../support/postgres.ts';

async function emptyDatabase(): Promise<DatabaseAddress> {
  const fresh = await freshDatabase('template0');
  onTestFinished(() => fresh.drop());
  return fresh.address;
}

async function ask<Row extends object>(address: DatabaseAddress, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: addressUrl(address) });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function copiedMigrations(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const file of await readdir(MIGRATIONS)) await copyFile(join(MIGRATIONS, file), join(directory, file));
  return directory;
}

test('twenty instances at once migrate once', async () => {
  const address = await emptyDatabase();
  const results = await Promise.all(Array.from({ length: 20 }, () => migrate(address, MIGRATIONS, silent)));
  const files = (await readdir(MIGRATIONS)).map((file) => file.replace('.sql', ''));
  expect(results.flat()).toEqual(files);
});

test('twice is the same as once', async () => {
  const address = await emptyDatabase();
  await migrate(address, MIGRATIONS, silent);
  const columns = `select table_name, column_name, data_type, is_nullable, column_default
    from information_schema.columns where table_schema = 'gateway' order by 1, 2`;
  const before = await ask(address, columns);
  expect(await migrate(address, MIGRATIONS, silent)).toEqual([]);
  expect(await ask(address, columns)).toEqual(before);
  expect(before.length).toBeGreaterThan(100);
});

test('everything is in the schema gateway, and public stays as it was', async () => {
  const address = await emptyDatabase();
  await migrate(address, MIGRATIONS, silent);
  const tables = await ask<{ name: string }>(
    address,
    `select table_name as name from information_schema.tables where table_schema = 'gateway' and table_name not like 'spend_logs_%' order by 1`,
  );
  expect(tables.map(({ name }) => name)).toEqual([
    'audit_logs',
    'balances',
    'credentials',
    'daily_spend',
    'daily_totals',
    'deleted_keys',
    'journal_positions',
    'migrations',
    'models',
    'quarter_totals',
    'sessions',
    'settings',
    'spend_logs',
    'spend_quarters',
    'users',
    'virtual_keys',
  ]);
  expect(await ask(address, `select 1 from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
});

test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
  const address = await emptyDatabase();
  const directory = await copiedMigrations();
  await writeFile(join(directory, '9998_good.sql'), 'create table good (id int);');
  await writeFile(join(directory, '9999_bad.sql'), 'create table half (id int); select 1/0;');
  await expect(migrate(address, directory, silent)).rejects.toMatchObject({ name: 'DatabaseError', code: '22012' });
  const found = await ask(address, `select to_regclass('gateway.half') is null as no_half, to_regclass('gateway.good') is null as no_good`);
  expect(found).toEqual([{ no_half: true, no_good: false }]);
  await writeFile(join(directory, '9999_bad.sql'), 'create table half (id int);');
  expect(await migrate(address, directory, silent)).toEqual(['9999_bad']);
});

test('a database that a newer version changed is used, with a warning', async () => {
  const address = await emptyDatabase();
  const newer = await copiedMigrations();
  await writeFile(join(newer, '9999_future.sql'), 'create table future (id int);');
  await migrate(address, newer, silent);
  const warnings: string[] = [];
  expect(await migrate(address, MIGRATIONS, { info: () => {}, warn: (line) => warnings.push(line) })).toEqual([]);
  expect(warnings).toEqual(['The database was changed by a newer version of the gateway (9999_future)']);
});

test('a user who may not make schemas migrates into one that was made for it', async () => {
  const address = await emptyDatabase();
  const role = `app_${Date.now()}`;
  await ask(address, `create role ${role} login password 'pw'`);
  await ask(address, `create schema gateway authorization ${role}`);
  const url = new URL(addressUrl(address));
  url.username = role;
  url.password = 'pw';
  const asUser: DatabaseAddress = { ...address, connection: { url: url.href } };
  try {
    expect(await migrate(asUser, MIGRATIONS, silent)).not.toEqual([]);
  } finally {
    await ask(address, `drop owned by ${role} cascade`);
    await ask(address, `drop role ${role}`);
  }
});

test('a database that is away is a transient error', async () => {
  const address = await emptyDatabase();
  const url = new URL(addressUrl(address));
  url.pathname = '/nowhere';
  await expect(migrate({ ...address, connection: { url: url.href } }, MIGRATIONS, silent)).rejects.toMatchObject({
    failure: 'away',
    transient: true,
  });
});
