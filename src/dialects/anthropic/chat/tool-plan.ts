import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import type { ModelFamily } from '../families.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { Conversation } from './conversation.ts';
import { choiceForJson, jsonInstruction, type JsonOutput } from './json-output.ts';
import { thinks, type ThinkingPlan } from './thinking.ts';
import { DUMMY_TOOL, isForced, toolChoiceOf, withoutParallel } from './tools.ts';

interface ToolContext {
  readonly family: ModelFamily;
  readonly names: ToolNames;
  readonly json: JsonOutput | null;
  readonly thinking: ThinkingPlan;
  readonly conversation: Conversation;
  readonly modify: boolean;
}

interface ToolPlan {
  readonly tools: JsonObject[];
  readonly choice: JsonObject | null;
  readonly thinking: ThinkingPlan;
  readonly system: JsonObject[];
}

/** Tools, the choice among them, and what follows from a forced choice: it does not go together with thinking. */
export function planTools(request: ChatRequest, own: JsonObject[], context: ToolContext): ToolPlan {
  const { family, names, json, thinking, conversation } = context;
  const { system } = conversation;
  const tools = json?.by === 'tool' ? [...own, json.tool] : own;
  if (tools.length === 0) return { ...withoutTools(context), thinking, system };
  const chosen = toolChoiceOf(request.toolChoice, names);
  const wanted = json?.by === 'tool' ? choiceForJson(json.name, chosen, own.length > 0) : chosen;
  const mayForce = family.forcedTools && !thinks(thinking);
  const choice = isForced(wanted) && !mayForce ? { type: 'auto' } : wanted;
  const instruction = json?.by === 'tool' && !mayForce ? [jsonInstruction(json.name)] : [];
  return {
    tools,
    choice: request.parallelToolCalls === false ? withoutParallel(choice) : choice,
    thinking: isForced(choice) ? withoutOwnThinking(thinking, family) : thinking,
    system: [...system, ...instruction],
  };
}

/** A history with calls needs a tool to be there. It is added only for those who let requests be modified. */
function withoutTools({ conversation, modify }: ToolContext): Pick<ToolPlan, 'tools' | 'choice'> {
  const speaksOfTools = conversation.messages.some(({ content }) =>
    content.some(({ type }) => type === 'tool_use' || type === 'tool_result'),
  );
  return modify && speaksOfTools ? { tools: [{ ...DUMMY_TOOL }], choice: { type: 'none' } } : { tools: [], choice: null };
}

/** Models that think unasked must be told not to, so that a call can be forced; they refuse that beside an effort above high. */
function withoutOwnThinking(plan: ThinkingPlan, { thinksByDefault, thinkingTypes }: ModelFamily): ThinkingPlan {
  if (!thinksByDefault || plan.thinking !== null || !thinkingTypes.includes('disabled')) return plan;
  return { thinking: { type: 'disabled' }, effort: plan.effort === 'xhigh' || plan.effort === 'max' ? 'high' : plan.effort };
}
