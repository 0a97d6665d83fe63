import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, ToolChoice } from '../../../core/request.ts';
import { cacheMarkOf } from '../chat/read-content.ts';
import { booleanAt, listAt, maybe, objectAt, present, stringAt } from '../request-fields.ts';
import { customFunction } from './custom-input.ts';
import { wordAt } from './fields.ts';
import type { ToolDirectory, ToldTool } from './tool-directory.ts';

type Tools = Pick<ChatRequest, 'tools' | 'toolChoice' | 'parallelToolCalls' | 'webSearch'>;

/**
 * `tools`, `tool_choice` and `parallel_tool_calls` for a provider that runs no tools of OpenAI's (data-plane 9.12): functions and
 * custom tools stay, a search of the web becomes `webSearch`, other tools that OpenAI would run are left out.
 *
 * @param leftOut gets a line for each tool that is not passed on
 * @throws {InvalidRequestError} naming the member
 */
export function readTools(body: JsonObject, directory: ToolDirectory, leftOut: string[]): Tools {
  const given = maybe(body['tools'], 'tools', listAt)?.map((item, i) => objectAt(item, `tools[${i}]`)) ?? [];
  const read = given.flatMap((raw, i) => readTool(raw, `tools[${i}]`, directory, leftOut));
  const asked = withoutRepeats(read);
  const { tools, toolChoice } = chosen(body, asked, directory, leftOut);
  const webSearch = readWebSearch(given);
  const parallelToolCalls = maybe(body['parallel_tool_calls'], 'parallel_tool_calls', booleanAt);
  return { ...present({ webSearch }), ...(tools.length === 0 ? {} : { tools, ...present({ toolChoice, parallelToolCalls }) }) };
}

/** Of two tools with one name the first stays (data-plane 11.6). */
function withoutRepeats(tools: readonly FunctionTool[]): FunctionTool[] {
  const names = new Set<string>();
  return tools.filter(({ name }) => !names.has(name) && names.add(name));
}

function readTool(raw: JsonObject, param: string, directory: ToolDirectory, leftOut: string[]): FunctionTool[] {
  const type = stringAt(raw['type'], `${param}.type`);
  if (type === 'function' || type === 'custom') return [readFunction(raw, type, param, directory)];
  if (type === 'namespace') return readNamespace(raw, param, directory, leftOut);
  if (!isWebSearch(type)) leftOut.push(`${param}: this provider cannot run '${type}'`);
  return [];
}

function readFunction(raw: JsonObject, kind: ToldTool['kind'], param: string, directory: ToolDirectory, namespace?: string): FunctionTool {
  const name = directory.nameFor({ kind, name: stringAt(raw['name'], `${param}.name`), ...present({ namespace }) });
  if (kind === 'custom') return customFunction(raw, param, name);
  return {
    type: 'function',
    name,
    ...present({
      description: maybe(raw['description'], `${param}.description`, stringAt),
      parameters: maybe(raw['parameters'], `${param}.parameters`, objectAt),
      strict: maybe(raw['strict'], `${param}.strict`, booleanAt),
      cache: cacheMarkOf(raw),
    }),
  };
}

/** Tools under one roof. What is said of them all stands with the first. */
function readNamespace(raw: JsonObject, param: string, directory: ToolDirectory, leftOut: string[]): FunctionTool[] {
  const namespace = stringAt(raw['name'], `${param}.name`);
  const about = maybe(raw['description'], `${param}.description`, stringAt) ?? '';
  const tools = listAt(raw['tools'], `${param}.tools`).flatMap((item, i) => {
    const at = `${param}.tools[${i}]`;
    const inner = objectAt(item, at);
    const type = stringAt(inner['type'], `${at}.type`);
    if (type === 'function' || type === 'custom') return [readFunction(inner, type, at, directory, namespace)];
    leftOut.push(`${at}: this provider cannot run '${type}'`);
    return [];
  });
  return tools.map((tool, i) => (i > 0 || about === '' ? tool : { ...tool, description: introduced(namespace, about, tool) }));
}

function introduced(namespace: string, about: string, { description }: FunctionTool): string {
  const common = `Tools named ${namespace}__*: ${about}`;
  return description === undefined ? common : `${description}\n\n${common}`;
}

function isWebSearch(type: string): boolean {
  return type.startsWith('web_search');
}

/** In the words of chat, where the place of the user lies one level deeper. */
function readWebSearch(tools: readonly JsonObject[]): ChatRequest['webSearch'] {
  const at = tools.findIndex(({ type }) => typeof type === 'string' && isWebSearch(type));
  const raw = tools[at];
  if (raw === undefined) return undefined;
  const contextSize = maybe(raw['search_context_size'], `tools[${at}].search_context_size`, stringAt);
  const { type: _, ...place } = maybe(raw['user_location'], `tools[${at}].user_location`, objectAt) ?? {};
  const userLocation = Object.keys(place).length === 0 ? undefined : { type: 'approximate', approximate: place };
  return present({ contextSize, userLocation });
}

interface Chosen {
  readonly tools: readonly FunctionTool[];
  readonly toolChoice?: ToolChoice;
}

function chosen(body: JsonObject, tools: readonly FunctionTool[], directory: ToolDirectory, leftOut: string[]): Chosen {
  const raw = body['tool_choice'];
  if (raw === undefined || raw === null) return { tools };
  if (typeof raw === 'string') return { tools, toolChoice: { type: wordAt(raw, 'tool_choice', ['none', 'auto', 'required']) } };
  const choice = objectAt(raw, 'tool_choice');
  const type = stringAt(choice['type'], 'tool_choice.type');
  if (isTold(type)) return { tools, toolChoice: { type: 'function', name: named(choice, type, 'tool_choice', tools, directory) } };
  if (type === 'allowed_tools') return allowed(choice, tools, directory);
  leftOut.push(`tool_choice: this provider cannot run '${type}'`);
  return { tools };
}

/** Of all tools only some may be called: the others are not told. */
function allowed(choice: JsonObject, tools: readonly FunctionTool[], directory: ToolDirectory): Chosen {
  const type = wordAt(choice['mode'], 'tool_choice.mode', ['auto', 'required']);
  const names = listAt(choice['tools'], 'tool_choice.tools').flatMap((item, i) => {
    const param = `tool_choice.tools[${i}]`;
    const tool = objectAt(item, param);
    const kind = stringAt(tool['type'], `${param}.type`);
    return isTold(kind) ? [named(tool, kind, param, tools, directory)] : [];
  });
  const allowedNames = new Set(names);
  return { tools: tools.filter(({ name }) => allowedNames.has(name)), toolChoice: { type } };
}

function isTold(type: string): type is ToldTool['kind'] {
  return type === 'function' || type === 'custom';
}

function named(raw: JsonObject, kind: ToldTool['kind'], param: string, tools: readonly FunctionTool[], directory: ToolDirectory): string {
  const name = stringAt(raw['name'], `${param}.name`);
  const namespace = maybe(raw['namespace'], `${param}.namespace`, stringAt);
  const wire = directory.nameFor({ kind, name, ...present({ namespace }) });
  if (tools.some((tool) => tool.name === wire)) return wire;
  throw new InvalidRequestError(`Tool choice '${name}' not found in 'tools' parameter.`, `${param}.name`);
}
