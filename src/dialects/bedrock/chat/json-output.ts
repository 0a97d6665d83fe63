import type { JsonObject } from '../../../core/json-object.ts';
import type { ResponseFormat } from '../../../core/request.ts';
import { inputSchema, strictSchema } from '../../anthropic/chat/schema.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';

/** How JSON is asked for: by a format, by a tool whose input is the answer, or in words. */
export type JsonOutput =
  | { readonly by: 'format'; readonly config: JsonObject }
  | { readonly by: 'tool'; readonly tool: JsonObject; readonly name: string }
  | { readonly by: 'words'; readonly words: string };

const TOOL_NAME = 'json_tool_call';

/**
 * `null` when plain text is wanted.
 *
 * @param tools whether the model calls tools
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html (2026-11-26)
 */
export function jsonOutputOf(wanted: ResponseFormat | undefined, family: ModelFamily, tools: boolean, names: ToolNames): JsonOutput | null {
  if (!wanted || wanted.type === 'text') return null;
  const { description } = wanted;
  const schema = wanted.type === 'json_schema' ? wanted.schema : undefined;
  if (schema && family.jsonSchema) {
    const jsonSchema = {
      schema: JSON.stringify(strictSchema(schema)),
      ...(wanted.name === undefined ? {} : { name: wanted.name }),
      ...(description === undefined ? {} : { description }),
    };
    return { by: 'format', config: { textFormat: { type: 'json_schema', structure: { jsonSchema } } } };
  }
  if (!tools) {
    const which = schema
      ? `value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`
      : 'object, and with nothing else.';
    return { by: 'words', words: `Answer with one JSON ${which}` };
  }
  const name = names.fresh(TOOL_NAME);
  const told = description === undefined ? '' : `\n${description}`;
  const json = schema ? inputSchema(schema) : { type: 'object', properties: {}, additionalProperties: true };
  const text = `Gives the answer to the user as JSON. Call it exactly once, with the whole final answer.${told}`;
  return { by: 'tool', tool: { toolSpec: { name, description: text, inputSchema: { json } } }, name };
}

/** For the system prompt when the call cannot be forced. */
export function jsonInstruction(name: string): string {
  return `Give your final answer by calling the tool ${name}, not as text.`;
}
