import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { FunctionTool } from '../../../core/request.ts';
import { maybe, objectAt, present, stringAt } from '../request-fields.ts';

/**
 * Custom tools take free text. Other dialects know functions alone, so that such a tool becomes a function with one string,
 * `input`.
 */
const PARAMETERS: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

/** @param name by which the provider knows the tool */
export function customFunction(raw: JsonObject, param: string, name: string): FunctionTool {
  const description = maybe(raw['description'], `${param}.description`, stringAt);
  const grammar = grammarIn(maybe(raw['format'], `${param}.format`, objectAt));
  const told = [description, grammar].filter((text) => text !== undefined).join('\n\n');
  return { type: 'function', name, parameters: PARAMETERS, ...present({ description: told === '' ? undefined : told }) };
}

/** Nobody but OpenAI holds a model to a grammar: the model is told of it. */
function grammarIn(format: JsonObject | undefined): string | undefined {
  if (format?.['type'] !== 'grammar') return undefined;
  const { syntax, definition } = isObject(format['grammar']) ? format['grammar'] : format;
  if (typeof definition !== 'string') return undefined;
  return `The input must match this grammar${typeof syntax === 'string' ? ` (${syntax})` : ''}:\n${definition}`;
}

export function customArguments(input: string): string {
  return JSON.stringify({ input });
}
