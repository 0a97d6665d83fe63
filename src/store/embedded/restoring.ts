import { access, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '../../core/errors.ts';
import type { DatabaseAddress } from '../address.ts';
import type { StoreLog } from '../log.ts';
import type { Wait } from '../wait.ts';
import { DumpError, loadFrom } from './dump.ts';
import type { EmbeddedFolder } from './folder.ts';
import { isAlive, readPostmaster, stopPostmaster } from './postmaster.ts';

/** A dump that a restored backup may have left, for a start that finds no cluster (home-assistant 7.3). */
export interface Restore {
  readonly dump: string;
  /** Before anything is made. @throws {ConfigError} when this program may not use the dump */
  readonly before: () => Promise<void>;
  /** Whether a dump beside a cluster is one that our own last stop wrote, and no use any more. */
  readonly isOwn: () => Promise<boolean>;
  /** The dump was read and removed, or was no use any more. */
  readonly after: () => Promise<void>;
}

/** Begins a cluster with a dump. A start that was cut in between is made good by the next: what it had made is thrown away. */
export class Restoring {
  readonly #restore: Restore;
  readonly #folder: EmbeddedFolder;
  readonly #log: StoreLog;
  /** There from before the cluster is made until the dump is in it. */
  readonly #mark: string;

  constructor(restore: Restore, folder: EmbeddedFolder, log: StoreLog) {
    this.#restore = restore;
    this.#folder = folder;
    this.#log = log;
    this.#mark = join(folder.root, 'restoring');
  }

  /** Throws away a cluster that was not finished, also one whose server a killed gateway left running. */
  async clean(wait: Wait): Promise<void> {
    if (!(await exists(this.#mark))) return;
    const { cluster } = this.#folder;
    const left = await readPostmaster(cluster);
    if (left && (await isAlive(left))) await stopPostmaster(left, wait, { fastMs: 5000, immediateMs: 5000 });
    await rm(cluster, { recursive: true, force: true });
    await rm(this.#mark, { force: true });
  }

  /** @returns whether a dump is to be read into the cluster that is made next @throws {ConfigError} when it may not be used */
  async begin(): Promise<boolean> {
    if (!(await exists(this.#restore.dump))) return false;
    await this.#restore.before();
    await writeFile(this.#mark, '', { flush: true });
    this.#log.info('Restoring the database from a backup');
    return true;
  }

  /** @throws {ConfigError} when the dump cannot be read; nothing of it is then in the database, and the next start tries again */
  async load(programs: string, address: DatabaseAddress): Promise<void> {
    const { dump, after } = this.#restore;
    try {
      await loadFrom(dump, programs, address);
    } catch (error) {
      if (!(error instanceof DumpError)) throw error;
      throw new ConfigError(
        `The backup ${dump} could not be restored: ${error.message}. Restore another backup, or move the file away to begin with an empty database.`,
      );
    }
    await rm(this.#mark, { force: true });
    await rm(dump, { force: true });
    await after();
    this.#log.info('The database is restored');
  }

  /** There is a cluster: it wins over a dump beside it. */
  async passOver(): Promise<void> {
    const { after, dump, isOwn } = this.#restore;
    if (!(await exists(dump))) return;
    if (await isOwn()) await rm(dump, { force: true });
    else {
      await rename(dump, `${dump}.unused`);
      this.#log.warn(`There is a database already, so the backup beside it is not used; it is kept as ${dump}.unused`);
    }
    await after();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
