import { isObject } from '../../core/json-object.ts';

/** The member at `a.b.c`; undefined when there is none. */
export function memberAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return at;
}
