import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool, Tool } from '../../../core/request.ts';
import { present } from '../request-fields.ts';

/** `tools` and `tool_choice`; a search of the web is a tool here. */
export function toolMembers({ tools = [], toolChoice, parallelToolCalls, webSearch, others }: ChatRequest): JsonObject {
  const written = [...firstOfEachName(tools).flatMap(writeTool), ...(webSearch === undefined ? [] : [writeSearch(webSearch)])];
  if (written.length === 0) return {};
  return {
    tools: written,
    ...present({
      tool_choice: toolChoice?.type === 'function' ? { type: 'function', name: toolChoice.name } : (toolChoice?.type ?? choiceIn(others)),
      parallel_tool_calls: parallelToolCalls,
    }),
  };
}

/** Of two functions with one name the first stays (data-plane 11.6). */
function firstOfEachName(tools: readonly Tool[]): Tool[] {
  const names = new Set<string>();
  return tools.filter((tool) => tool.type !== 'function' || (!names.has(tool.name) && names.add(tool.name)));
}

function writeTool(tool: Tool): JsonObject[] {
  if (tool.type === 'function') return [writeFunction(tool)];
  return tool.dialect === 'openai' ? [writeNative(tool)] : [];
}

/** Chat is lax unless told otherwise, Responses are strict unless told otherwise. */
function writeFunction({ name, description, parameters, strict = false }: FunctionTool): JsonObject {
  return { type: 'function', name, ...present({ description }), parameters: parameters ?? { type: 'object', properties: {} }, strict };
}

/** A custom tool stands in a member of its own in chat; other tools are Responses' own already. */
function writeNative({ raw }: NativeTool): JsonObject {
  if (raw['type'] !== 'custom' || !isObject(raw['custom'])) return { ...raw };
  const { format, ...rest } = raw['custom'];
  return { type: 'custom', ...rest, ...(isObject(format) ? { format: flat(format, 'grammar') } : {}) };
}

/** An object whose member of that name holds the rest of it, in one piece. */
function flat(object: JsonObject, name: string): JsonObject {
  const { [name]: inner, ...rest } = object;
  return isObject(inner) ? { ...rest, ...inner } : object;
}

function writeSearch({ contextSize, userLocation }: NonNullable<ChatRequest['webSearch']>): JsonObject {
  const location = isObject(userLocation) ? flat(userLocation, 'approximate') : undefined;
  return { type: 'web_search', ...present({ search_context_size: contextSize, user_location: location }) };
}

/** Choices that only OpenAI's dialects can say. */
function choiceIn({ tool_choice: choice }: ChatRequest['others']): JsonObject | undefined {
  if (!isObject(choice)) return undefined;
  if (choice['type'] === 'custom') return flat(choice, 'custom');
  const allowed = choice['type'] === 'allowed_tools' ? flat(choice, 'allowed_tools') : choice;
  const { tools } = allowed;
  return Array.isArray(tools)
    ? { ...allowed, tools: tools.map((tool) => (isObject(tool) ? flat(flat(tool, 'function'), 'custom') : tool)) }
    : allowed;
}
