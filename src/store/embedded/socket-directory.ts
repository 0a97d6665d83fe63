import { chmod, chown, lstat, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { ConfigError } from '../../core/errors.ts';
import { canEnter, type ServerAccount } from './account.ts';

/** `sun_path` holds 108 bytes with its final NUL; PostgreSQL adds `/.s.PGSQL.5432`. */
const LONGEST_DIRECTORY = 107 - '/.s.PGSQL.5432'.length;

const TEMPORARY = 'llm-gateway-';
/** As many characters as `mkdtemp` puts behind a prefix. */
const ANY_SUFFIX = '0'.repeat(6);

/** Directories where a socket directory may be made, best first. */
export function socketParents(): readonly string[] {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  return [...(runtime ? [runtime] : []), tmpdir(), '/tmp', '/run'];
}

/**
 * Makes the directory of the server's socket, mode 0700: `preferred` when its path is short and the server's user can enter
 * it, else a new directory under one of `parents`.
 *
 * @throws {ConfigError} when none will do
 */
export async function makeSocketDirectory(preferred: string, parents: readonly string[], account: ServerAccount | null): Promise<string> {
  if (isShort(preferred)) {
    await mkdir(preferred, { recursive: true, mode: 0o700 });
    if (await handOver(preferred, account)) return preferred;
  }
  for (const parent of parents) {
    if (!isShort(join(parent, TEMPORARY + ANY_SUFFIX))) continue;
    const made = await mkdtemp(join(parent, TEMPORARY)).catch(() => null);
    if (made === null) continue;
    if (await handOver(made, account)) return made;
    await rmdir(made);
  }
  throw new ConfigError(
    `PostgreSQL needs a directory with a short path for its socket: none of ${[preferred, ...parents].join(', ')} will do`,
  );
}

/** Removes what {@link makeSocketDirectory} made and a dead server left. */
export async function removeSocketDirectory(directory: string): Promise<void> {
  const ours = basename(directory).startsWith(TEMPORARY) || basename(directory) === 'run';
  if (!ours) return;
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) await rm(join(directory, name), { force: true });
  await rmdir(directory).catch(() => {});
}

function isShort(directory: string): boolean {
  return Buffer.byteLength(directory) <= LONGEST_DIRECTORY;
}

async function handOver(directory: string, account: ServerAccount | null): Promise<boolean> {
  if (!(await lstat(directory)).isDirectory()) return false;
  await chmod(directory, 0o700);
  if (account) await chown(directory, account.uid, account.gid);
  return canEnter(directory, account);
}
