/**
 * `npm run stage:local`: writes `dist/local-app/llm_gateway`, a folder that builds on a device of one's own: copy it to `/addons` there, and
 * Supervisor offers it as a local app.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IMAGE_SOURCES } from './image-sources.ts';

const ROOT = join(import.meta.dirname, '..');

/** Folder of the sources below the app's own files: Supervisor would take `translations/*.json` for texts of the app. */
const SOURCE = 'source';

/** @param folder emptied */
export async function stageLocal(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(ROOT, 'addon'), folder, { recursive: true, filter: (path) => !['rootfs', 'config.yaml'].includes(basename(path)) });
  await writeFile(join(folder, 'config.yaml'), localConfig(await readFile(join(ROOT, 'addon/config.yaml'), 'utf8')));
  const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  await writeFile(join(folder, 'Dockerfile'), dockerfile.replace('ARG SOURCE=.', `ARG SOURCE=${SOURCE}`));
  for (const source of IMAGE_SOURCES) {
    const target = join(folder, SOURCE, source);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(ROOT, source), target, { recursive: true, filter: (path) => basename(path) !== '__pycache__' });
  }
}

/** Without an image Supervisor builds; the version tells the two apart. */
function localConfig(text: string): string {
  return text.replace(/^image: .*\n/m, '').replace(/^version: "(.*)"$/m, 'version: "$1-local"');
}

if (import.meta.main) {
  const folder = join(ROOT, 'dist/local-app/llm_gateway');
  await stageLocal(folder);
  process.stdout.write(`Wrote ${folder}: copy it to /addons on the device\n`);
}
