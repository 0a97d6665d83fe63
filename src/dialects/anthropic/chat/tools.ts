import { UnsupportedParamsError } from '../../../core/errors.ts';
import type { Target } from '../../../core/dialect.ts';
import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool, ToolChoice } from '../../../core/request.ts';
import type { ModelFamily } from '../families.ts';
import type { ToolNames } from '../../tool-names.ts';
import { cacheControl } from './cache-marks.ts';
import { inputSchema, strictSchema } from './schema.ts';

/**
 * Definitions of tools. Of two with one name the first stays.
 *
 * @throws {UnsupportedParamsError} for a tool of another dialect, when the target does not say to drop what is unsupported
 */
export function toolDefinitions(request: ChatRequest, family: ModelFamily, names: ToolNames, target: Target): JsonObject[] {
  const tools = request.tools ?? [];
  for (const tool of tools) if (tool.type === 'native') nameNative(tool, names);
  const written = tools
    .map((tool) => (tool.type === 'function' ? functionTool(tool, family, names) : nativeTool(tool, target)))
    .filter((tool) => tool !== null);
  const search = request.webSearch && !written.some(isWebSearch) ? [webSearchTool(request.webSearch)] : [];
  return firstOfEachName([...written, ...search]);
}

/** Calls of the tools that the client runs itself stand in the history by their own name; a function of that name is another tool. */
function nameNative({ raw: { name, type, input_schema: schema } }: NativeTool, names: ToolNames): void {
  if (typeof name !== 'string') return;
  if (schema !== undefined || CLIENT_RUNS.test(wordOf(type))) names.asIs(name);
  else names.reserve(name);
}

/** Tools whose form Anthropic knows and whose work the client does. */
const CLIENT_RUNS = /^(bash|computer|memory|text_editor)_/;

function firstOfEachName(tools: readonly JsonObject[]): JsonObject[] {
  const seen = new Set<unknown>();
  return tools.filter(({ name }) => name === undefined || (!seen.has(name) && seen.add(name)));
}

function functionTool(tool: FunctionTool, family: ModelFamily, names: ToolNames): JsonObject {
  const strict = tool.strict === true && family.jsonSchema;
  const schema = inputSchema(tool.parameters);
  return {
    name: names.toWire(tool.name),
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: strict ? strictSchema(schema) : schema,
    ...(strict ? { strict } : {}),
    ...cacheControl(tool.cache),
  };
}

function nativeTool({ dialect, raw }: NativeTool, { provider, model, params }: Target): JsonObject | null {
  const type = wordOf(raw['type']);
  if (dialect === 'anthropic' || ANTHROPIC_TYPE.test(type)) return { ...raw };
  if (type.startsWith('web_search')) return webSearchTool(openAiSearch(raw));
  if (params.drop) return null;
  throw new UnsupportedParamsError(provider, model, [`tools[type=${type}]`]);
}

/** Anthropic's own tools bear the date of their version. */
const ANTHROPIC_TYPE = /_\d{8}$|^mcp_toolset$/;

function openAiSearch(raw: Readonly<JsonObject>): NonNullable<ChatRequest['webSearch']> {
  const size = raw['search_context_size'];
  return { ...(typeof size === 'string' ? { contextSize: size } : {}), userLocation: raw['user_location'] };
}

/** Searches that OpenAI's word for the size of the context stands for (dialects 1.1). */
const MAX_USES: Readonly<Record<string, number>> = { low: 1, medium: 5, high: 10 };

function webSearchTool({ contextSize, userLocation }: NonNullable<ChatRequest['webSearch']>): JsonObject {
  const uses = MAX_USES[contextSize ?? ''];
  const location = approximateLocation(userLocation);
  return {
    type: 'web_search_20250305',
    name: 'web_search',
    ...(uses === undefined ? {} : { max_uses: uses }),
    ...(location === null ? {} : { user_location: location }),
  };
}

/** OpenAI's chat API nests the place, its Responses API does not. */
function approximateLocation(value: unknown): JsonObject | null {
  if (!isObject(value)) return null;
  const place = isObject(value['approximate']) ? value['approximate'] : value;
  const known = ['city', 'region', 'country', 'timezone'].filter((name) => typeof place[name] === 'string');
  return known.length === 0 ? null : { type: 'approximate', ...Object.fromEntries(known.map((name) => [name, place[name]])) };
}

function isWebSearch(tool: JsonObject): boolean {
  return wordOf(tool['type']).startsWith('web_search');
}

/** Stands in when a history speaks of tools and the request has none, which Anthropic refuses. It is never called. */
export const DUMMY_TOOL: Readonly<JsonObject> = {
  name: 'no_tool_available',
  description: 'Placeholder: the tools of earlier turns are gone. Do not call it.',
  input_schema: { type: 'object', properties: {} },
};

export function toolChoiceOf(choice: ToolChoice | undefined, names: ToolNames): JsonObject | null {
  if (!choice) return null;
  if (choice.type === 'function') return { type: 'tool', name: names.toWire(choice.name) };
  return { type: choice.type === 'required' ? 'any' : choice.type };
}

export function isForced(choice: JsonObject | null): boolean {
  return choice?.['type'] === 'any' || choice?.['type'] === 'tool';
}

/** `parallel_tool_calls: false` is a member of the choice; a choice of none cannot have it. */
export function withoutParallel(choice: JsonObject | null): JsonObject {
  if (choice?.['type'] === 'none') return choice;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true };
}
