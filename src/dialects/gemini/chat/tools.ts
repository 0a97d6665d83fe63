import type { Target } from '../../../core/dialect.ts';
import { UnsupportedParamsError } from '../../../core/errors.ts';
import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool } from '../../../core/request.ts';
import type { NameRules, ToolNames } from '../../tool-names.ts';
import { camelCased } from '../camel-case.ts';
import type { ModelFamily } from '../families.ts';
import { jsonSchemaOf, openApiSchemaOf } from './schema.ts';

/** @see https://ai.google.dev/api/caching#FunctionDeclaration (2026-11-26) */
export const NAME_RULES: NameRules = { unlawful: /[^a-zA-Z0-9_.:-]/g, maxLength: 64, badStart: /^[^a-zA-Z_]/ };

/** What the model may call: functions of the client, and tools that Google runs. */
export interface OfferedTools {
  readonly functions: readonly JsonObject[];
  readonly builtIns: readonly JsonObject[];
}

/**
 * The tools of a request. Before Gemini 3 functions and Google's own tools do not go together: there the functions stay.
 *
 * @throws {UnsupportedParamsError} for tools that cannot be said, when the target does not say to drop what is unsupported
 */
export function offeredTools(request: ChatRequest, family: ModelFamily, names: ToolNames, target: Target): OfferedTools {
  const tools = request.tools ?? [];
  const functions = firstOfEachName(tools.filter((tool) => tool.type === 'function')).map((tool) => declaration(tool, family, names));
  const own = tools.filter((tool) => tool.type === 'native').map((tool) => builtIn(tool, target));
  const search = request.webSearch ? [{ googleSearch: {} }] : [];
  const builtIns = firstOfEachKind([...own.filter((tool) => tool !== null), ...search]);
  if (functions.length === 0 || builtIns.length === 0 || family.isThird) return { functions, builtIns };
  if (!target.params.drop) throw new UnsupportedParamsError(target.provider, target.model, builtIns.map(nameOfBuiltIn));
  return { functions, builtIns: [] };
}

/** As the body has them; absent without any. */
export function toolsMember({ functions, builtIns }: OfferedTools): { tools?: JsonObject[] } {
  const tools = [...builtIns, ...(functions.length > 0 ? [{ functionDeclarations: functions }] : [])];
  return tools.length > 0 ? { tools } : {};
}

function firstOfEachName(tools: readonly FunctionTool[]): FunctionTool[] {
  return tools.filter((tool, at) => tools.findIndex(({ name }) => name === tool.name) === at);
}

function firstOfEachKind(tools: readonly JsonObject[]): JsonObject[] {
  return tools.filter((tool, at) => tools.findIndex((other) => Object.keys(other)[0] === Object.keys(tool)[0]) === at);
}

function declaration({ name, description, parameters }: FunctionTool, family: ModelFamily, names: ToolNames): JsonObject {
  return { name: names.toWire(name), ...(description === undefined ? {} : { description }), ...parametersMember(parameters, family) };
}

/** A function that takes nothing has no parameters: an empty object is refused. */
export function parametersMember(parameters: FunctionTool['parameters'], { jsonSchema }: ModelFamily): JsonObject {
  if (!parameters || takesNothing(parameters)) return {};
  const typed = { type: 'object', ...parameters };
  return jsonSchema ? { parametersJsonSchema: jsonSchemaOf(typed) } : { parameters: openApiSchemaOf(typed) };
}

function takesNothing({ properties, ...rest }: Readonly<JsonObject>): boolean {
  const others = Object.keys(rest).filter((keyword) => !SAYS_NOTHING.has(keyword));
  return others.length === 0 && (!isObject(properties) || Object.keys(properties).length === 0);
}

const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'type',
  'additionalProperties',
  'required',
  '$schema',
  'title',
  'strict',
  'description',
]);

function builtIn({ dialect, raw }: NativeTool, target: Target): JsonObject | null {
  if (dialect === 'gemini') return camelCased(raw);
  const type = wordOf(raw['type']);
  const name = SAME_TOOL.find(([pattern]) => pattern.test(type))?.[1];
  if (name !== undefined) return { [name]: {} };
  if (target.params.drop) return null;
  throw new UnsupportedParamsError(target.provider, target.model, [`tools[type=${type}]`]);
}

/** Tools of other providers that Google has too. */
const SAME_TOOL: readonly (readonly [RegExp, string])[] = [
  [/^web_search/, 'googleSearch'],
  [/^web_fetch/, 'urlContext'],
  [/^(code_execution|code_interpreter)/, 'codeExecution'],
];

function nameOfBuiltIn(tool: JsonObject): string {
  return `tools: ${Object.keys(tool)[0] ?? ''} together with functions`;
}
