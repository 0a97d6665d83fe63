/** Lays out `/app` of the image from a build: `node scripts/image-tree.ts FOLDER`. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Packages that the build leaves outside the bundle and a server of the image loads: migrations, with the driver that they import. */
const OUTSIDE = ['node-pg-migrate', 'pg'];

interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** @param folder becomes `/app` */
export async function layOut(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copy('dist', folder, (path) => basename(path) !== 'local-app');
  await copy('addon/rootfs/app', folder);
  await copy(
    'custom_components_bridge/custom_components/llm_gateway',
    join(folder, 'bridge/llm_gateway'),
    (path) => basename(path) !== '__pycache__',
  );
  await copy('LICENSE', join(folder, 'LICENSE'));
  for (const name of await withDependencies(OUTSIDE))
    await copy(`node_modules/${name}`, join(folder, 'node_modules', name), (path) => !/\.(?:map|d\.[cm]?ts)$/.test(path));
}

async function copy(from: string, to: string, wanted: (path: string) => boolean = () => true): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(join(ROOT, from), to, { recursive: true, filter: wanted });
}

/** The packages with all that they need, by npm's lock file. */
async function withDependencies(names: readonly string[]): Promise<readonly string[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, Entry> };
  const found = new Set<string>();
  const add = (name: string): void => {
    const entry = packages[`node_modules/${name}`];
    if (!entry || found.has(name)) return;
    found.add(name);
    Object.keys(entry.dependencies ?? {}).forEach(add);
  };
  names.forEach(add);
  return [...found];
}

if (import.meta.main) await layOut(process.argv[2] ?? 'dist/image');
