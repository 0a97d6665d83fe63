import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { FunctionTool } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import { parametersOf } from '../generic/schema.ts';

/** Types of Python, which Cohere's first version has. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'float',
  integer: 'int',
  boolean: 'bool',
  array: 'List',
  object: 'Dict',
};

/**
 * A tool with its parameters one by one. What a schema says beyond the type of a parameter stands, as JSON, behind its
 * description.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/CohereTool (2026-11-26)
 */
export function firstTool({ name, description, parameters = {} }: FunctionTool, names: ToolNames): JsonObject {
  const { properties, required } = parametersOf(parameters, false);
  const needed: unknown[] = Array.isArray(required) ? required : [];
  const definitions = Object.entries(isObject(properties) ? properties : {}).map(([parameter, schema]) => [
    parameter,
    definitionOf(isObject(schema) ? schema : {}, needed.includes(parameter)),
  ]);
  return {
    name: names.toWire(name),
    // Required, also where the client gave none.
    description: description ?? name,
    ...(definitions.length > 0 ? { parameterDefinitions: Object.fromEntries(definitions) as JsonObject } : {}),
  };
}

function definitionOf({ type, description, ...more }: JsonObject, isRequired: boolean): JsonObject {
  const rules = Object.keys(more).length === 0 ? '' : `JSON Schema: ${JSON.stringify(more)}`;
  const words = [wordOf(description), rules].filter((text) => text !== '').join(' ');
  return { type: TYPES[wordOf(type)] ?? 'str', ...(words === '' ? {} : { description: words }), isRequired };
}
