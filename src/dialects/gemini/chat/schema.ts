import { InvalidRequestError } from '../../../core/errors.ts';
import { printed, isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';

type Schema = Readonly<JsonObject>;

const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const ONE_SCHEMA: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not']);

/** Applies a change to every schema directly inside one. */
function mapInside(schema: Schema, change: (inner: Schema) => JsonObject): JsonObject {
  const changed = (value: unknown): unknown => (isObject(value) ? change(value) : value);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (SCHEMAS_BY_NAME.has(keyword) && isObject(value))
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, changed(inner)]))];
      if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) return [keyword, value.map(changed)];
      return [keyword, ONE_SCHEMA.has(keyword) ? changed(value) : value];
    }),
  );
}

/**
 * A JSON Schema as `parametersJsonSchema` and `responseJsonSchema` take it: nothing beside a `$ref`, and a `const` as the one
 * value of an enum. Keywords that Google does not know it leaves aside.
 *
 * @see https://ai.google.dev/api/generate-content#FIELDS.response_json_schema (2026-11-26)
 */
export function jsonSchemaOf(schema: Schema): JsonObject {
  const { $schema: _, ...rest } = schema;
  if (typeof rest['$ref'] === 'string')
    return mapInside(
      only(rest, (keyword) => keyword.startsWith('$')),
      jsonSchemaOf,
    );
  return mapInside(withoutConst(rest), jsonSchemaOf);
}

function withoutConst(schema: Schema): JsonObject {
  const { const: value, ...rest } = schema;
  return typeof value === 'string' || typeof value === 'number' ? { ...rest, enum: [value] } : { ...schema };
}

function only(schema: Schema, keeps: (keyword: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keeps(keyword)));
}

/** Keywords of the subset of OpenAPI's schema. @see https://ai.google.dev/api/caching#Schema (2026-11-26) */
const OPEN_API: ReadonlySet<string> = new Set([
  'type',
  'format',
  'title',
  'description',
  'nullable',
  'enum',
  'maxItems',
  'minItems',
  'properties',
  'required',
  'minProperties',
  'maxProperties',
  'minLength',
  'maxLength',
  'pattern',
  'anyOf',
  'propertyOrdering',
  'items',
  'minimum',
  'maximum',
]);

/**
 * A JSON Schema in the subset of OpenAPI that older models take: references put in place, null as `nullable`, enums of
 * strings. What the subset has no word for is left out.
 *
 * @throws {InvalidRequestError} for a schema that holds itself
 */
export function openApiSchemaOf(schema: Schema): JsonObject {
  return subset(schema, { root: schema, open: [] });
}

interface Place {
  readonly root: Schema;
  /** References that are being put in place. */
  readonly open: readonly string[];
}

function subset(given: Schema, outer: Place): JsonObject {
  const { schema, place } = followed(given, outer);
  const { type, nullable, anyOf } = withoutNull(schema);
  const kept = mapInside(
    only(withoutConst(schema), (keyword) => OPEN_API.has(keyword)),
    (inner) => subset(inner, place),
  );
  delete kept['type'];
  delete kept['anyOf'];
  const alternatives = anyOf.map((one) => subset(one, place));
  const [single] = alternatives;
  return withRepairs({
    ...kept,
    ...(type === undefined ? {} : { type }),
    ...(alternatives.length === 1 && single ? single : alternatives.length > 1 ? { anyOf: alternatives } : {}),
    ...(nullable ? { nullable: true } : {}),
  });
}

/** The schema that a reference stands for, with what was said beside it. */
function followed(schema: Schema, place: Place): { schema: Schema; place: Place } {
  const reference = wordOf(schema['$ref']);
  if (reference === '') return { schema, place };
  if (place.open.includes(reference))
    throw new InvalidRequestError(`The schema '${reference}' holds itself, which this model cannot take.`, 'tools');
  const { $ref: _, ...beside } = schema;
  const target = pointed(place.root, reference);
  return followed({ ...target, ...beside }, { ...place, open: [...place.open, reference] });
}

function pointed(root: Schema, reference: string): Schema {
  const found = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')
    .reduce<unknown>((value, name) => (isObject(value) ? value[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), root);
  return isObject(found) ? found : {};
}

/** Null among the types or alternatives, taken out. */
function withoutNull(schema: Schema): { type: unknown; nullable: boolean; anyOf: Schema[] } {
  const { type } = schema;
  const types: unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const given = [...listOf(schema['anyOf']), ...listOf(schema['oneOf']), ...listOf(schema['allOf'])];
  const others = types.filter((one) => one !== 'null');
  const alternatives = given.filter((one) => one['type'] !== 'null');
  return {
    type: others.length === 1 ? others[0] : undefined,
    nullable: schema['nullable'] === true || types.includes('null') || alternatives.length < given.length,
    anyOf: others.length > 1 ? others.map((one) => ({ type: one })) : alternatives,
  };
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function withRepairs(schema: JsonObject): JsonObject {
  const { enum: values, format, ...rest } = schema;
  const isText = rest['type'] === 'string' || rest['type'] === undefined;
  if (Array.isArray(values))
    Object.assign(rest, { type: 'string', format: 'enum', enum: values.filter((one) => one !== null).map(printed) });
  else if (format !== undefined && (!isText || format === 'date-time' || format === 'enum')) rest['format'] = format;
  if (rest['type'] === 'array' && !isObject(rest['items'])) rest['items'] = { type: 'string' };
  if (isObject(rest['properties']) && Object.keys(rest['properties']).length === 0) delete rest['properties'];
  return rest;
}
