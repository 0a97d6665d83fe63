import { isObject, type JsonObject } from '../core/json-object.ts';
import { maskedParams } from '../core/shown-params.ts';

/** A form sends back what it was shown: the mask of a secret means that it stays. Such members are left out. */
export function withoutMasks(params: JsonObject, old: JsonObject): JsonObject {
  const masks = maskedParams(old);
  return Object.fromEntries(
    Object.entries(params).filter(
      ([name, value]) => value === old[name] || !isMask(value) || JSON.stringify(value) !== JSON.stringify(masks[name]),
    ),
  );
}

function isMask(value: unknown): boolean {
  return isObject(value) || (typeof value === 'string' && value.includes('****'));
}
