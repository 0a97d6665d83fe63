import type { Target } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, ResponseFormat, ToolChoice } from '../../../core/request.ts';
import { functionsIn } from '../../cohere/chat/tools.ts';
import { present } from '../../openai/request-fields.ts';
import type { NameRules, ToolNames } from '../../tool-names.ts';
import type { Family } from './families.ts';
import { parametersOf } from './schema.ts';

/** @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/FunctionDefinition (2026-11-26) */
export const NAME_RULES: NameRules = { unlawful: /[^a-zA-Z0-9_-]/g, maxLength: 64 };

/**
 * The members of a body that offer tools; none without a tool.
 *
 * @throws {InvalidRequestError} when `tool_choice` names a tool that is not offered
 * @throws {UnsupportedParamsError} for another provider's own tools, unless they may be dropped
 */
export function toolMembers(request: ChatRequest, target: Target, family: Family, names: ToolNames): JsonObject {
  const functions = functionsIn(request.tools ?? [], target);
  if (functions.length === 0) return {};
  return present({
    tools: functions.map((tool) => definitionOf(tool, family, names)),
    toolChoice: request.toolChoice && choiceOf(request.toolChoice, functions, names),
    isParallelToolCalls: request.parallelToolCalls,
  });
}

function definitionOf({ name, description, parameters = {} }: FunctionTool, { alternatives }: Family, names: ToolNames): JsonObject {
  const schema = { properties: {}, ...parametersOf(parameters, alternatives) };
  return { type: 'FUNCTION', name: names.toWire(name), ...present({ description }), parameters: schema };
}

function choiceOf(choice: ToolChoice, offered: readonly FunctionTool[], names: ToolNames): JsonObject {
  if (choice.type !== 'function') return { type: choice.type.toUpperCase() };
  if (!offered.some(({ name }) => name === choice.name))
    throw new InvalidRequestError(`Tool choice '${choice.name}' not found in 'tools' parameter.`, 'tool_choice');
  return { type: 'FUNCTION', name: names.toWire(choice.name) };
}

/** A schema always has a name. @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/ResponseFormat (2026-11-26) */
export function responseFormatOf(format: ResponseFormat | undefined): JsonObject {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { type: 'JSON_OBJECT' } };
  const { name = 'response', description, schema, strict } = format;
  return { responseFormat: { type: 'JSON_SCHEMA', jsonSchema: present({ name, description, schema, isStrict: strict }) } };
}
