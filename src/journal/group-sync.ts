import type { Clock } from '../core/clock.ts';
import { closeQuietly, type FileSystem } from './file-system.ts';

interface GroupSyncParts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly onError: (cause: unknown) => void;
}

/**
 * Brings written bytes to the disk in groups: at most one `fdatasync` round per interval, in the thread pool, only when
 * something was written. After a power cut at most the last group is missing (ruling M2).
 */
export class GroupSync {
  readonly #parts: GroupSyncParts;
  #startedAt = -Infinity;
  #dirty = new Set<number>();
  #retired = new Set<number>();
  #folder: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;

  constructor(parts: GroupSyncParts) {
    this.#parts = parts;
  }

  /** Bytes were written to `fd`. */
  touch(fd: number): void {
    this.#dirty.add(fd);
    this.#arm();
  }

  /** `fd` gets no more bytes: it is synced once more, then closed. */
  retire(fd: number): void {
    this.#retired.add(fd);
    this.touch(fd);
  }

  /** A file was made or renamed in `path`. */
  touchFolder(path: string): void {
    this.#folder = path;
    this.#arm();
  }

  /** Syncs everything written until now. @throws the disk's error */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#round?.catch(() => {}); // its error was told to its owner
    await this.#sync();
  }

  #arm(): void {
    if (this.#timer || this.#round) return;
    const since = this.#parts.clock.elapsed() - this.#startedAt;
    const { intervalMs } = this.#parts;
    // A slow disk does not stretch the interval: it runs from the last round's beginning.
    this.#timer = setTimeout(() => this.#run(), since < intervalMs ? intervalMs - since : intervalMs);
    this.#timer.unref();
  }

  #run(): void {
    this.#timer = null;
    this.#startedAt = this.#parts.clock.elapsed();
    this.#round = this.#sync();
    void this.#round.catch(this.#parts.onError).finally(() => {
      this.#round = null;
      if (this.#dirty.size > 0 || this.#folder !== null) this.#arm();
    });
  }

  async #sync(): Promise<void> {
    const folder = this.#folder;
    const [dirty, retired] = [this.#dirty, this.#retired];
    [this.#folder, this.#dirty, this.#retired] = [null, new Set(), new Set()];
    try {
      if (folder !== null) await this.#syncFolder(folder);
      // Older segments first: a later record never outlives an earlier one.
      for (const fd of [...retired, ...dirty.difference(retired)]) await this.#syncFile(fd);
    } finally {
      for (const fd of retired) closeQuietly(this.#parts.fs, fd);
    }
  }

  #syncFile(fd: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parts.fs.fdatasync(fd, (error) => (error ? reject(error) : resolve()));
    });
  }

  async #syncFolder(path: string): Promise<void> {
    const folder = await this.#parts.fs.promises.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
