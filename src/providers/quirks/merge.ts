import { isObject } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';

/** Quirks whose entries add up by name; lists add up; everything else is replaced by the later one. */
const MAPS: ReadonlySet<string> = new Set<keyof Quirks>(['rename', 'values', 'clamp', 'defaults', 'force', 'unstreamed', 'acceptsWith']);

/** Later quirks over earlier ones: base of the dialect, inherited row, row, rules of the model. */
export function mergeQuirks(...layers: readonly Quirks[]): Quirks {
  const result: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      const before = result[name];
      if (Array.isArray(value) && Array.isArray(before)) result[name] = [...before, ...value.filter((item) => !before.includes(item))];
      else if (MAPS.has(name) && isObject(value) && isObject(before)) result[name] = { ...before, ...value };
      else result[name] = value;
    }
  }
  return result;
}
