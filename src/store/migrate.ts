import { readdir } from 'node:fs/promises';
import { Client } from 'pg';

import type { DatabaseAddress } from './address.ts';
import { databaseErrorOf } from './database-error.ts';
import type { StoreLog } from './log.ts';

/** Ours alone, so that another program's migrations in the same database are not waited for. */
const LOCK = 4_700_174_621;
const SCHEMA = 'gateway';
const TABLE = 'migrations';

/**
 * Brings the schema `gateway` up to date. Each migration is one transaction; any number of instances may do this at once:
 * one works, the others wait for it and find nothing to do.
 *
 * @param directory of the numbered `.sql` files
 * @returns names of the migrations that were applied
 * @throws {DatabaseError}
 */
export async function migrate(address: DatabaseAddress, directory: string, log: StoreLog): Promise<readonly string[]> {
  const { connection } = address;
  const client = new Client({
    ...('url' in connection ? { connectionString: connection.url } : connection),
    fallback_application_name: 'llm-gateway migrations',
    connectionTimeoutMillis: 10_000,
    // Waiting for another instance, or for a large table, takes as long as it takes.
    statement_timeout: 0,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const applied = await appliedNames(client);
    const known = await namesIn(directory);
    const newer = [...applied].filter((name) => !known.includes(name));
    if (newer.length > 0) log.warn(`The database was changed by a newer version of the gateway (${newer.join(', ')})`);
    if (known.every((name) => applied.has(name))) return [];
    return await apply(client, directory, log);
  } catch (error) {
    throw databaseErrorOf(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  const files = await readdir(directory);
  return files.filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -'.sql'.length));
}

async function appliedNames(client: Client): Promise<ReadonlySet<string>> {
  const { rows: tables } = await client.query<{ readonly found: boolean }>(`select to_regclass('${SCHEMA}.${TABLE}') is not null as found`);
  if (tables[0]?.found !== true) return new Set();
  const { rows } = await client.query<{ readonly name: string }>(`select name from ${SCHEMA}.${TABLE}`);
  return new Set(rows.map(({ name }) => name));
}

async function apply(client: Client, directory: string, log: StoreLog): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly missing: boolean }>(`select to_regnamespace('${SCHEMA}') is null as missing`);
  const missing = rows[0]?.missing === true;
  // Loaded only when there is work: a start with an up-to-date database saves 60 ms and some megabytes.
  const { runner } = await import('node-pg-migrate');
  const quiet = (): void => {};
  const done = await runner({
    dbClient: client,
    dir: directory,
    direction: 'up',
    schema: SCHEMA,
    createSchema: missing,
    migrationsTable: TABLE,
    lockValue: LOCK,
    advisoryLockMode: 'wait',
    logger: { debug: quiet, info: quiet, warn: (text: string) => log.warn(text), error: (text: string) => log.warn(text) },
  });
  return done.map(({ name }) => name);
}
