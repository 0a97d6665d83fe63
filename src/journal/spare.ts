import { join } from 'node:path';
import { systemCodeOf } from './errors.ts';
import { PRIVATE_FILE, closeQuietly, unlinkQuietly, type FileSystem } from './file-system.ts';

const SPARE_NAME = 'spare';
const FILL_BYTES = 1_048_576;

/**
 * One segment file made ahead, its blocks written, so that an append only overwrites: a later `fdatasync` then has no
 * file-system metadata to commit, and a full disk shows here first. Released segments become the spare again, which
 * spares an SD card a second writing.
 */
export class Spare {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #bytes: number;
  #fd: number | null = null;
  #making: Promise<void> | null = null;

  constructor(fs: FileSystem, directory: string, bytes: number) {
    this.#fs = fs;
    this.#path = join(directory, SPARE_NAME);
    this.#bytes = bytes;
  }

  /** Makes the spare when there is none. @throws the disk's error; nothing half made stays */
  prepare(): Promise<void> {
    if (this.#fd !== null) return Promise.resolve();
    this.#making ??= this.#make().finally(() => {
      this.#making = null;
    });
    return this.#making;
  }

  /** Turns the segment file at `path`, which nobody needs any more, into the spare, or deletes it. */
  async recycle(path: string, bytes: number): Promise<void> {
    const wanted = this.#fd === null && this.#making === null && bytes === this.#bytes;
    if (!wanted) return this.#fs.promises.unlink(path);
    this.#making = this.#adopt(path).finally(() => {
      this.#making = null;
    });
    return this.#making;
  }

  /**
   * A file descriptor open for writing at the beginning of `path`. Synchronous: without a spare the file is made
   * now, its blocks not yet written.
   *
   * @param header first bytes of the file; written before it gets its name
   */
  take(path: string, header: Buffer): number {
    const made = this.#fd === null;
    const from = made ? `${this.#path}.new` : this.#path;
    const fd = this.#fd ?? this.#fs.openSync(from, 'w', PRIVATE_FILE);
    this.#fd = null;
    try {
      if (made) this.#fs.writeSync(fd, Buffer.alloc(1), 0, 1, this.#bytes - 1);
      this.#fs.writeSync(fd, header, 0, header.length, 0);
      this.#fs.renameSync(from, path);
      return fd;
    } catch (error) {
      closeQuietly(this.#fs, fd);
      unlinkQuietly(this.#fs, from);
      throw error;
    }
  }

  /** Closes it; the file stays for the next start. */
  async close(): Promise<void> {
    await this.#making?.catch(() => {});
    if (this.#fd !== null) closeQuietly(this.#fs, this.#fd);
    this.#fd = null;
  }

  async #make(): Promise<void> {
    if (await this.#reuse()) return;
    const unfinished = `${this.#path}.making`;
    const file = await this.#fs.promises.open(unfinished, 'w', PRIVATE_FILE);
    try {
      const zeros = Buffer.alloc(Math.min(FILL_BYTES, this.#bytes));
      for (let at = 0; at < this.#bytes; at += zeros.length) {
        await file.write(zeros, 0, Math.min(zeros.length, this.#bytes - at), at);
      }
      await file.datasync();
    } catch (error) {
      await file.close();
      unlinkQuietly(this.#fs, unfinished);
      throw error;
    }
    await file.close();
    this.#fs.renameSync(unfinished, this.#path);
    this.#fd = this.#fs.openSync(this.#path, 'r+');
  }

  /** A spare left by the last run. */
  async #reuse(): Promise<boolean> {
    try {
      const left = await this.#fs.promises.open(this.#path, 'r+');
      const { size } = await left.stat();
      await left.close();
      if (size !== this.#bytes) return false;
      this.#fd = this.#fs.openSync(this.#path, 'r+');
      return true;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  async #adopt(path: string): Promise<void> {
    await this.#fs.promises.rename(path, this.#path);
    this.#fd = this.#fs.openSync(this.#path, 'r+');
  }
}
