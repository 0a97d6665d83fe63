import { readFile, stat } from 'node:fs/promises';

/** Most bytes that one configuration file may have. Reading takes about a second for each million. */
export const MAX_FILE_BYTES = 2_097_152;

/** A file that cannot be read as text; the message says why, in words for the operator. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  /** The file does not exist. */
  readonly missing: boolean;
  constructor(message: string, missing = false) {
    super(message);
    this.missing = missing;
  }
}

/** Gives the text of a file. @throws {UnreadableFileError} */
export type ReadText = (path: string) => Promise<string>;

/** Reads a text file from disk: UTF-8, with or without byte order mark, at most {@link MAX_FILE_BYTES}. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFileError('is not UTF-8 text');
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path).then((found) => {
      if (!found.isFile()) throw new UnreadableFileError('is not a file');
      return found;
    });
    if (size > MAX_FILE_BYTES) throw new UnreadableFileError(`is larger than ${MAX_FILE_BYTES / 1_048_576} MB, which no configuration is`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    throw unreadable((error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

function unreadable(code: string): UnreadableFileError {
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UnreadableFileError('does not exist', true);
  return new UnreadableFileError(code === 'EACCES' ? 'cannot be read: permission denied' : `cannot be read (${code})`);
}
