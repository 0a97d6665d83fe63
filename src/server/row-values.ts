import type { JsonObject } from '../core/json-object.ts';

/** A number of a model's row, when it is one. */
export function numberIn(object: JsonObject, name: string): number | null {
  const value = object[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Seconds of a model's row as milliseconds; not set, or set to nothing, is null. */
export function secondsIn(object: JsonObject, name: string): number | null {
  const value = numberIn(object, name);
  return value === null || value < 0 ? null : Math.round(value * 1000);
}
