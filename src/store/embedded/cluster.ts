import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ConfigError } from '../../core/errors.ts';
import { canEnter, type ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { EmbeddedFolder } from './folder.ts';
import { PG_HBA, postgresqlConf, ROLE } from './settings.ts';

const run = promisify(execFile);

/** What PostgreSQL's programs see of our environment: nothing secret. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Whether the folder has a cluster.
 *
 * @throws {ConfigError} when something else lies there, or a cluster that these programs cannot open
 */
export async function hasCluster(folder: EmbeddedFolder, binaries: Binaries): Promise<boolean> {
  const found = await readdir(folder.cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return false;
  const major = (await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (major === '')
    throw new ConfigError(`${folder.cluster} holds no PostgreSQL data (its file PG_VERSION is missing). Move it away, or restore it.`);
  const ours = await majorOf(binaries);
  if (major === ours) return true;
  throw new ConfigError(
    `${folder.cluster} was made by PostgreSQL ${major}, and this is PostgreSQL ${ours}. Nothing was touched: dump it with version ${major} and load the dump here.`,
  );
}

async function majorOf({ postgres }: Binaries): Promise<string> {
  const { stdout } = await run(postgres, ['--version'], { env: SERVER_ENVIRONMENT });
  return /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1] ?? stdout.trim();
}

export interface NewCluster {
  readonly folder: EmbeddedFolder;
  readonly binaries: Binaries;
  readonly account: ServerAccount | null;
  /** A directory that the server's user can read, for the password file. */
  readonly scratch: string;
  readonly password: string;
  readonly durable: boolean;
}

/**
 * Makes the cluster: page checksums, UTF-8, C locale, scram. It appears under its name only when it is whole.
 *
 * @throws {ConfigError} with what `initdb` said
 */
export async function makeCluster({ folder, binaries, account, scratch, password, durable }: NewCluster): Promise<void> {
  await rm(folder.unfinished, { recursive: true, force: true });
  await mkdir(folder.unfinished, { mode: 0o700 });
  const passwordFile = join(scratch, 'initdb-password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) {
      await chown(folder.unfinished, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    const options = [`--username=${ROLE}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
    options.push('--data-checksums', '--no-instructions', ...(durable ? [] : ['--no-sync']));
    const place = await placeFor(folder.unfinished, account);
    await run(binaries.initdb, ['-D', place, ...options], { cwd: folder.unfinished, env: SERVER_ENVIRONMENT, ...account });
  } catch (error) {
    await rm(folder.unfinished, { recursive: true, force: true });
    throw new ConfigError(`PostgreSQL data could not be made in ${folder.cluster}: ${reasonOf(error)}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(folder.unfinished, folder.cluster);
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  const lines = (stderr || message).trim().split('\n');
  return (lines.find((line) => /error:|FATAL/.test(line)) ?? lines[0] ?? '').trim();
}

/** Writes the settings and makes sure that the cluster belongs to the server's user. */
export async function configureCluster(
  folder: EmbeddedFolder,
  account: ServerAccount | null,
  conf: { maxConnections: number; durable: boolean },
): Promise<void> {
  await writeFile(join(folder.cluster, 'postgresql.conf'), postgresqlConf(conf.maxConnections, conf.durable), { mode: 0o644 });
  await writeFile(join(folder.cluster, 'pg_hba.conf'), PG_HBA, { mode: 0o644 });
  const owner = account?.uid ?? process.getuid?.();
  const { uid } = await stat(folder.cluster);
  if (uid === owner) return;
  if (!account)
    throw new ConfigError(
      `${folder.cluster} belongs to user ${uid}, and the gateway runs as user ${owner}. Run it as that user, or change the owner.`,
    );
  await chownAll(folder.cluster, account);
}

async function chownAll(directory: string, { uid, gid }: ServerAccount): Promise<void> {
  await chown(directory, uid, gid);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    await chown(join(entry.parentPath, entry.name), uid, gid);
  }
}

/**
 * How the server is told its data directory. `nobody` cannot pass through a private directory such as `/root`; a server that
 * starts inside its data directory reaches it through its own `/proc` entry, and every other path it uses is relative.
 */
export async function placeFor(directory: string, account: ServerAccount | null): Promise<string> {
  return (await canEnter(directory, account)) ? directory : '/proc/self/cwd';
}
