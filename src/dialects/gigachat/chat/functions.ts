import type { Target } from '../../../core/dialect.ts';
import { InvalidRequestError, UnsupportedParamsError } from '../../../core/errors.ts';
import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool, Tool } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { AnswerForm } from './json-output.ts';

/**
 * The members of a body that offer functions; none without a function.
 *
 * @throws {InvalidRequestError} when `tool_choice` names a function that is not offered
 * @throws {UnsupportedParamsError} for another provider's own tools, unless they may be dropped
 * @see https://developers.sber.ru/docs/ru/gigachat/guides/functions/function-calling-modes (2026-11-26)
 */
export function functionMembers(request: ChatRequest, target: Target, names: ToolNames): JsonObject {
  const functions = functionsIn(request.tools ?? [], target);
  const call = callOf(request, functions, names);
  return functions.length === 0 ? {} : { functions: functions.map((tool) => wireFunction(tool, names)), function_call: call };
}

/** The members that have the answer filled in as a form. */
export function formMembers({ name, description, schema }: AnswerForm): JsonObject {
  return { functions: [{ name, description, parameters: { properties: {}, ...schema } }], function_call: { name } };
}

function callOf({ toolChoice: choice }: ChatRequest, functions: readonly FunctionTool[], names: ToolNames): unknown {
  if (choice?.type === 'none') return 'none';
  if (choice?.type === 'function') {
    if (!functions.some(({ name }) => name === choice.name))
      throw new InvalidRequestError(`Tool choice '${choice.name}' not found in 'tools' parameter.`, 'tool_choice');
    return { name: names.toWire(choice.name) };
  }
  const [only, ...others] = functions;
  return choice?.type === 'required' && only && others.length === 0 ? { name: names.toWire(only.name) } : 'auto';
}

/** The function tools; of several with one name the first. */
function functionsIn(tools: readonly Tool[], target: Target): FunctionTool[] {
  const foreign = tools.filter((tool): tool is NativeTool => tool.type === 'native');
  if (foreign.length > 0 && !target.params.drop) {
    const unsupported = foreign.map(({ raw }) => `tools: ${wordOf(raw['type'] ?? raw['name'])}`);
    throw new UnsupportedParamsError(target.provider, target.model, unsupported);
  }
  const functions = tools.filter((tool): tool is FunctionTool => tool.type === 'function');
  return functions.filter((tool, at) => functions.findIndex(({ name }) => name === tool.name) === at);
}

function wireFunction({ name, description, parameters }: FunctionTool, names: ToolNames): JsonObject {
  return {
    name: names.toWire(name),
    ...(description === undefined ? {} : { description }),
    // Both are wanted, also of a function that takes nothing.
    parameters: { type: 'object', properties: {}, ...parameters },
  };
}
