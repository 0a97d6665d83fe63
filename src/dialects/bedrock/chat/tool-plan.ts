import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { speaksOfTools, type Turn } from './conversation.ts';
import { jsonInstruction, type JsonOutput } from './json-output.ts';
import { DUMMY_TOOL, isForced, toolChoiceOf, withoutParallel } from './tools.ts';

interface ToolContext {
  readonly family: ModelFamily;
  readonly names: ToolNames;
  readonly json: JsonOutput | null;
  /** The model thinks, which does not go with a forced call. */
  readonly thinks: boolean;
  readonly turns: readonly Turn[];
}

interface ToolPlan {
  /** Elements of `toolConfig.tools`. */
  readonly tools: JsonObject[];
  readonly choice: JsonObject | null;
  /** Members for the model itself. */
  readonly fields: JsonObject;
  /** What the system must say besides. */
  readonly words: string | null;
}

/** Tools and the choice among them. Tools that must not be called are left out, unless the history speaks of some. */
export function planTools(request: ChatRequest, own: JsonObject[], { family, names, json, thinks, turns }: ToolContext): ToolPlan {
  const barred = request.toolChoice?.type === 'none' && !speaksOfTools(turns);
  const offered = [...(barred ? [] : own), ...(json?.by === 'tool' ? [json.tool] : [])];
  const words = json?.by === 'words' ? json.words : null;
  if (offered.length === 0) return { tools: speaksOfTools(turns) ? [{ ...DUMMY_TOOL }] : [], choice: null, fields: {}, words };
  const chosen = toolChoiceOf(request.toolChoice, names);
  const wanted = json?.by === 'tool' ? (choiceForJson(json.name, request, own) ?? chosen) : chosen;
  const mayForce = family.forcedTools && !thinks;
  const choice = isForced(wanted) && !mayForce ? null : wanted;
  const parallel = request.parallelToolCalls === false && family.maker === 'claude';
  return {
    tools: offered,
    choice,
    fields: parallel ? withoutParallel(choice) : {},
    words: json?.by === 'tool' && !mayForce ? jsonInstruction(json.name) : words,
  };
}

/** With tools of the client's own the model must stay free to call them first; a choice that the client made stays: null. */
function choiceForJson(name: string, { toolChoice }: ChatRequest, own: readonly JsonObject[]): JsonObject | null {
  if (own.length === 0 || toolChoice?.type === 'none') return { tool: { name } };
  return toolChoice === undefined || toolChoice.type === 'auto' ? { any: {} } : null;
}
