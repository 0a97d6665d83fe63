import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import type { DatabaseAddress } from '../address.ts';
import { SERVER_ENVIRONMENT } from './cluster.ts';

const run = promisify(execFile);

/** A dump could not be written or read; the message holds what the program said. */
export class DumpError extends Error {
  override readonly name = 'DumpError';
}

/**
 * Writes the whole database to a file, which appears under its name when it is whole and on the disk.
 *
 * @param programs folder of `pg_dump`
 * @throws {DumpError}
 */
export async function dumpTo(file: string, programs: string, address: DatabaseAddress, limitMs: number): Promise<void> {
  const draft = `${file}.tmp`;
  try {
    await call(
      join(programs, 'pg_dump'),
      ['--format=custom', '--compress=1', '--no-owner', '--no-acl', `--file=${draft}`],
      address,
      limitMs,
    );
    await sync(draft);
    await rename(draft, file);
    await sync(dirname(file));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Reads a dump into an empty database: all of it, or nothing.
 *
 * @param programs folder of `pg_restore`
 * @throws {DumpError}
 */
export async function loadFrom(file: string, programs: string, address: DatabaseAddress): Promise<void> {
  const options = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-acl', `--dbname=${address.database}`];
  await call(join(programs, 'pg_restore'), [...options, file], address, 0);
}

/** Whether dumps can be written and read with the programs of this folder. The npm package has none for it. */
export function canDump(programs: string): boolean {
  return ['pg_dump', 'pg_restore'].every((name) => existsSync(join(programs, name)));
}

/** @param limitMs 0: as long as it takes */
async function call(program: string, options: readonly string[], { connection, user }: DatabaseAddress, limitMs: number): Promise<void> {
  if ('url' in connection) throw new DumpError('only the built-in database is dumped');
  const { host, port, database, password } = connection;
  const env = { ...SERVER_ENVIRONMENT, PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: database, PGPASSWORD: password };
  try {
    await run(program, options, { env, timeout: limitMs, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    throw new DumpError(reasonOf(error as { killed?: boolean; stderr?: string; message: string }, limitMs));
  }
}

function reasonOf({ killed, stderr, message }: { killed?: boolean; stderr?: string; message: string }, limitMs: number): string {
  if (killed) return `it was not done after ${limitMs / 1000} s`;
  const lines = (stderr || message).trim().split('\n');
  return (lines.find((line) => line.includes('error:')) ?? lines[0] ?? '').replace(/^\S+: error: /, '').trim();
}
