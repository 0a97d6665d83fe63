import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import type { QuirkContext } from './context.ts';
import { without } from './json-path.ts';
import { withSystemText } from './system-text.ts';

/** `response_format` in OpenAI's own form, then in the one the provider takes (data-plane 11.5). */
export function withResponseFormat(body: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  const asked = formatOf(body);
  const rest = without(body, ['response_schema']);
  if (asked === null) return rest;
  if (asked['type'] === 'json_object' && quirks.jsonObject === 'schema')
    return { ...rest, response_format: schemaFormat({ type: 'object' }) };
  if (asked['type'] !== 'json_schema') return { ...rest, response_format: asked };
  const inWords = quirks.jsonSchema === 'prompt' || context.abilities?.jsonSchema === false;
  if (!inWords) return { ...rest, response_format: asked };
  const definition = asked['json_schema'];
  const schema = isObject(definition) ? definition['schema'] : undefined;
  const prompt = `Answer with one JSON value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema ?? {})}`;
  return withSystemText({ ...rest, response_format: { type: 'json_object' } }, prompt);
}

/** Finds forms of `response_format` that must be looked at, in the text of a body. */
export const SCHEMA_WORD = '"(?:schema|response_schema)"';

/** The format with the schema where OpenAI has it, and a name; `null` when none is asked for. */
function formatOf(body: JsonObject): JsonObject | null {
  const format = isObject(body['response_format']) ? body['response_format'] : null;
  const loose =
    body['response_schema'] ?? format?.['response_schema'] ?? (isObject(format?.['json_schema']) ? undefined : format?.['schema']);
  if (isObject(loose) && format?.['type'] !== 'text') return schemaFormat(loose);
  const definition = format?.['json_schema'];
  if (format?.['type'] !== 'json_schema' || !isObject(definition) || typeof definition['name'] === 'string') return format;
  return { ...format, json_schema: { name: 'response', ...without(definition, ['name']) } };
}

function schemaFormat(schema: JsonObject): JsonObject {
  return { type: 'json_schema', json_schema: { name: 'response', schema } };
}
