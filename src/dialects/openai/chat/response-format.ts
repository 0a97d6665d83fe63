import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ResponseFormat } from '../../../core/request.ts';
import { booleanAt, maybe, objectAt, present, stringAt } from '../request-fields.ts';

/**
 * `response_format` in all its forms (data-plane 11.5): OpenAI's, a schema beside the type as Together has it, and a
 * `response_schema` of its own.
 *
 * @returns undefined when absent or of a type only some provider knows
 * @throws {InvalidRequestError}
 */
export function readResponseFormat(body: JsonObject): ResponseFormat | undefined {
  const format = maybe(body['response_format'], 'response_format', objectAt);
  const apart = maybe(body['response_schema'], 'response_schema', objectAt);
  if (!format) return apart && { type: 'json_schema', schema: apart };
  const type = stringAt(format['type'], 'response_format.type');
  if (type === 'json_schema') return readJsonSchema(format, apart);
  if (type !== 'json_object' && type !== 'text') return undefined;
  const schema = apart ?? (isObject(format['schema']) ? format['schema'] : undefined);
  return type === 'json_object' && schema ? { type: 'json_schema', schema } : { type };
}

function readJsonSchema(format: JsonObject, apart: JsonObject | undefined): ResponseFormat {
  const inner = isObject(format['json_schema']) ? format['json_schema'] : format;
  return {
    type: 'json_schema',
    ...present({
      name: maybe(inner['name'], 'response_format.json_schema.name', stringAt),
      description: maybe(inner['description'], 'response_format.json_schema.description', stringAt),
      schema: maybe(inner['schema'] ?? format['schema'] ?? apart, 'response_format.json_schema.schema', objectAt),
      strict: maybe(inner['strict'], 'response_format.json_schema.strict', booleanAt),
    }),
  };
}

/** The format in OpenAI's form; a schema always has a name there. */
export function writeResponseFormat(format: ResponseFormat): JsonObject {
  if (format.type !== 'json_schema') return { type: format.type };
  const { name = 'response', description, schema, strict } = format;
  return { type: 'json_schema', json_schema: present({ name, description, schema, strict }) };
}
