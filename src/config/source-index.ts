import type { Place } from './problem.ts';
import type { MapNode } from './yaml/tree.ts';

/**
 * Answers where the sections, their keys and the items of their lists stand. Keeps places alone, so that the text read can go.
 */
export function sourceIndex(root: MapNode): (key: string) => Place | null {
  const places = new Map<string, Place>();
  for (const [section, { place, value }] of root.entries) {
    places.set(section, place);
    if (value.kind === 'map') for (const [key, entry] of value.entries) places.set(`${section}.${key}`, entry.place);
    if (value.kind === 'list') for (const [index, item] of value.items.entries()) places.set(`${section}[${index}]`, item.place);
  }
  return (key) => places.get(key) ?? null;
}
