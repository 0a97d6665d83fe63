import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BridgeOwner } from './bridge-state.ts';
import { filesIn, sumsOf } from './folder-files.ts';
import { hacsHas } from './hacs.ts';

export const DOMAIN = 'llm_gateway';

/** Tells that the app installed the folder, and how its files were then. */
export const MARKER = '.installed_by_app';

const Marker = z.object({ version: z.string(), files: z.record(z.string(), z.string()) });
const Manifest = z.object({ domain: z.string(), version: z.string().catch('0') });

/** What stands where the integration belongs. */
export type Installed =
  | { readonly state: 'absent' }
  | { readonly state: 'foreign'; readonly owner: BridgeOwner; readonly version: string | null }
  | { readonly state: 'installed'; readonly version: string };

/**
 * Looks at the integration's folder, and touches nothing (home-assistant 15.2, rules 2 and 3).
 *
 * @param configuration Home Assistant's configuration folder
 */
export async function installedBridge(configuration: string): Promise<Installed> {
  const folder = join(configuration, 'custom_components', DOMAIN);
  const found = await lstat(folder).catch(() => null);
  if (found === null) return { state: 'absent' };
  if (!found.isDirectory()) return { state: 'foreign', owner: 'link', version: null };
  const files = await filesIn(folder);
  if (files.length === 0) return { state: 'absent' };
  const manifest = await versionIn(folder);
  if (manifest === null) return { state: 'foreign', owner: 'other', version: null };
  if (await hacsHas(configuration, DOMAIN)) return { state: 'foreign', owner: 'hacs', version: manifest };
  const marker = await jsonIn(join(folder, MARKER), Marker);
  if (marker === null) return { state: 'foreign', owner: 'by_hand', version: manifest };
  const same = await isAsInstalled(folder, files, marker.files);
  return same ? { state: 'installed', version: manifest } : { state: 'foreign', owner: 'edited', version: manifest };
}

/** Version in the manifest of our integration; null when the folder holds something else. */
export async function versionIn(folder: string): Promise<string | null> {
  const manifest = await jsonIn(join(folder, 'manifest.json'), Manifest);
  return manifest?.domain === DOMAIN ? manifest.version : null;
}

async function isAsInstalled(folder: string, files: readonly string[], then: Readonly<Record<string, string>>): Promise<boolean> {
  const now = await sumsOf(
    folder,
    files.filter((file) => file !== MARKER),
  );
  const names = Object.keys(now);
  return names.length === Object.keys(then).length && names.every((name) => now[name] === then[name]);
}

async function jsonIn<S extends z.ZodType>(file: string, schema: S): Promise<z.infer<S> | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
