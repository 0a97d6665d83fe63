import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { ConfigError } from '../../core/errors.ts';

/** What the folder of an embedded PostgreSQL holds. Only the cluster and the socket belong to the server's user. */
export interface EmbeddedFolder {
  readonly root: string;
  /** PostgreSQL's data directory, mode 0700. */
  readonly cluster: string;
  /** A cluster in the making; becomes `cluster` when it is whole. */
  readonly unfinished: string;
  /** Password of the superuser, mode 0600. */
  readonly password: string;
  /** Which process runs this PostgreSQL. */
  readonly owner: string;
  readonly log: string;
  /** The socket, when its path is short enough. */
  readonly run: string;
}

export function embeddedFolder(directory: string): EmbeddedFolder {
  const root = resolve(directory);
  return {
    root,
    cluster: join(root, 'cluster'),
    unfinished: join(root, 'cluster.unfinished'),
    password: join(root, 'password'),
    owner: join(root, 'owner'),
    log: join(root, 'postgresql.log'),
    run: join(root, 'run'),
  };
}

/** Makes the folder; others may pass through it to what belongs to the server's user. */
export async function makeFolder(folder: EmbeddedFolder): Promise<void> {
  await mkdir(folder.root, { recursive: true });
  await chmod(folder.root, 0o711);
}

/**
 * The superuser's password, made at the first call.
 *
 * @param clusterExists then the password must be there already
 * @throws {ConfigError} when it is not
 */
export async function passwordOf(folder: EmbeddedFolder, clusterExists: boolean): Promise<string> {
  const kept = await readFile(folder.password, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim() !== '') return kept.trim();
  if (clusterExists)
    throw new ConfigError(
      `${folder.password} is missing, so the PostgreSQL data in ${folder.cluster} cannot be opened. Restore both together.`,
    );
  const made = randomBytes(32).toString('base64url');
  await writeFile(folder.password, `${made}\n`, { mode: 0o600, flush: true });
  return made;
}
