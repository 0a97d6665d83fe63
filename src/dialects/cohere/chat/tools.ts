import type { Target } from '../../../core/dialect.ts';
import { InvalidRequestError, UnsupportedParamsError } from '../../../core/errors.ts';
import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool, Tool } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';

/**
 * The members of a body that offer tools; none without a tool. A tool that must be called by name is offered alone.
 *
 * @throws {InvalidRequestError} when `tool_choice` names a tool that is not offered
 * @throws {UnsupportedParamsError} for another provider's own tools, unless they may be dropped
 * @see https://docs.cohere.com/docs/tool-use-usage-patterns (read 2026-11-26)
 */
export function toolMembers(request: ChatRequest, target: Target, names: ToolNames): JsonObject {
  const { toolChoice: choice = { type: 'auto' } } = request;
  const offered = functionsIn(request.tools ?? [], target);
  const functions = choice.type === 'function' ? [chosen(choice.name, offered)] : offered;
  if (functions.length === 0) return {};
  return {
    tools: functions.map((tool) => wireTool(tool, names)),
    ...(choice.type === 'auto' ? {} : { tool_choice: choice.type === 'none' ? 'NONE' : 'REQUIRED' }),
    // It holds for all tools of a call, and refuses schemas that are not strict.
    ...(functions.every(({ strict }) => strict === true) ? { strict_tools: true } : {}),
  };
}

function chosen(name: string, offered: readonly FunctionTool[]): FunctionTool {
  const tool = offered.find((one) => one.name === name);
  if (!tool) throw new InvalidRequestError(`Tool choice '${name}' not found in 'tools' parameter.`, 'tool_choice');
  return tool;
}

/** The function tools; of several with one name the first. */
export function functionsIn(tools: readonly Tool[], target: Target): FunctionTool[] {
  const foreign = tools.filter((tool): tool is NativeTool => tool.type === 'native');
  if (foreign.length > 0 && !target.params.drop) {
    const unsupported = foreign.map(({ raw }) => `tools: ${wordOf(raw['type'] ?? raw['name'])}`);
    throw new UnsupportedParamsError(target.provider, target.model, unsupported);
  }
  const functions = tools.filter((tool): tool is FunctionTool => tool.type === 'function');
  return functions.filter((tool, at) => functions.findIndex(({ name }) => name === tool.name) === at);
}

function wireTool({ name, description, parameters }: FunctionTool, names: ToolNames): JsonObject {
  return {
    type: 'function',
    function: {
      name: names.toWire(name),
      ...(description === undefined ? {} : { description }),
      // Required, also of a tool that takes nothing.
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  };
}
