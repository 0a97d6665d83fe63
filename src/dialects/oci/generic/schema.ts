import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';

/** What stands where a schema would hold itself, or too many others. */
const ANYTHING: JsonObject = { type: 'object' };

interface Place {
  readonly root: JsonObject;
  /** References that are being put in place. */
  readonly open: readonly string[];
  /** How many more may be, in all of the schema. */
  readonly budget: { left: number };
  readonly alternatives: boolean;
}

/** A schema of a few lines can name others that name others, without end. */
const MOST_REFERENCES = 1000;

/**
 * The schema of a tool's parameters as Oracle takes it: references put in place, and, for models that know no alternatives, what
 * may be null may be left out instead.
 *
 * @param alternatives the model takes `anyOf` and lists of types
 */
export function parametersOf(schema: JsonObject, alternatives: boolean): JsonObject {
  const { $schema: _, ...rest } = schema;
  const {
    $defs: __,
    definitions: ___,
    ...written
  } = resolved(rest, { root: schema, open: [], budget: { left: MOST_REFERENCES }, alternatives });
  return { type: 'object', ...written };
}

function resolved(given: JsonObject, place: Place): JsonObject {
  const reference = wordOf(given['$ref']);
  if (reference !== '') {
    if (place.open.includes(reference) || place.budget.left === 0) return ANYTHING;
    place.budget.left -= 1;
    const { $ref: _, ...beside } = given;
    return resolved({ ...pointed(place.root, reference), ...beside }, { ...place, open: [...place.open, reference] });
  }
  const plain = place.alternatives ? given : withoutNull(given);
  if (wordOf(plain['$ref']) !== '') return resolved(plain, place);
  const inside = Object.fromEntries(Object.entries(plain).map(([keyword, value]) => [keyword, resolvedAt(keyword, value, place)]));
  return place.alternatives ? inside : optional(inside, given);
}

const NAMED: ReadonlySet<string> = new Set(['properties', 'patternProperties']);
const LISTS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const SINGLE: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not']);

/** Values under other keywords are no schemas, whatever they look like. */
function resolvedAt(keyword: string, value: unknown, place: Place): unknown {
  const inner = (schema: unknown): unknown => (isObject(schema) ? resolved(schema, place) : schema);
  if (NAMED.has(keyword) && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, inner(schema)]));
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map(inner);
  return SINGLE.has(keyword) ? inner(value) : value;
}

function pointed(root: JsonObject, reference: string): JsonObject {
  const found = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')
    .reduce<unknown>((value, name) => (isObject(value) ? value[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), root);
  return isObject(found) ? found : ANYTHING;
}

/** Null taken out of the types and the alternatives; an alternative that is left alone is the schema. */
function withoutNull(schema: JsonObject): JsonObject {
  const { anyOf, oneOf, type, ...rest } = schema;
  const given: unknown[] = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
  const others = given.filter((one) => isObject(one) && one['type'] !== 'null');
  const [only] = others;
  const types = (Array.isArray(type) ? type : [type]).filter((one) => one !== 'null' && one !== undefined);
  return {
    ...(types.length === 0 ? {} : { type: types.length === 1 ? types[0] : types }),
    ...(others.length === 1 && isObject(only) ? only : others.length > 1 ? { anyOf: others } : {}),
    ...rest,
  };
}

/** What might have been null need not be there. */
function optional(schema: JsonObject, given: JsonObject): JsonObject {
  const { required } = schema;
  const properties = isObject(given['properties']) ? given['properties'] : {};
  if (!Array.isArray(required)) return schema;
  const needed = required.filter((name) => typeof name === 'string' && !mayBeNull(properties[name]));
  return { ...schema, required: needed };
}

function mayBeNull(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const { type, anyOf, oneOf } = schema;
  const among: unknown[] = [type, anyOf, oneOf].flatMap((value): unknown[] => (Array.isArray(value) ? value : []));
  return among.some((one) => one === 'null' || (isObject(one) && one['type'] === 'null'));
}
