import { isExactNumber } from '../../core/exact-json.ts';
import { isObject } from '../../core/json-object.ts';
import type { KeyPath, Place } from '../problem.ts';

/**
 * A YAML document as a plain tree that remembers where everything stood. Immutable; aliases share their node.
 * `size` counts the node and everything below it, shared nodes as often as they are used.
 */
export type TreeNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** The text without quotes, escapes read. */
  readonly text: string;
  /** `plain` words may mean a number or a boolean, `quoted` ones are text, `secret` names an entry of `secrets.yaml`. */
  readonly style: 'plain' | 'quoted' | 'secret';
  readonly place: Place;
  readonly size: 1;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly TreeNode[];
  readonly place: Place;
  readonly size: number;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly place: Place;
  readonly size: number;
}

export interface MapEntry {
  /** Where the key stands. */
  readonly place: Place;
  readonly value: TreeNode;
}

/**
 * A JSON value as a tree, all of it at one place. Numbers keep their digits when they were parsed exactly.
 */
export function treeOf(value: unknown, place: Place): TreeNode {
  if (isExactNumber(value)) return { kind: 'scalar', text: value.rawJSON, style: 'plain', place, size: 1 };
  if (Array.isArray(value)) return listNode(value.map((item) => treeOf(item, place)), place); // prettier-ignore
  if (isObject(value)) return mapNode(new Map(Object.entries(value).map(([key, member]) => [key, { place, value: treeOf(member, place) }])), place); // prettier-ignore
  return typeof value === 'string'
    ? { kind: 'scalar', text: value, style: 'quoted', place, size: 1 }
    : { kind: 'scalar', text: JSON.stringify(value ?? null), style: 'plain', place, size: 1 };
}

export function listNode(items: readonly TreeNode[], place: Place): ListNode {
  return { kind: 'list', items, place, size: items.reduce((sum, item) => sum + item.size, 1) };
}

export function mapNode(entries: ReadonlyMap<string, MapEntry>, place: Place): MapNode {
  let size = 1;
  for (const entry of entries.values()) size += entry.value.size;
  return { kind: 'map', entries, place, size };
}

/** Whether the node is an empty value: nothing after the colon, `~` or `null`. */
export function isNullNode(node: TreeNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.style === 'plain' && /^(?:~|null|Null|NULL|)$/.test(node.text));
}

/** The member of a map node; absent when the node is no map, lacks the key, or holds null there. */
export function memberOf(node: TreeNode | undefined, key: string): TreeNode | undefined {
  if (node?.kind !== 'map') return undefined;
  const value = node.entries.get(key)?.value;
  return isNullNode(value) ? undefined : value;
}

/** Where the deepest existing part of a path stands: the key of a map, or the start of a list item. */
export function placeOf(root: TreeNode, path: KeyPath): Place {
  let node: TreeNode | undefined = root;
  let place = root.place;
  for (const step of path) {
    if (node?.kind === 'map') {
      const entry: MapEntry | undefined = node.entries.get(String(step));
      if (!entry) return place;
      place = entry.place;
      node = entry.value;
    } else if (node?.kind === 'list') {
      node = typeof step === 'number' ? node.items[step] : undefined;
      if (!node) return place;
      place = node.place;
    } else return place;
  }
  return place;
}
