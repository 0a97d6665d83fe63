import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, Tool, ToolChoice } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { booleanAt, listAt, maybe, objectAt, stringAt, wordAt } from './fields.ts';
import { cacheMarkOf } from './read-blocks.ts';

/** Members of a client's tool that every provider has a word for. */
const COMMON: ReadonlySet<string> = new Set(['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']);

/**
 * `tools`. Tools that Anthropic runs or knows by a dated type, and a client's own that say more than others understand, stay in
 * Anthropic's form.
 *
 * @throws {InvalidRequestError} naming the member
 */
export function readTools(body: JsonObject): Tool[] | undefined {
  return maybe(body['tools'], 'tools', listAt)?.map((item, i) => readTool(objectAt(item, `tools.${i}`), `tools.${i}`));
}

function readTool(raw: JsonObject, path: string): Tool {
  const type = maybe(raw['type'], `${path}.type`, stringAt) ?? 'custom';
  if (type !== 'custom') return { type: 'native', dialect: 'anthropic', raw };
  const tool = readFunction(raw, path);
  return Object.keys(raw).every((name) => COMMON.has(name)) ? tool : { type: 'native', dialect: 'anthropic', raw };
}

/** A tool of the client. @throws {InvalidRequestError} naming the member */
export function readFunction(raw: JsonObject, path: string): FunctionTool {
  return {
    type: 'function',
    name: stringAt(raw['name'], `${path}.name`),
    parameters: objectAt(raw['input_schema'], `${path}.input_schema`),
    ...present({
      description: maybe(raw['description'], `${path}.description`, stringAt),
      strict: maybe(raw['strict'], `${path}.strict`, booleanAt),
      cache: cacheMarkOf(raw),
    }),
  };
}

/** Whether the tool searches the web, whatever the date of its version. */
export function isWebSearch({ type, raw }: { readonly type: string; readonly raw?: Readonly<JsonObject> }): boolean {
  return type === 'native' && typeof raw?.['type'] === 'string' && raw['type'].startsWith('web_search_');
}

/** Anthropic's search of the web in the words of other providers. */
export function readWebSearch(tools: readonly Tool[] | undefined): ChatRequest['webSearch'] {
  const found = tools?.find(isWebSearch);
  if (found?.type !== 'native') return undefined;
  const { max_uses: uses, user_location: place } = found.raw;
  return present({ contextSize: typeof uses === 'number' ? sizeFor(uses) : undefined, userLocation: place ?? undefined });
}

/** The other way round from how sizes become numbers of searches (dialects 1.1). */
function sizeFor(uses: number): string {
  if (uses <= 1) return 'low';
  return uses <= 5 ? 'medium' : 'high';
}

export interface ChosenTool {
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

/** `tool_choice`, and whether several calls at once are forbidden. @throws {InvalidRequestError} naming the member */
export function readToolChoice(body: JsonObject): ChosenTool {
  const raw = maybe(body['tool_choice'], 'tool_choice', objectAt);
  if (!raw) return {};
  const single = maybe(raw['disable_parallel_tool_use'], 'tool_choice.disable_parallel_tool_use', booleanAt);
  return { toolChoice: choiceIn(raw), ...(single === true ? { parallelToolCalls: false } : {}) };
}

function choiceIn(raw: JsonObject): ToolChoice {
  const type = wordAt(raw['type'], 'tool_choice.type', ['auto', 'any', 'tool', 'none']);
  if (type === 'tool') return { type: 'function', name: stringAt(raw['name'], 'tool_choice.name') };
  return { type: type === 'any' ? 'required' : type };
}
