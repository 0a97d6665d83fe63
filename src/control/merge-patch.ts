import { isExactNumber } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';

/** `given` over `old`, member by member; null takes one out. */
export function merged(old: JsonObject, given: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== null));
}

/** JSON Merge Patch (RFC 7386): as {@link merged}, at every depth. */
export function patched(old: JsonObject, patch: JsonObject): JsonObject {
  const inner = Object.entries(patch).map(([name, value]) => {
    const before = old[name];
    return [name, isMap(value) ? patched(isMap(before) ? before : {}, value) : value] as const;
  });
  return merged(old, Object.fromEntries(inner));
}

function isMap(value: unknown): value is JsonObject {
  return isObject(value) && !isExactNumber(value);
}
