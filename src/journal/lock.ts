import { join } from 'node:path';
import { JournalLockedError, systemCodeOf } from './errors.ts';
import { PRIVATE_FILE, unlinkQuietly, type FileSystem } from './file-system.ts';

const LOCK_NAME = 'lock';

/**
 * Says in a file which process has the folder open. A file left by a dead process is taken over; process ids are used
 * again (in a container nearly always), so the file also tells when the process started and in which boot.
 *
 * Processes of two containers cannot see each other: one folder must not be mounted in both.
 */
export class FolderLock {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #path: string;
  #held = false;

  constructor(fs: FileSystem, directory: string) {
    this.#fs = fs;
    this.#directory = directory;
    this.#path = join(directory, LOCK_NAME);
  }

  get held(): boolean {
    return this.#held;
  }

  /**
   * @returns whether a lock of a dead process was found: the folder was not closed in good order
   * @throws {JournalLockedError} when the process that holds it lives
   */
  acquire(): boolean {
    let tookOver = false;
    while (!this.#create()) {
      this.#removeDead();
      tookOver = true;
    }
    this.#held = true;
    return tookOver;
  }

  release(): void {
    if (this.#held) unlinkQuietly(this.#fs, this.#path);
    this.#held = false;
  }

  #create(): boolean {
    try {
      this.#fs.writeFileSync(this.#path, signatureOf(this.#fs, process.pid), { flag: 'wx', mode: PRIVATE_FILE });
      return true;
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** Moves the file away before judging it, so that of two processes that find it dead only one removes it. */
  #removeDead(): void {
    this.#refuseLiving(this.#path);
    const aside = `${this.#path}.${process.pid}`;
    try {
      this.#fs.renameSync(this.#path, aside);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return; // its owner or a rival was quicker
      throw error;
    }
    try {
      this.#refuseLiving(aside);
    } catch (error) {
      this.#fs.renameSync(aside, this.#path); // a rival's new lock came in between
      throw error;
    }
    unlinkQuietly(this.#fs, aside);
  }

  #refuseLiving(path: string): void {
    const signature = readOrNull(this.#fs, path) ?? '';
    const pid = Number(signature.split(' ')[0]);
    if (pid > 0 && signatureOf(this.#fs, pid) === signature && isAlive(pid)) throw new JournalLockedError(this.#directory, pid);
  }
}

/** `<pid> <start of the process> <boot>`; the last two are empty where the system does not tell. */
function signatureOf(fs: FileSystem, pid: number): string {
  // The name in brackets may hold anything; 20 fields behind it stands the start in clock ticks.
  const started = readOrNull(fs, `/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19] ?? '';
  const boot = readOrNull(fs, '/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${pid} ${started} ${boot}`;
}

function readOrNull(fs: FileSystem, path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'; // it lives under another user
  }
}
