import type nodeFs from 'node:fs';

/** What the journal needs of `node:fs`, lent by the caller so that tests can fill the disk. */
export type FileSystem = Pick<
  typeof nodeFs,
  'openSync' | 'closeSync' | 'writeSync' | 'readFileSync' | 'writeFileSync' | 'renameSync' | 'unlinkSync' | 'mkdirSync' | 'fdatasync'
> & {
  readonly promises: Pick<typeof nodeFs.promises, 'open' | 'readFile' | 'readdir' | 'rename' | 'unlink' | 'truncate' | 'writeFile'>;
};

/** Where the journal says what an operator should know. Fits pino. */
export interface JournalLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Owner alone reads and writes: records tell who called what. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Writes `length` bytes of `buffer` at `position`. A plain write may be short when the disk fills up.
 *
 * @param onPart told how many are written so far, where they are not all
 * @throws the disk's error
 */
export function writeFully(
  fs: FileSystem,
  fd: number,
  buffer: Buffer,
  length: number,
  position: number,
  onPart: (written: number) => void = () => {},
): void {
  for (let written = fs.writeSync(fd, buffer, 0, length, position); written < length;) {
    onPart(written);
    written += fs.writeSync(fd, buffer, written, length - written, position + written);
  }
}

/** Deletes a file; one that is gone already is fine, and so is a disk that refuses: it is only room lost. */
export function unlinkQuietly(fs: FileSystem, path: string): void {
  try {
    fs.unlinkSync(path);
  } catch {
    // nothing depends on it
  }
}

export function closeQuietly(fs: FileSystem, fd: number): void {
  try {
    fs.closeSync(fd);
  } catch {
    // a close that fails after a failed write tells nothing new
  }
}
