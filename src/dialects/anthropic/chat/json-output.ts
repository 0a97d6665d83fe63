import type { JsonObject } from '../../../core/json-object.ts';
import type { ResponseFormat } from '../../../core/request.ts';
import type { Abilities } from '../../../core/dialect.ts';
import type { ModelFamily } from '../families.ts';
import type { ToolNames } from '../../tool-names.ts';
import { inputSchema, strictSchema } from './schema.ts';

/** How JSON is asked for: by the model's own output format, or by a tool whose input is the answer. */
export type JsonOutput =
  | { readonly by: 'format'; readonly format: JsonObject }
  | { readonly by: 'tool'; readonly tool: JsonObject; readonly name: string };

const TOOL_NAME = 'json_tool_call';

/** `null` when plain text is wanted. */
export function jsonOutputOf(
  format: ResponseFormat | undefined,
  family: ModelFamily,
  abilities: Abilities,
  names: ToolNames,
): JsonOutput | null {
  if (!format || format.type === 'text') return null;
  const schema = format.type === 'json_schema' ? format.schema : undefined;
  const native = family.jsonSchema && abilities.jsonSchema !== false;
  if (schema && native) return { by: 'format', format: { type: 'json_schema', schema: strictSchema(schema) } };
  const name = names.fresh(TOOL_NAME);
  const told = format.description === undefined ? '' : `\n${format.description}`;
  const tool: JsonObject = {
    name,
    description: `Gives the answer to the user as JSON. Call it exactly once, with the whole final answer.${told}`,
    input_schema: schema ? inputSchema(schema) : { type: 'object', properties: {}, additionalProperties: true },
  };
  return { by: 'tool', tool, name };
}

/**
 * The choice that makes the model answer through the tool. With tools of the client's own it must stay free to call them
 * first; a choice that the client made about them stays.
 */
export function choiceForJson(name: string, own: JsonObject | null, hasOwnTools: boolean): JsonObject {
  if (!hasOwnTools || own?.['type'] === 'none') return { type: 'tool', name };
  return own === null || own['type'] === 'auto' ? { type: 'any' } : own;
}

/** For the system prompt when the call cannot be forced. */
export function jsonInstruction(name: string): JsonObject {
  return { type: 'text', text: `Give your final answer by calling the tool ${name}, not as text.` };
}
