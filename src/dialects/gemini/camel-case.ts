import type { JsonObject } from '../../core/json-object.ts';

/** A member's name as Google writes it in JSON; it also takes the one of its protocol files, `system_instruction`. */
export function inCamelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** An object with its own members in camel case; what lies deeper stays as it is. */
export function camelCased(object: Readonly<JsonObject>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [inCamelCase(name), value]));
}
