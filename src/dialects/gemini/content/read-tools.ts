import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, ToolChoice } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import type { ToolNames } from '../../tool-names.ts';
import { camelCased } from '../camel-case.ts';
import { eachAt, maybe, objectAt, rawAt, refused, stringAt, stringsAt } from './fields.ts';
import { readSchema } from './read-schema.ts';

export interface ReadTools {
  readonly tools?: readonly FunctionTool[];
  readonly toolChoice?: ToolChoice;
  readonly webSearch?: NonNullable<ChatRequest['webSearch']>;
}

/**
 * Tools that Google alone runs, a line each, for a warning.
 *
 * @param body with its members in camel case
 */
export function toolsLeftOut({ tools }: JsonObject): string[] {
  const given = (Array.isArray(tools) ? tools : [tools]).filter(isObject).map(camelCased);
  return given.flatMap((tool, at) =>
    Object.keys(tool)
      .filter((name) => name !== 'functionDeclarations' && !SEARCHES.includes(name) && (tool[name] ?? null) !== null)
      .map((name) => `tools[${at}]: this provider cannot run '${name}'`),
  );
}

/** Google's search, by the names it had. */
const SEARCHES = ['googleSearch', 'googleSearchRetrieval', 'enterpriseWebSearch'];

/**
 * `tools` and `toolConfig`, in words that every provider has: functions, and a search of the web. Other tools that Google runs
 * are left out.
 *
 * @param body with its members in camel case
 * @throws {InvalidRequestError} naming the member
 * @see https://ai.google.dev/api/caching#Tool (2026-11-26)
 */
export function readTools(body: JsonObject, names: ToolNames): ReadTools {
  const given = maybe(body['tools'], 'tools', (value, path) => eachAt(value, path, (raw, at) => ({ raw, at }))) ?? [];
  const functions = given.flatMap(({ raw, at }) => maybe(raw['functionDeclarations'], `${at}.functionDeclarations`, declarations) ?? []);
  const choice = maybe(body['toolConfig'], 'toolConfig', readConfig);
  const searches = given.some(({ raw }) => SEARCHES.some((name) => raw[name] !== undefined && raw[name] !== null));
  return { ...offered(functions, choice, names), ...(searches ? { webSearch: {} } : {}) };
}

interface Choice {
  readonly mode: string;
  /** Undefined: all of them. */
  readonly allowed: readonly string[] | undefined;
}

/** Where only some functions may be called, the others are not offered. */
function offered(functions: readonly FunctionTool[], choice: Choice | undefined, names: ToolNames): Omit<ReadTools, 'webSearch'> {
  const { mode = '', allowed } = choice ?? {};
  const tools = functions.filter(({ name }) => allowed === undefined || allowed.includes(name));
  if (tools.length === 0) return {};
  const [first] = tools;
  const toolChoice: ToolChoice | undefined =
    mode === 'ANY' && first && tools.length === 1 && allowed !== undefined
      ? { type: 'function', name: names.toWire(first.name) }
      : CHOICES[mode];
  return { tools: tools.map((tool) => ({ ...tool, name: names.toWire(tool.name) })), ...present({ toolChoice }) };
}

const CHOICES: Readonly<Record<string, ToolChoice>> = {
  AUTO: { type: 'auto' },
  VALIDATED: { type: 'auto' },
  ANY: { type: 'required' },
  NONE: { type: 'none' },
};

function readConfig(value: unknown, path: string): Choice {
  const raw = maybe(objectAt(value, path)['functionCallingConfig'], `${path}.functionCallingConfig`, objectAt) ?? {};
  const at = `${path}.functionCallingConfig`;
  const mode = (maybe(raw['mode'], `${at}.mode`, stringAt) ?? '').toUpperCase();
  if (mode !== '' && mode !== 'MODE_UNSPECIFIED' && !Object.hasOwn(CHOICES, mode))
    throw refused(`${at}.mode`, `the mode must be one of ${Object.keys(CHOICES).join(', ')}.`);
  const allowed = maybe(raw['allowedFunctionNames'], `${at}.allowedFunctionNames`, stringsAt);
  return { mode, allowed: allowed?.length === 0 ? undefined : allowed };
}

function declarations(value: unknown, path: string): FunctionTool[] {
  return eachAt(value, path, declaration);
}

function declaration(raw: JsonObject, path: string): FunctionTool {
  const schema = maybe(raw['parametersJsonSchema'], `${path}.parametersJsonSchema`, rawAt);
  const openApi = maybe(raw['parameters'], `${path}.parameters`, rawAt);
  return {
    type: 'function',
    name: stringAt(raw['name'], `${path}.name`),
    ...present({
      description: maybe(raw['description'], `${path}.description`, stringAt),
      parameters: schema ?? (openApi && readSchema(openApi)),
    }),
  };
}
