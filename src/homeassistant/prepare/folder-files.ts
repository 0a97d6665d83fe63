import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Python's own files: they come and go with each start of Home Assistant. */
const CACHE = '__pycache__';

/** Paths of the files in a folder, relative to it, sorted; without Python's cache. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').includes(CACHE))
    .toSorted();
}

/** SHA-256 of each file, by its path. */
export async function sumsOf(folder: string, files: readonly string[]): Promise<Record<string, string>> {
  const sums = files.map(
    async (file) =>
      [
        file,
        createHash('sha256')
          .update(await readFile(join(folder, file)))
          .digest('hex'),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(sums));
}
