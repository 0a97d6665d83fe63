import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning } from '../../../core/request.ts';
import { ToolNames } from '../../tool-names.ts';
import { familyOf, type ModelFamily } from '../families.ts';
import { generationMembers } from './config.ts';
import { conversationOf } from './conversation.ts';
import { sortedExtras } from './extras.ts';
import { choiceForJson, jsonOutputOf, type JsonOutput } from './json-output.ts';
import { droppedParams, allowedMembers } from './params.ts';
import { tierHeaders } from '../vertex.ts';
import { thinkingConfigOf, type ReasoningBudgets } from './thinking.ts';
import { toolConfigOf } from './tool-config.ts';
import { NAME_RULES, offeredTools, toolsMember, type OfferedTools } from './tools.ts';

interface WrittenRequest {
  readonly body: JsonObject;
  readonly names: ToolNames;
  readonly headers: Readonly<Record<string, string>>;
  /** The function whose arguments are the answer; `null` when none was added. */
  readonly jsonFunction: string | null;
}

/**
 * Writes a request for `:generateContent` and `:streamGenerateContent` (dialects 2.1).
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when it cannot be said in this dialect
 * @see https://ai.google.dev/api/generate-content (2026-11-26)
 */
export function writeChatRequest(request: ChatRequest, target: Target, budgets: ReasoningBudgets): WrittenRequest {
  const family = familyOf(target.model, target.host);
  const dropped = droppedParams(request, family, target);
  const names = new ToolNames(NAME_RULES);
  const own = offeredTools(request, family, names, target);
  const json = jsonOutputOf(request.responseFormat, own, family, names);
  const offered = json?.by === 'function' ? { ...own, functions: [...own.functions, json.declaration] } : own;
  const { system, contents } = conversationOf(request.messages, family, names, json?.by === 'words' ? json.words : null);
  const thinkingConfig = thinkingConfigOf(wanted(request.reasoning, dropped), family, budgets);
  const extras = sortedExtras(request.extras);
  const tier = tierOf(request);
  const generationConfig = {
    ...generationMembers(request, family),
    ...(json?.by === 'format' ? json.config : {}),
    ...(thinkingConfig === null ? {} : { thinkingConfig }),
    ...extras.generation,
  };
  const toolConfig = { ...configOf(request, json, offered, { family, names }), ...extras.toolConfig };
  const body = {
    ...(system.length > 0 ? { systemInstruction: { parts: system } } : {}),
    contents,
    ...toolsMember(offered),
    ...(Object.keys(toolConfig).length > 0 ? { toolConfig } : {}),
    ...(Object.keys(generationConfig).length > 0 ? { generationConfig } : {}),
    ...(target.host === 'vertex' || tier === undefined ? {} : { serviceTier: tier }),
    ...allowedMembers(request, target),
    ...extras.body,
  };
  const headers = target.host === 'vertex' ? tierHeaders(tier) : {};
  return { body, headers, names, jsonFunction: json?.by === 'function' ? json.name : null };
}

function configOf(
  request: ChatRequest,
  json: JsonOutput | null,
  offered: OfferedTools,
  { family, names }: { readonly family: ModelFamily; readonly names: ToolNames },
): JsonObject | null {
  if (json?.by !== 'function') return toolConfigOf(request, offered, family, names);
  const toolChoice = choiceForJson(request.toolChoice);
  if (toolChoice) return toolConfigOf({ ...request, toolChoice }, offered, family, names);
  return { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [json.name] } };
}

function wanted(reasoning: Reasoning | undefined, dropped: ReadonlySet<string>): Reasoning | undefined {
  if (!reasoning) return undefined;
  const { effort, thinking, ...rest } = reasoning;
  return {
    ...rest,
    ...(effort === undefined || dropped.has('reasoning_effort') ? {} : { effort }),
    ...(thinking === undefined || dropped.has('thinking') ? {} : { thinking }),
  };
}

/** Words for tiers of both APIs; `auto` and others have no counterpart. @see https://ai.google.dev/gemini-api/docs/flex-inference (2026-11-26) */
const SERVICE_TIERS: Readonly<Record<string, string>> = { default: 'standard', standard: 'standard', flex: 'flex', priority: 'priority' };

function tierOf({ serviceTier }: ChatRequest): string | undefined {
  return serviceTier === undefined ? undefined : SERVICE_TIERS[serviceTier];
}
