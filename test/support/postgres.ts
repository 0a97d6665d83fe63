/**
 * One PostgreSQL for a whole test run, and a fresh database for each test file.
 *
 * Name this file in `globalSetup` of the vitest configuration; tests call {@link freshDatabase}.
 */
import { randomUUID } from 'node:crypto';
import { access, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';

import { addressUrl, parseDatabaseUrl, type DatabaseAddress } from '../../src/store/address.ts';
import { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the migrated template database. */
    postgres: string;
  }
}

export const MIGRATIONS = join(import.meta.dirname, '../../src/store/migrations');

export const silent = { info: (): void => {}, warn: (): void => {} };

/** Where clusters of tests are: in memory when there is room, for they are written much and kept by nobody. */
export async function scratchParent(): Promise<string> {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > 2 ** 31 ? '/dev/shm' : tmpdir();
}

const PREFIX = 'gateway-test-postgres-';

let running: { readonly server: EmbeddedPostgres; readonly directory: string } | null = null;

/** Starts the server and migrates the template. */
export async function setup(project: TestProject): Promise<void> {
  const parent = await scratchParent();
  await removeLeftovers(parent);
  const directory = await mkdtemp(join(parent, PREFIX));
  const server = new EmbeddedPostgres({ directory, log: silent, maxConnections: 100, durable: false });
  await server.start();
  running = { server, directory };
  await migrate(server.address(), MIGRATIONS, silent);
  project.provide('postgres', addressUrl(server.address()));
}

/** Servers outlive a run that was killed: they are taken over and stopped. Those of living runs refuse. */
async function removeLeftovers(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const directory of names.map((name) => join(parent, name))) {
    try {
      await access(join(directory, 'owner'));
      const leftover = new EmbeddedPostgres({ directory, log: silent, durable: false });
      await leftover.start();
      await leftover.stop();
      await rm(directory, { recursive: true, force: true });
    } catch {
      // In use, or not ours to remove.
    }
  }
}

export async function teardown(): Promise<void> {
  await running?.server.stop();
  if (running) await rm(running.directory, { recursive: true, force: true });
  running = null;
}

export interface FreshDatabase {
  readonly address: DatabaseAddress;
  readonly url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * A database of one's own: migrated, or with nothing in it.
 *
 * @param from `template0` for an empty one
 */
export async function freshDatabase(from: 'migrated' | 'template0' = 'migrated'): Promise<FreshDatabase> {
  const { inject } = await import('vitest');
  const url = inject('postgres');
  if (!url) throw new Error('no PostgreSQL for tests: name test/support/postgres.ts in globalSetup of vitest.config.ts');
  const template = parseDatabaseUrl(url);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const source = from === 'migrated' ? template.database : from;
  await administer(url, `create database ${name} template ${source} strategy file_copy`);
  const own = withDatabase(url, name);
  return { address: parseDatabaseUrl(own), url: own, drop: () => administer(url, `drop database if exists ${name} with (force)`) };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(text: string, database: string): string {
  const url = new URL(text);
  url.pathname = `/${database}`;
  return url.href;
}
