import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../../core/request.ts';
import { booleanAt, listAt, maybe, objectAt, present, stringAt } from '../request-fields.ts';
import { cacheMarkOf } from './read-content.ts';

/**
 * The tools of a chat request: `tools`, or the legacy `functions`. Of two functions with one name the first stays
 * (data-plane 11.6).
 *
 * @throws {InvalidRequestError} naming the member
 */
export function readTools(body: JsonObject): Tool[] | undefined {
  const tools = maybe(body['tools'], 'tools', listAt)?.map((tool, i) => readTool(objectAt(tool, `tools[${i}]`), `tools[${i}]`));
  const functions = maybe(body['functions'], 'functions', listAt)?.map((item, i) =>
    readFunction(objectAt(item, `functions[${i}]`), `functions[${i}]`),
  );
  if (!tools && !functions) return undefined;
  return withoutRepeats([...(tools ?? []), ...(functions ?? [])]);
}

function readTool(raw: JsonObject, param: string): Tool {
  if (isObject(raw['function']))
    return {
      ...readFunction(raw['function'], `${param}.function`),
      ...present({ cache: cacheMarkOf(raw) ?? cacheMarkOf(raw['function']) }),
    };
  if (ANTHROPIC_TYPES.test(wordOf(raw['type']))) return { type: 'native', dialect: 'anthropic', raw };
  if (isObject(raw['input_schema'])) return readAnthropicFunction(raw, param);
  // A function without the wrapping object, as the Responses API has it.
  if (raw['type'] === 'function')
    return raw['name'] === undefined ? readFunction(objectAt(raw['function'], `${param}.function`), param) : readFunction(raw, param);
  if (raw['type'] === undefined && GOOGLE_TOOLS.some((name) => isObject(raw[name]))) return { type: 'native', dialect: 'gemini', raw };
  if (raw['type'] === undefined) stringAt(raw['type'], `${param}.type`);
  return { type: 'native', dialect: 'openai', raw };
}

function readFunction(raw: JsonObject, param: string): FunctionTool {
  return {
    type: 'function',
    name: stringAt(raw['name'], `${param}.name`),
    ...present({
      description: maybe(raw['description'], `${param}.description`, stringAt),
      parameters: maybe(raw['parameters'], `${param}.parameters`, objectAt),
      strict: maybe(raw['strict'], `${param}.strict`, booleanAt),
    }),
  };
}

/** Tools that Anthropic runs or knows by a dated type. */
const ANTHROPIC_TYPES = /^(web_search|web_fetch|computer|text_editor|bash|code_execution|memory|tool_search\w*|mcp_toolset)_\d{8}$/;
/** Tools that Google runs: an object with the tool's name as its one member. */
const GOOGLE_TOOLS = [
  'googleSearch',
  'google_search',
  'googleSearchRetrieval',
  'google_search_retrieval',
  'urlContext',
  'url_context',
  'codeExecution',
  'code_execution',
  'googleMaps',
  'google_maps',
  'fileSearch',
  'file_search',
  'enterpriseWebSearch',
  'enterprise_web_search',
  'computerUse',
  'computer_use',
];
const ANTHROPIC_FUNCTION_MEMBERS: ReadonlySet<string> = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);

/** An Anthropic-shaped function becomes a common one, so that every provider can take it, unless it says more than those can. */
function readAnthropicFunction(raw: JsonObject, param: string): Tool {
  if (Object.keys(raw).some((name) => !ANTHROPIC_FUNCTION_MEMBERS.has(name))) return { type: 'native', dialect: 'anthropic', raw };
  const tool = readFunction({ ...raw, parameters: raw['input_schema'] }, param);
  return { ...tool, ...present({ cache: cacheMarkOf(raw) }) };
}

function withoutRepeats(tools: readonly Tool[]): Tool[] {
  const names = new Set<string>();
  return tools.filter((tool) => {
    if (tool.type !== 'function') return true;
    if (names.has(tool.name)) return false;
    names.add(tool.name);
    return true;
  });
}

/**
 * `tool_choice`, or the legacy `function_call`; Anthropic's forms are understood.
 *
 * @returns undefined when absent, or when only OpenAI's own dialect can say it (`allowed_tools`, `custom`)
 */
export function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const value = body['tool_choice'] ?? body['function_call'];
  if (typeof value === 'string') return choiceNamed(value);
  if (!isObject(value)) return undefined;
  const named = isObject(value['function']) ? value['function']['name'] : value['name'];
  const type = value['type'] ?? 'function';
  if ((type === 'function' || type === 'tool') && typeof named === 'string') return { type: 'function', name: named };
  return typeof type === 'string' ? choiceNamed(type) : undefined;
}

function choiceNamed(word: string): ToolChoice | undefined {
  if (word === 'auto' || word === 'none' || word === 'required') return { type: word };
  return word === 'any' ? { type: 'required' } : undefined;
}
