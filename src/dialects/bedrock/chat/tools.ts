import type { Target } from '../../../core/dialect.ts';
import { UnsupportedParamsError } from '../../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool, ToolChoice } from '../../../core/request.ts';
import { inputSchema, strictSchema } from '../../anthropic/chat/schema.ts';
import type { NameRules, ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { cachePoint } from './cache-points.ts';

/** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html (2026-11-26) */
export const NAME_RULES: NameRules = { unlawful: /[^a-zA-Z0-9_-]/g, maxLength: 64 };

/**
 * Elements of `toolConfig.tools`. Of two with one name the first stays.
 *
 * @throws {UnsupportedParamsError} for a tool of another dialect, when the target does not say to drop what is unsupported
 */
export function toolBlocks(request: ChatRequest, family: ModelFamily, names: ToolNames, target: Target): JsonObject[] {
  const tools = request.tools ?? [];
  for (const tool of tools) if (tool.type === 'native') names.reserve(systemToolName(tool) ?? '');
  const seen = new Set<string>();
  return tools.flatMap((tool) => {
    if (tool.type === 'native') return nativeTool(tool, target);
    if (seen.has(tool.name)) return [];
    seen.add(tool.name);
    const point = family.cachePoints === 'tools too' ? cachePoint(tool.cache, family) : [];
    return [functionTool(tool, family, names), ...point];
  });
}

function functionTool(
  { name, description = '', parameters, strict }: FunctionTool,
  { jsonSchema }: ModelFamily,
  names: ToolNames,
): JsonObject {
  const isStrict = strict === true && jsonSchema;
  const schema = inputSchema(parameters);
  return {
    toolSpec: {
      name: names.toWire(name),
      ...(description.trim() === '' ? {} : { description }),
      inputSchema: { json: isStrict ? strictSchema(schema) : schema },
      ...(isStrict ? { strict: true } : {}),
    },
  };
}

/** Tools that Bedrock runs itself are given as they are: `{"systemTool": {"name": "nova_code_interpreter"}}`. */
function nativeTool(tool: NativeTool, { provider, model, params }: Target): JsonObject[] {
  if (systemToolName(tool) !== null) return [{ systemTool: tool.raw['systemTool'] }];
  if (params.drop) return [];
  throw new UnsupportedParamsError(provider, model, [`tools[type=${wordOf(tool.raw['type'])}]`]);
}

function systemToolName({ raw }: NativeTool): string | null {
  const own = raw['systemTool'];
  return isObject(own) && typeof own['name'] === 'string' ? own['name'] : null;
}

/** Stands in when a history speaks of tools and the request has none, which Bedrock refuses. It is never called. */
export const DUMMY_TOOL: Readonly<JsonObject> = {
  toolSpec: {
    name: 'no_tool_available',
    description: 'Placeholder: the tools of earlier turns are gone. Do not call it.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
};

/** `toolChoice`; null leaves it to the model. */
export function toolChoiceOf(choice: ToolChoice | undefined, names: ToolNames): JsonObject | null {
  if (!choice || choice.type === 'none') return null;
  if (choice.type === 'function') return { tool: { name: names.toWire(choice.name) } };
  return choice.type === 'required' ? { any: {} } : { auto: {} };
}

export function isForced(choice: JsonObject | null): boolean {
  return choice !== null && !('auto' in choice);
}

/** `parallel_tool_calls: false` in Claude's own words; others have none for it. */
export function withoutParallel(choice: JsonObject | null): JsonObject {
  const tool = choice?.['tool'];
  const own = isObject(tool) ? { type: 'tool', ...tool } : { type: isForced(choice) ? 'any' : 'auto' };
  return { tool_choice: { ...own, disable_parallel_tool_use: true } };
}
