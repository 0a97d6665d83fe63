import { printed, isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';

/** Keywords that Anthropic's grammar cannot hold the model to. */
const REMOVED: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  'if',
  'then',
  'else',
  'not',
]);

const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/**
 * The schema as Anthropic's structured outputs take it: closed objects and no keyword they refuse. What is removed is told
 * in the description, so that the model still knows.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations (2026-11-26)
 */
export function strictSchema(schema: Readonly<JsonObject>): JsonObject {
  const kept: JsonObject = {};
  const removed: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    // Only one list of alternatives can stay.
    if (isRefused(keyword, value) || (keyword === 'anyOf' && 'oneOf' in schema)) removed[keyword] = value;
    else if (keyword === 'oneOf') kept['anyOf'] = cleaned('anyOf', value);
    else kept[keyword] = cleaned(keyword, value);
  }
  if (isObjectSchema(kept)) kept['additionalProperties'] = false;
  if (Object.keys(removed).length > 0)
    kept['description'] = [printed(kept['description']), JSON.stringify(removed)].filter(Boolean).join('\n');
  return kept;
}

function isRefused(keyword: string, value: unknown): boolean {
  // A list may be asked to hold at least one element.
  if (keyword === 'minItems' && (value === 0 || value === 1)) return false;
  return REMOVED.has(keyword) || (keyword === 'format' && !FORMATS.has(value));
}

function isObjectSchema({ type, properties }: { readonly type?: unknown; readonly properties?: unknown }): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || (type === undefined && isObject(properties));
}

/** Goes down where a keyword holds schemas; values such as `enum`, `const` and `default` stay. */
function cleaned(keyword: string, value: unknown): unknown {
  if (SCHEMAS_BY_NAME.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleanedSchema(inner)]));
  }
  if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) return value.map(cleanedSchema);
  return keyword === 'items' ? cleanedSchema(value) : value;
}

const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['anyOf', 'allOf', 'prefixItems']);

function cleanedSchema(value: unknown): unknown {
  return isObject(value) ? strictSchema(value) : value;
}

/**
 * A schema that may stand as `input_schema`: an object at the top. Alternatives at the top, which Anthropic refuses, become
 * one object with the members of all; a member is required where every alternative requires it.
 */
export function inputSchema(schema: Readonly<JsonObject> | undefined): JsonObject {
  if (!schema) return { type: 'object', properties: {} };
  const merged = Object.keys(schema).some((keyword) => COMBINERS.has(keyword)) ? mergedTop(schema) : { ...schema };
  const { type: _, ...rest } = merged;
  return { type: 'object', ...('properties' in rest || '$ref' in rest ? {} : { properties: {} }), ...rest };
}

const COMBINERS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf']);

function mergedTop(schema: Readonly<JsonObject>): JsonObject {
  const { anyOf, oneOf, allOf, ...own } = schema;
  const follow = (part: JsonObject): JsonObject => resolved(part, own);
  const all = objects(allOf).map(follow);
  const any = [...objects(anyOf), ...objects(oneOf)].map(follow);
  const properties = Object.assign({}, ...[...any, ...all, own].map((part) => part['properties'] ?? {})) as JsonObject;
  const required = new Set([...[own, ...all].flatMap(requiredOf), ...commonlyRequired(any)]);
  return { ...own, properties, ...(required.size > 0 ? { required: [...required] } : {}) };
}

/** A reference to a definition of the same schema, followed once. */
function resolved(part: JsonObject, root: Readonly<JsonObject>): JsonObject {
  const [, group, name] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(wordOf(part['$ref'])) ?? [];
  const definitions = group === undefined ? undefined : root[group];
  const definition = isObject(definitions) && name !== undefined ? definitions[name] : undefined;
  return isObject(definition) ? definition : part;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function requiredOf({ required }: { readonly required?: unknown }): unknown[] {
  return Array.isArray(required) ? required : [];
}

function commonlyRequired(alternatives: readonly JsonObject[]): unknown[] {
  const [first, ...others] = alternatives.map(requiredOf);
  return (first ?? []).filter((name) => others.every((names) => names.includes(name)));
}
