import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '../../..');

/** Builds the panel, or the gallery of its components, for these tests; a process of its own each, so that none disturbs another. */
export async function built(what: 'panel' | 'gallery'): Promise<string> {
  const folder = join(ROOT, '.cache', `built-${what}-${process.pid}`);
  const draft = `${folder}.draft`;
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const root = what === 'panel' ? join(ROOT, 'panel') : join(ROOT, 'test/panel/gallery');
  await build({ configFile: join(ROOT, 'panel/vite.config.ts'), root, build: { outDir: draft } });
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  await stat(join(folder, 'index.html'));
  return folder;
}
