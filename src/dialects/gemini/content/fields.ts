import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { camelCased } from '../camel-case.ts';

/**
 * Checks of client bodies in Google's manner: the path of the member, then what is wrong. A `null` is an absent member, and one
 * value may stand where a list is expected, as Google reads them.
 */

/** @param path of the member, e.g. `contents[0].parts[1].text` */
export function refused(path: string, says: string): InvalidRequestError {
  return new InvalidRequestError(`Invalid value at '${path}': ${says}`, path);
}

export function stringAt(value: unknown, path: string): string {
  if (typeof value !== 'string') throw mistyped(value, path, 'a string');
  return value;
}

export function numberAt(value: unknown, path: string): number {
  if (typeof value !== 'number') throw mistyped(value, path, 'a number');
  return value;
}

export function wholeAt(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value)) throw mistyped(value, path, 'a whole number');
  return value as number;
}

export function booleanAt(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw mistyped(value, path, 'true or false');
  return value;
}

/** An object with its members in camel case. */
export function objectAt(value: unknown, path: string): JsonObject {
  return camelCased(rawAt(value, path));
}

/** An object whose members are the client's own: arguments, a schema. */
export function rawAt(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw mistyped(value, path, 'an object');
  return value;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) throw mistyped(value, path, 'a list');
  return Array.isArray(value) ? value : [value];
}

/** A list of objects, each read by `read`. */
export function eachAt<T>(value: unknown, path: string, read: (item: JsonObject, path: string) => T): T[] {
  return listAt(value, path).map((item, at) => read(objectAt(item, `${path}[${at}]`), `${path}[${at}]`));
}

export function stringsAt(value: unknown, path: string): string[] {
  return listAt(value, path).map((item, at) => stringAt(item, `${path}[${at}]`));
}

export function maybe<T>(value: unknown, path: string, check: (value: unknown, path: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : check(value, path);
}

function mistyped(value: unknown, path: string, kind: string): InvalidRequestError {
  return refused(path, value === undefined || value === null ? 'it is required.' : `it must be ${kind}.`);
}
