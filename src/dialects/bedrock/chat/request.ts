import type { Target } from '../../../core/dialect.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { ToolNames } from '../../tool-names.ts';
import { familyOf, type ModelFamily } from '../families.ts';
import { limitPoints } from './cache-points.ts';
import { conversationOf, roundLacksThought } from './conversation.ts';
import { sortedExtras } from './extras.ts';
import { jsonOutputOf } from './json-output.ts';
import { droppedParams, allowedMembers, inferenceMembers, serviceTierMember, stopEcho, topKMember } from './params.ts';
import { thinkingOf, type ReasoningBudgets } from './thinking.ts';
import { planTools } from './tool-plan.ts';
import { NAME_RULES, toolBlocks } from './tools.ts';

interface WrittenRequest {
  readonly body: JsonObject;
  readonly names: ToolNames;
  /** The tool whose input is the answer; `null` when none was added. */
  readonly jsonTool: string | null;
}

/**
 * Writes a request for Converse and ConverseStream (dialects 4.2).
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when it cannot be said in this dialect
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (2026-11-26)
 */
export function writeChatRequest(request: ChatRequest, target: Target, budgets: ReasoningBudgets): WrittenRequest {
  const family = familyOf(target.model);
  const dropped = droppedParams(request, family, target);
  const names = new ToolNames(NAME_RULES);
  const own = toolBlocks(request, family, names, target);
  const { system, messages } = conversationOf(request.messages, family, names);
  const json = jsonOutputOf(request.responseFormat, family, target.abilities.tools !== false, names);
  const planned = thinkingOf(wantedReasoning(request, dropped), family, budgets);
  // Thoughts of the running round are lost: it can only go on without thinking (data-plane 11.8).
  const plan = planned.on && roundLacksThought(messages) ? thinkingOf(undefined, family, budgets) : planned;
  const calls = planTools(request, own, { family, names, json, thinks: plan.on, turns: messages });
  if (calls.words !== null) system.push({ text: calls.words });
  limitPoints([calls.tools, system, ...messages.map(({ content }) => content)]);
  const extras = sortedExtras(request.extras);
  const inference = { ...inferenceMembers(request, family, dropped, plan, target.abilities.maxOutputTokens), ...extras.inference };
  const fields = modelFields(
    {
      ...allowedMembers(request, target),
      ...topKMember(request, family, dropped, plan),
      ...plan.fields,
      ...calls.fields,
      ...betaMember([...plan.betas, ...extras.betas], family),
    },
    extras.model,
  );
  const toolConfig = { tools: calls.tools, ...(calls.choice === null ? {} : { toolChoice: calls.choice }) };
  const body: JsonObject = {
    messages,
    ...(system.length > 0 ? { system } : {}),
    ...filled('inferenceConfig', inference),
    ...(calls.tools.length > 0 ? { toolConfig } : {}),
    ...filled('additionalModelRequestFields', fields),
    ...stopEcho(request, family),
    ...(json?.by === 'format' ? { outputConfig: json.config } : {}),
    ...serviceTierMember(request),
    ...extras.body,
  };
  return { body, names, jsonTool: json?.by === 'tool' ? json.name : null };
}

function wantedReasoning({ reasoning }: ChatRequest, dropped: ReadonlySet<string>): ChatRequest['reasoning'] {
  if (!reasoning) return undefined;
  const { effort, thinking, ...rest } = reasoning;
  const wanted = {
    ...rest,
    ...(effort === undefined || dropped.has('reasoning_effort') ? {} : { effort }),
    ...(thinking === undefined || dropped.has('thinking') ? {} : { thinking }),
  };
  return wanted.effort === undefined && wanted.thinking === undefined ? undefined : wanted;
}

function betaMember(betas: readonly string[], { maker }: ModelFamily): JsonObject {
  return betas.length === 0 || maker !== 'claude' ? {} : { anthropic_beta: [...new Set(betas)] };
}

/** What the client says to the model itself wins; objects (`output_config`) are joined. */
function modelFields(ours: JsonObject, own: JsonObject): JsonObject {
  const joined = Object.entries(own).map(([name, value]) => {
    const before = ours[name];
    return [name, isObject(before) && isObject(value) ? { ...before, ...value } : value];
  });
  return { ...ours, ...(Object.fromEntries(joined) as JsonObject) };
}

function filled(name: string, members: JsonObject): JsonObject {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}
