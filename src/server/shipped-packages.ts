import { readFile } from 'node:fs/promises';
import { isObject, wordOf, type JsonObject } from '../core/json-object.ts';

/** A package that is shipped with the gateway. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/** Packages that are built into the panel: npm has them as tools of development. */
export const PANEL_PACKAGES: readonly string[] = [
  'lit',
  '@lit/context',
  '@lit/task',
  '@awesome.me/webawesome',
  '@mdi/js',
  '@fontsource/roboto',
  'intl-messageformat',
];

const FOLDER = 'node_modules/';

/** What of a lock file of npm is shipped: what runs, and what the panel is built from. */
export function shippedPackages(lock: JsonObject): ShippedPackage[] {
  const packages = isObject(lock['packages']) ? lock['packages'] : {};
  const inPanel = reachedFrom(PANEL_PACKAGES, packages);
  const shipped = new Map<string, ShippedPackage>();
  for (const [path, entry] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
    if (!path.startsWith(FOLDER) || !isObject(entry)) continue;
    if ((entry['dev'] === true || entry['devOptional'] === true) && !inPanel.has(path)) continue;
    const version = wordOf(entry['version']);
    shipped.set(`${name} ${version}`, { name, version, licence: wordOf(entry['license']) || 'not stated' });
  }
  return [...shipped.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function reachedFrom(names: readonly string[], packages: JsonObject): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = names.map((name) => FOLDER + name);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = packages[path];
    if (reached.has(path) || !isObject(entry)) continue;
    reached.add(path);
    for (const name of Object.keys(isObject(entry['dependencies']) ? entry['dependencies'] : {})) waiting.push(FOLDER + name);
  }
  return reached;
}

/**
 * Reads the list that a build wrote, or makes it from npm's lock file; an empty one when neither is there.
 *
 * @param file `packages.json` of the build, or `package-lock.json`
 */
export async function readShippedPackages(file: URL): Promise<readonly ShippedPackage[]> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(read) ? (read as ShippedPackage[]) : shippedPackages(isObject(read) ? read : {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
