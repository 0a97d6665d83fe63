import { isObject, type JsonObject } from '../../core/json-object.ts';

/** `a.b.c` set to `value` in a copy; objects on the way are copied or made, anything else there is replaced. */
export function withPath(object: JsonObject, path: string, value: unknown): JsonObject {
  const dot = path.indexOf('.');
  if (dot === -1) return { ...object, [path]: value };
  const head = path.slice(0, dot);
  const inner = object[head];
  return { ...object, [head]: withPath(isObject(inner) ? inner : {}, path.slice(dot + 1), value) };
}

/** `over` laid on `under`: objects are merged member by member, everything else of `over` wins. Neither is changed. */
export function merged(under: JsonObject, over: JsonObject): JsonObject {
  const result = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isObject(value) && isObject(below) ? merged(below, value) : value;
  }
  return result;
}

/** The object without these members; the object itself when it has none of them. */
export function without(object: JsonObject, names: readonly string[]): JsonObject {
  if (!names.some((name) => name in object)) return object;
  const copy = { ...object };
  for (const name of names) delete copy[name];
  return copy;
}

/** Without members that are null, at every level. Null items of lists stay: their place may count. */
export function withoutNullMembers(object: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [name, member] of Object.entries(object)) if (member !== null) kept[name] = withoutNulls(member);
  return kept;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  return isObject(value) ? withoutNullMembers(value) : value;
}
