import type { Target } from '../../../core/dialect.ts';
import { InvalidRequestError, UnsupportedParamsError } from '../../../core/errors.ts';
import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, FunctionTool, NativeTool, Tool, ToolChoice } from '../../../core/request.ts';

/** Tools as the body has them, and what the model must be told because Ollama has no `tool_choice`. */
export interface OfferedTools {
  readonly tools: readonly JsonObject[];
  readonly hint: string | null;
}

/**
 * The tools to offer. They are sent whatever is believed of the model: one that cannot call says so itself. `tool_choice`
 * is played: `none` offers nothing, a named tool is offered alone, and a duty to call becomes a sentence.
 *
 * @throws {InvalidRequestError} when `tool_choice` names a tool that is not offered
 * @throws {UnsupportedParamsError} for another provider's own tools, unless they may be dropped
 */
export function toolsOf(request: ChatRequest, target: Target): OfferedTools {
  const functions = functionsIn(request.tools ?? [], target);
  const choice: ToolChoice = request.toolChoice ?? { type: 'auto' };
  if (choice.type === 'function') return onlyTool(choice.name, functions);
  if (choice.type === 'none' || functions.length === 0) return { tools: [], hint: null };
  const hint = choice.type === 'required' ? 'Answer with a call of one of the tools, not in words.' : null;
  return { tools: functions.map(wireTool), hint };
}

function onlyTool(name: string, functions: readonly FunctionTool[]): OfferedTools {
  const chosen = functions.find((tool) => tool.name === name);
  if (!chosen) throw new InvalidRequestError(`Tool choice '${name}' not found in 'tools' parameter.`, 'tool_choice');
  return { tools: [wireTool(chosen)], hint: `Answer with a call of the tool \`${name}\`, not in words.` };
}

/** The function tools; of several with one name the first. */
function functionsIn(tools: readonly Tool[], target: Target): FunctionTool[] {
  const foreign = tools.filter((tool): tool is NativeTool => tool.type === 'native');
  if (foreign.length > 0 && !target.params.drop) {
    const names = foreign.map(({ raw }) => `tools: ${wordOf(raw['type'] ?? raw['name'])}`);
    throw new UnsupportedParamsError(target.provider, target.model, names);
  }
  const functions = tools.filter((tool): tool is FunctionTool => tool.type === 'function');
  return functions.filter((tool, at) => functions.findIndex(({ name }) => name === tool.name) === at);
}

function wireTool({ name, description, parameters }: FunctionTool): JsonObject {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      // Templates walk over `properties`, so they are there even when empty.
      parameters: { type: 'object', properties: {}, ...parameters },
    },
  };
}
