import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';

/**
 * Checks of client bodies in Anthropic's words: the path of the member with dots (`messages.0.content.1.type`), then what is
 * wrong. Optional members may be `null`, required ones may not.
 */

/** @param path of the member, e.g. `messages.0.role` */
export function refused(path: string, says: string): InvalidRequestError {
  return new InvalidRequestError(`${path}: ${says}`, path);
}

export function stringAt(value: unknown, path: string): string {
  if (typeof value !== 'string') throw mistyped(value, path, 'string');
  return value;
}

export function numberAt(value: unknown, path: string): number {
  if (typeof value !== 'number') throw mistyped(value, path, 'number');
  return value;
}

/** A whole number that is at least one. */
export function countAt(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value)) throw mistyped(value, path, 'integer');
  if ((value as number) < 1) throw refused(path, 'Input should be greater than or equal to 1');
  return value as number;
}

export function booleanAt(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw mistyped(value, path, 'boolean');
  return value;
}

export function objectAt(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw mistyped(value, path, 'dictionary');
  return value;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw mistyped(value, path, 'list');
  return value;
}

/** One of a few words. */
export function wordAt<T extends string>(value: unknown, path: string, words: readonly T[]): T {
  const found = words.find((word) => word === stringAt(value, path));
  if (found === undefined) throw refused(path, `Input should be ${listed(words.map((word) => `'${word}'`))}`);
  return found;
}

export function maybe<T>(value: unknown, path: string, check: (value: unknown, path: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : check(value, path);
}

function mistyped(value: unknown, path: string, kind: string): InvalidRequestError {
  return refused(path, value === undefined ? 'Field required' : `Input should be a valid ${kind}`);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
