import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';

import { ConfigError } from '../../core/errors.ts';
import type { Wait } from '../wait.ts';
import type { ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { placeFor, SERVER_ENVIRONMENT } from './cluster.ts';
import type { EmbeddedFolder } from './folder.ts';
import { pidFile, readPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts';

const MAX_LOG_BYTES = 1_048_576;
const POLL_MS = 10;

/** PostgreSQL ended before it took connections. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  /** Processes of a killed server are still on their way out; the next try will do. */
  readonly soon: boolean;
  constructor(message: string) {
    super(message);
    this.soon = /shared memory block|lock file "postmaster\.pid" already exists|is already in use/.test(message);
  }
}

export interface Launch {
  readonly folder: EmbeddedFolder;
  readonly binaries: Binaries;
  readonly account: ServerAccount | null;
  readonly socketDirectory: string;
  readonly wait: Wait;
  /** How long recovery may take. */
  readonly readyWithinMs: number;
}

/**
 * Starts the server in a session of its own, so that neither Ctrl-C nor our own death ends it, and waits until it is ready.
 *
 * @throws {LaunchError} with PostgreSQL's own words when it ends instead
 */
export async function launch(
  { folder, binaries, account, socketDirectory, wait, readyWithinMs }: Launch,
  signal: AbortSignal,
): Promise<Postmaster> {
  await yieldPidFile(folder.cluster);
  const log = await openLog(folder.log);
  const began = (await log.stat()).size;
  const place = await placeFor(folder.cluster, account);
  const child = spawn(binaries.postgres, ['-D', place, '-k', socketDirectory], {
    cwd: folder.cluster,
    env: SERVER_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...account,
  });
  child.unref();
  const ended = once(child, 'exit').then(
    () => reasonIn(folder.log, began),
    (error: Error) => error.message,
  );
  await log.close();
  for (let left = readyWithinMs; ; left -= POLL_MS) {
    const reason = await Promise.race([ended, wait(POLL_MS).then(() => null)]);
    if (reason !== null) throw new LaunchError(reason);
    const server = await readPostmaster(folder.cluster);
    const ours = server?.pid === child.pid ? server : null;
    if (ours?.status === 'ready') return ours;
    if (left <= 0 || signal.aborted) {
      if (child.pid !== undefined)
        await stopPostmaster({ pid: child.pid, socketDirectory, status: '' }, wait, { fastMs: 5000, immediateMs: 5000 });
      signal.throwIfAborted();
      throw new LaunchError(`it was not ready after ${readyWithinMs / 1000} s`);
    }
  }
}

/**
 * A `postmaster.pid` whose process id went to some other program makes PostgreSQL refuse to start. With our own id in it PostgreSQL
 * knows that its parent is no rival, and still checks the shared memory that the file names.
 */
async function yieldPidFile(cluster: string): Promise<void> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => null);
  if (text !== null) await writeFile(pidFile(cluster), text.replace(/^-?\d+/, `${process.pid}`));
}

async function openLog(file: string) {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > MAX_LOG_BYTES) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

async function reasonIn(file: string, began: number): Promise<string> {
  const lines = (await readFile(file)).subarray(began).toString().trim().split('\n');
  const grave = lines.find((line) => /\b(FATAL|PANIC): /.test(line))?.replace(/^.*?\b(FATAL|PANIC): +/, '');
  // Before it has a log, PostgreSQL speaks in plain lines.
  const plain = lines.filter((line) => !/\] [A-Z]+: /.test(line)).join(' ');
  return grave || plain.slice(0, 500) || 'it ended without a word';
}

/** What the operator reads when the server cannot start. */
export function startTrouble(folder: EmbeddedFolder, error: LaunchError): ConfigError {
  return new ConfigError(`PostgreSQL did not start from ${folder.cluster}: ${error.message}. Its log is ${folder.log}.`);
}
