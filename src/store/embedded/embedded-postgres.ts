import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';

import { ConfigError } from '../../core/errors.ts';
import { socketAddress, type DatabaseAddress } from '../address.ts';
import type { StoreLog } from '../log.ts';
import { backOff, isAbort, systemWait, type Wait } from '../wait.ts';
import { serverAccount, type ServerAccount } from './account.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { configureCluster, hasCluster, makeCluster } from './cluster.ts';
import { embeddedFolder, makeFolder, passwordOf, type EmbeddedFolder } from './folder.ts';
import { launch, LaunchError, startTrouble } from './launch.ts';
import { claim, release } from './owner.ts';
import { isAlive, readPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts';
import { Restoring, type Restore } from './restoring.ts';
import { DATABASE, ROLE } from './settings.ts';
import { makeSocketDirectory, removeSocketDirectory, socketParents } from './socket-directory.ts';

export interface EmbeddedOptions {
  /** Folder of everything that belongs to it; made when missing. */
  readonly directory: string;
  readonly log: StoreLog;
  /** Directory of `postgres` and `initdb`; absent: the npm package's. */
  readonly binaries?: string;
  /** User that runs the server; absent: `nobody` for root, else ourselves (ruling S12). */
  readonly account?: ServerAccount | null;
  readonly maxConnections?: number;
  /** Where a short socket path may be found when the folder's own is too long. */
  readonly socketParents?: readonly string[];
  /** Where programs are copied that the server's user cannot read. */
  readonly copyTo?: readonly string[];
  readonly wait?: Wait;
  /** What a start without a cluster begins with; needs `binaries`. */
  readonly restore?: Restore;
  /** False only in tests. */
  readonly durable?: boolean;
}

const READY_WITHIN_MS = 120_000;
const STOP_BOUNDS = { fastMs: 10_000, immediateMs: 5000 };
const WATCH_MS = 500;

/**
 * The PostgreSQL that we run (rulings S3, S8, S12): made at the first start, adopted when a killed gateway left it running,
 * restarted when it dies, stopped last. It listens on a socket alone.
 */
export class EmbeddedPostgres {
  readonly #options: EmbeddedOptions;
  readonly #folder: EmbeddedFolder;
  readonly #account: ServerAccount | null;
  readonly #wait: Wait;
  readonly #stopping = new AbortController();
  readonly #restoring: Restoring | null;
  #binaries: Binaries | null = null;
  #password = '';
  #socketDirectory: string | null = null;
  #server: Postmaster | null = null;
  #watching: Promise<void> = Promise.resolve();
  #claimed = false;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#folder = embeddedFolder(options.directory);
    this.#account = options.account === undefined ? serverAccount() : options.account;
    this.#wait = options.wait ?? systemWait;
    this.#restoring = options.restore ? new Restoring(options.restore, this.#folder, options.log) : null;
  }

  /**
   * Resolves when the server answers.
   *
   * @throws {ConfigError} one line for the operator: foreign or broken data, another version, no rights, no programs
   */
  async start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      await this.stop();
      if (error instanceof LaunchError) throw startTrouble(this.#folder, error);
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOSPC' || code === 'ENOTDIR') {
        throw new ConfigError(`The PostgreSQL folder ${this.#folder.root} cannot be used: ${message}`);
      }
      throw error;
    }
    this.#watching = this.#watch();
  }

  /** Where it listens; the same until `stop()`. @throws before `start()` */
  address(): DatabaseAddress {
    if (this.#socketDirectory === null) throw new Error('the embedded PostgreSQL was not started');
    return socketAddress(this.#socketDirectory, DATABASE, ROLE, this.#password);
  }

  /** Process id of the server, for tests and figures; `null` while there is none. */
  get pid(): number | null {
    return this.#server?.pid ?? null;
  }

  /** Stops the server within some 15 s, whatever it does. Stopping twice is stopping once. */
  async stop(): Promise<void> {
    if (!this.#claimed) return;
    this.#claimed = false;
    this.#stopping.abort();
    await this.#watching;
    const server = this.#server;
    this.#server = null;
    const gone = server === null || (await stopPostmaster(server, this.#wait, STOP_BOUNDS));
    const boundS = (STOP_BOUNDS.fastMs + STOP_BOUNDS.immediateMs) / 1000;
    if (!gone) this.#options.log.warn(`PostgreSQL (process ${server.pid}) did not stop within ${boundS} s and was left behind`);
    else if (this.#socketDirectory !== null) await removeSocketDirectory(this.#socketDirectory);
    await release(this.#folder.owner);
  }

  async #begin(): Promise<void> {
    const folder = this.#folder;
    await makeFolder(folder);
    await claim(folder.owner);
    this.#claimed = true;
    const { binaries = null, copyTo = [folder.root, '/var/lib/llm-gateway', join(tmpdir(), 'llm-gateway')] } = this.#options;
    this.#binaries = await findBinaries(binaries, copyTo, this.#account);
    await this.#restoring?.clean(this.#wait);
    const exists = await hasCluster(folder, this.#binaries);
    const restores = !exists && ((await this.#restoring?.begin()) ?? false);
    this.#password = await passwordOf(folder, exists);
    if (exists && (await this.#adopt())) return this.#restoring?.passOver();
    this.#socketDirectory = await makeSocketDirectory(folder.run, this.#options.socketParents ?? socketParents(), this.#account);
    if (!exists) {
      const { durable = true } = this.#options;
      await makeCluster({
        folder,
        binaries: this.#binaries,
        account: this.#account,
        scratch: this.#socketDirectory,
        password: this.#password,
        durable,
      });
    }
    await this.#launchSoon();
    await this.#makeDatabase();
    if (restores) await this.#restoring?.load(dirname(this.#binaries.postgres), this.address());
    else if (exists) await this.#restoring?.passOver();
  }

  /** Takes over a server that a killed gateway left. One that does not answer is stopped, so that another can start. */
  async #adopt(): Promise<boolean> {
    const found = await readPostmaster(this.#folder.cluster);
    if (found === null) return false;
    if (!(await isAlive(found))) {
      await removeSocketDirectory(found.socketDirectory);
      return false;
    }
    this.#server = found;
    this.#socketDirectory = found.socketDirectory;
    if (await this.#answers()) {
      this.#options.log.info(`PostgreSQL (process ${found.pid}) was left running by a gateway that was killed; it is used on`);
      return true;
    }
    if (!(await stopPostmaster(found, this.#wait, STOP_BOUNDS)))
      throw new LaunchError(`process ${found.pid} holds it and neither answers nor stops`);
    this.#server = null;
    this.#socketDirectory = null;
    return false;
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#makeDatabase();
      return true;
    } catch {
      return false;
    }
  }

  /** The database is made after the cluster; a start that was cut in between is made good by the next. */
  async #makeDatabase(): Promise<void> {
    try {
      await this.#ask(DATABASE, 'select 1');
    } catch (error) {
      if ((error as { readonly code?: string }).code !== '3D000') throw error;
      await this.#ask('postgres', `create database ${DATABASE}`);
    }
  }

  async #ask(database: string, statement: string): Promise<void> {
    const { host } = this.address();
    const login = { host, port: 5432, database, user: ROLE, password: this.#password };
    const client = new Client({ ...login, connectionTimeoutMillis: 5000, query_timeout: 30_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** Launches, with patience for the last processes of a server that was killed. */
  async #launchSoon(): Promise<void> {
    let tries = 0;
    for (const delayMs of backOff(100, 1000)) {
      try {
        this.#server = await this.#launch();
        return;
      } catch (error) {
        if (!(error instanceof LaunchError) || !error.soon || ++tries > 8) throw error;
      }
      await this.#wait(delayMs, this.#stopping.signal);
    }
  }

  async #launch(): Promise<Postmaster> {
    const { maxConnections = 25, durable = true } = this.#options;
    const [binaries, socketDirectory] = [this.#binaries, this.#socketDirectory];
    if (binaries === null || socketDirectory === null) throw new Error('launched before it was prepared');
    const [folder, account] = [this.#folder, this.#account];
    await configureCluster(folder, account, { maxConnections, durable });
    const what = { folder, binaries, account, socketDirectory, wait: this.#wait, readyWithinMs: READY_WITHIN_MS };
    return launch(what, this.#stopping.signal);
  }

  /** Restarts the server whenever it ends, until `stop()`: at once, then with back-off up to 5 s. */
  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for (;;) {
        await this.#wait(WATCH_MS, signal);
        if (this.#server === null || (await isAlive(this.#server))) continue;
        this.#options.log.warn(`PostgreSQL (process ${this.#server.pid}) ended; starting it again`);
        this.#server = null;
        await this.#restart();
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  async #restart(): Promise<void> {
    for (const delayMs of backOff(100, 5000)) {
      try {
        this.#server = await this.#launch();
        this.#options.log.info(`PostgreSQL runs again (process ${this.#server.pid})`);
        return;
      } catch (error) {
        if (isAbort(error) || this.#stopping.signal.aborted) throw error;
        const reason = error instanceof LaunchError ? startTrouble(this.#folder, error).message : String(error);
        this.#options.log.warn(`${reason} Next try in ${delayMs / 1000} s.`);
      }
      await this.#wait(delayMs, this.#stopping.signal);
    }
  }
}
