import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import type { OfferedTools } from './tools.ts';

/**
 * `toolConfig`; `null` when nothing needs to be said of the tools.
 *
 * @see https://ai.google.dev/api/caching#ToolConfig (2026-11-26)
 */
export function toolConfigOf(
  request: ChatRequest,
  { functions, builtIns }: OfferedTools,
  { asksForSteps }: ModelFamily,
  names: ToolNames,
): JsonObject | null {
  if (functions.length === 0) return null;
  const config = choiceOf(request, names);
  return {
    ...(config === null ? {} : { functionCallingConfig: config }),
    // Steps of Google's own tools are told, and wanted back, where functions stand beside them.
    ...(builtIns.length > 0 && asksForSteps ? { includeServerSideToolInvocations: true } : {}),
  };
}

function choiceOf({ toolChoice, tools = [], others }: ChatRequest, names: ToolNames): JsonObject | null {
  const allowed = allowedChoice(others['tool_choice'], names);
  if (allowed) return allowed;
  switch (toolChoice?.type) {
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'function':
      return { mode: 'ANY', allowedFunctionNames: [names.toWire(toolChoice.name)] };
    case 'auto':
    case undefined:
    default:
      if (tools.some((tool) => tool.type === 'function' && tool.strict === true)) return { mode: 'VALIDATED' };
      return toolChoice ? { mode: 'AUTO' } : null;
  }
}

/** OpenAI's `allowed_tools`: the model chooses among some of the functions. */
function allowedChoice(choice: unknown, names: ToolNames): JsonObject | null {
  if (!isObject(choice) || choice['type'] !== 'allowed_tools') return null;
  const wish = isObject(choice['allowed_tools']) ? choice['allowed_tools'] : choice;
  const tools = Array.isArray(wish['tools']) ? wish['tools'].filter(isObject) : [];
  const allowed = tools
    .map((tool) => (isObject(tool['function']) ? tool['function']['name'] : tool['name']))
    .filter((name) => typeof name === 'string');
  return allowed.length === 0
    ? null
    : { mode: wish['mode'] === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: allowed.map((name) => names.toWire(name)) };
}
