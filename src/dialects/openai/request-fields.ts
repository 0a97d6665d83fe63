import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';

/** Checks of client bodies: each returns the value, or throws what OpenAI would say, naming the member. `null` is absent. */

/** @param param path of the member, e.g. `messages[0].role` */
export function missing(param: string): InvalidRequestError {
  return new InvalidRequestError(`Missing required parameter: '${param}'.`, param);
}

export function wrongType(param: string, expected: string, value: unknown): InvalidRequestError {
  return new InvalidRequestError(`Invalid type for '${param}': expected ${expected}, but got ${kindOf(value)} instead.`, param);
}

export function stringAt(value: unknown, param: string): string {
  if (value === undefined || value === null) throw missing(param);
  if (typeof value !== 'string') throw wrongType(param, 'a string', value);
  return value;
}

export function objectAt(value: unknown, param: string): JsonObject {
  if (value === undefined || value === null) throw missing(param);
  if (!isObject(value)) throw wrongType(param, 'an object', value);
  return value;
}

export function listAt(value: unknown, param: string, of = 'objects'): readonly unknown[] {
  if (value === undefined || value === null) throw missing(param);
  if (!Array.isArray(value)) throw wrongType(param, `an array of ${of}`, value);
  return value;
}

export function maybe<T>(value: unknown, param: string, check: (value: unknown, param: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : check(value, param);
}

export function numberAt(value: unknown, param: string): number {
  if (typeof value !== 'number') throw wrongType(param, 'a number', value);
  return value;
}

export function booleanAt(value: unknown, param: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(param, 'a boolean', value);
  return value;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The object without its `undefined` members, as `exactOptionalPropertyTypes` wants it. */
export function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) kept[name] = value;
  return kept as { [K in keyof T]: Exclude<T[K], undefined> };
}
