/** A JSON object read from outside; every member must be checked before use. */
export type JsonObject = Record<string, unknown>;

/** Any JSON as text. `String` throws on an object that says its `toString` is something else. */
export function printed(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/**
 * The value where a word is expected; `''` for anything else. `String` would throw for some objects that a body can hold
 * (`{"toString": 1}`, a number beyond 2^53).
 */
export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
