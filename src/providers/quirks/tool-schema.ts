import { isObject, type JsonObject } from '../../core/json-object.ts';
import { without } from './json-path.ts';

/** Members of a schema whose own members are names somebody chose, each with a schema. */
const NAMED: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
/** Members that are data and no schemas. */
const DATA: ReadonlySet<string> = new Set(['default', 'const', 'enum', 'examples', 'required']);

/**
 * A function definition without these members, and its schema without these keywords. A property that happens to be called
 * `strict` or `additionalProperties` stays. The same object when nothing is to be removed.
 */
export function withoutKeywords(definition: JsonObject, keywords: readonly string[]): JsonObject {
  if (keywords.length === 0) return definition;
  const clean = without(definition, keywords);
  const { parameters } = clean;
  return isObject(parameters) ? { ...clean, parameters: schemaWithout(parameters, keywords) } : clean;
}

function schemaWithout(schema: JsonObject, keywords: readonly string[]): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(schema)) {
    if (!keywords.includes(name)) result[name] = memberWithout(name, value, keywords);
  }
  return result;
}

function memberWithout(name: string, value: unknown, keywords: readonly string[]): unknown {
  if (DATA.has(name)) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => (isObject(item) ? schemaWithout(item, keywords) : item));
  if (!isObject(value)) return value;
  if (!NAMED.has(name)) return schemaWithout(value, keywords);
  return Object.fromEntries(
    Object.entries(value).map(([chosen, schema]) => [chosen, isObject(schema) ? schemaWithout(schema, keywords) : schema]),
  );
}
