import type { JsonObject } from '../../../core/json-object.ts';
import type { ResponseFormat, ToolChoice } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { jsonSchemaOf, openApiSchemaOf } from './schema.ts';
import { parametersMember, type OfferedTools } from './tools.ts';

/**
 * How JSON is asked for: by the output format; by a function whose arguments are the answer, where functions keep the model
 * from having a format; in words, where Google's own tools do.
 */
export type JsonOutput =
  | { readonly by: 'format'; readonly config: JsonObject }
  | { readonly by: 'function'; readonly name: string; readonly declaration: JsonObject }
  | { readonly by: 'words'; readonly words: string };

/** `null` when plain text is wanted. */
export function jsonOutputOf(
  format: ResponseFormat | undefined,
  { functions, builtIns }: OfferedTools,
  family: ModelFamily,
  names: ToolNames,
): JsonOutput | null {
  if (!format || format.type === 'text') return null;
  if (family.isThird || (functions.length === 0 && builtIns.length === 0)) return { by: 'format', config: configOf(format, family) };
  if (functions.length === 0) return { by: 'words', words: wordsFor(format) };
  const name = names.fresh('json_tool_call');
  const told = format.description === undefined ? '' : `\n${format.description}`;
  const description = `Gives the answer to the user as JSON. Call it exactly once, with the whole final answer.${told}`;
  return { by: 'function', name, declaration: { name, description, ...parametersMember(format.schema ?? ANY_OBJECT, family) } };
}

const ANY_OBJECT = { type: 'object', properties: { answer: { type: 'object', description: 'The answer, with any members.' } } };

function configOf({ schema }: ResponseFormat, { jsonSchema }: ModelFamily): JsonObject {
  return {
    responseMimeType: 'application/json',
    ...(schema === undefined
      ? {}
      : jsonSchema
        ? { responseJsonSchema: jsonSchemaOf(schema) }
        : { responseSchema: openApiSchemaOf(schema) }),
  };
}

function wordsFor({ schema, description }: ResponseFormat): string {
  const told = description === undefined ? '' : ` ${description}`;
  const shape = schema === undefined ? '' : ` It must conform to this JSON Schema:\n${JSON.stringify(schema)}`;
  return `Answer with one JSON value and nothing else, without a code fence.${told}${shape}`;
}

/** The choice that makes the model answer through the function, unless it calls one of the client's first; `null`: it must not. */
export function choiceForJson(choice: ToolChoice | undefined): ToolChoice | null {
  if (choice?.type === 'none') return null;
  return choice === undefined || choice.type === 'auto' ? { type: 'required' } : choice;
}
