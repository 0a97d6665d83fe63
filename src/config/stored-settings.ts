import type { JsonObject } from '../core/json-object.ts';
import type { Place } from './problem.ts';
import { CALLBACK_KEYS } from './settings/later-keys.ts';
import type { SectionName } from './settings/later-keys.ts';
import { isNullNode, listNode, mapNode, treeOf } from './yaml/tree.ts';
import type { MapEntry, MapNode, TreeNode } from './yaml/tree.ts';

/** Settings that were changed at run time and stand in the database. */
export interface StoredSettings extends Readonly<Record<SectionName, JsonObject>> {
  /** Opened; holds secrets. */
  readonly environment_variables: Readonly<Record<string, string>>;
}

export type StoredSection = keyof StoredSettings;

export const STORED_SECTIONS = [
  'litellm_settings',
  'general_settings',
  'router_settings',
  'environment_variables',
] as const satisfies readonly StoredSection[];

export const NOTHING_STORED: StoredSettings = {
  litellm_settings: {},
  general_settings: {},
  router_settings: {},
  environment_variables: {},
};

/** Where what is not in a file stands. */
export const DATABASE = 'database';
const IN_DATABASE: Place = { file: DATABASE, line: 0, column: 0 };

/**
 * The file with the database's settings over it, key by key (control-plane 13.1). A null of the database means that the key is
 * not set, whatever the file says; lists of callbacks are joined.
 */
export function withStored(root: MapNode, stored: StoredSettings): MapNode {
  const entries = new Map(root.entries);
  for (const section of STORED_SECTIONS) {
    if (Object.keys(stored[section]).length === 0) continue;
    const own = entries.get(section);
    const value = covered(own?.value, treeOf(stored[section], IN_DATABASE));
    if (value) entries.set(section, { place: own?.place ?? IN_DATABASE, value });
  }
  return mapNode(entries, root.place);
}

/** Null: the file holds something there that is no map, which is told when it is read. */
function covered(own: TreeNode | undefined, stored: TreeNode): MapNode | null {
  if (stored.kind !== 'map') return null;
  if (own === undefined || isNullNode(own)) return stored;
  if (own.kind !== 'map') return null;
  const entries = new Map(own.entries);
  for (const [key, entry] of stored.entries) entries.set(key, CALLBACK_KEYS.has(key) ? joined(own.entries.get(key), entry) : entry);
  return mapNode(entries, own.place);
}

function joined(own: MapEntry | undefined, stored: MapEntry): MapEntry {
  if (own?.value.kind !== 'list' || stored.value.kind !== 'list') return stored;
  const names = new Set(own.value.items.map(textOf));
  const more = stored.value.items.filter((item) => !names.has(textOf(item)));
  return { place: own.place, value: listNode([...own.value.items, ...more], own.value.place) };
}

function textOf(node: TreeNode): string {
  return node.kind === 'scalar' ? node.text : '';
}
