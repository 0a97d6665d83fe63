import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { madeOnce } from '../../../scripts/made-once.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, '.cache', 'built');
/** What the build is made from. */
const SOURCES = ['panel', 'translations', 'src/contract', 'test/panel/gallery'];
/** Builds that are kept: of several trees that share a cache. */
const KEPT_MS = 3_600_000;

/** Builds the panel, or the gallery of its components, for these tests: once for the sources as they are, whichever file asks. */
export async function built(what: 'panel' | 'gallery'): Promise<string> {
  const root = what === 'panel' ? join(ROOT, 'panel') : join(ROOT, 'test/panel/gallery');
  const folder = join(CACHE, `${what}-${await digest()}`);
  return madeOnce(folder, async (workshop) => {
    await removeOld();
    await build({ configFile: join(ROOT, 'panel/vite.config.ts'), root, logLevel: 'warn', build: { outDir: workshop } });
  });
}

/** Of path, size and time of every source. */
async function digest(): Promise<string> {
  const hash = createHash('sha256').update(ROOT);
  for (const folder of SOURCES) {
    const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.toSorted()) {
      const { mtimeMs, size } = await stat(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const { mtimeMs } = await stat(join(CACHE, name));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(join(CACHE, name), { recursive: true, force: true });
  }
}
