import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { camelCased } from '../camel-case.ts';

/** Keywords that JSON Schema has not, or means otherwise. */
const OWN_KEYWORDS: ReadonlySet<string> = new Set(['nullable', 'propertyOrdering', 'example', 'format']);

/** Formats that say how a number is kept, or that a text is one of the enum. */
const NO_FORMATS: ReadonlySet<unknown> = new Set(['enum', 'float', 'double', 'int32', 'int64']);

const COUNTS: ReadonlySet<string> = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

/**
 * Google's subset of OpenAPI's schema as JSON Schema: words for types are written in lower case, `nullable` is one of the types,
 * and counts that protocol buffers write as text are numbers.
 *
 * @see https://ai.google.dev/api/caching#Schema (2026-11-26)
 */
export function readSchema(schema: JsonObject): JsonObject {
  const given = camelCased(schema);
  const plain = Object.entries(given)
    .filter(([name, value]) => !OWN_KEYWORDS.has(name) && value !== null)
    .map(([name, value]) => [name, memberOf(name, value)]);
  const { format, nullable, example } = given;
  return {
    ...withNull(Object.fromEntries(plain), nullable === true),
    ...(format === undefined || format === null || NO_FORMATS.has(format) ? {} : { format }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

function memberOf(name: string, value: unknown): unknown {
  if (name === 'type') return lowered(value);
  if (name === 'properties' || name === '$defs' || name === 'defs') return mapped(value);
  if (name === 'anyOf' || name === 'oneOf' || name === 'allOf' || name === 'prefixItems')
    return Array.isArray(value) ? value.map(inner) : value;
  if (name === 'items' || name === 'additionalProperties') return inner(value);
  return COUNTS.has(name) && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

/** Names of properties are the client's own. */
function mapped(properties: unknown): unknown {
  return isObject(properties) ? Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inner(schema)])) : properties;
}

function inner(schema: unknown): unknown {
  return isObject(schema) ? readSchema(schema) : schema;
}

function lowered(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(lowered);
  return typeof type === 'string' ? type.toLowerCase() : type;
}

function withNull(schema: JsonObject, nullable: boolean): JsonObject {
  if (!nullable) return schema;
  const { type, anyOf, enum: values } = schema;
  if (Array.isArray(anyOf) && type === undefined) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  return {
    ...schema,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}
