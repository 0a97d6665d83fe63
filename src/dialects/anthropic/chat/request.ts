import type { Target } from '../../../core/dialect.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { familyOf, type ModelFamily } from '../families.ts';
import { isOpaqueId } from '../opaque-id.ts';
import { ToolNames, type NameRules } from '../../tool-names.ts';
import { betaFlags } from './betas.ts';
import { limitMarks } from './cache-marks.ts';
import { conversationOf, type Conversation } from './conversation.ts';
import { jsonOutputOf, type JsonOutput } from './json-output.ts';
import { allowedMembers, paramsToDrop, samplingMembers } from './params.ts';
import { planThinking, roomFor, thinks, type ReasoningBudgets, type ThinkingPlan } from './thinking.ts';
import { planTools } from './tool-plan.ts';
import { toolDefinitions } from './tools.ts';
import { roundLacksThought } from './turns.ts';

export const API_VERSION = '2023-06-01';

/** Names of tools that Anthropic takes. */
export const TOOL_NAMES: NameRules = { unlawful: /[^a-zA-Z0-9_-]/g, maxLength: 128 };

/** Tokens of an answer when neither the client nor what is known of the model says. */
const DEFAULT_MAX_TOKENS = 4096;

interface WrittenRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly names: ToolNames;
  /** The tool whose input is the answer; `null` when none was added. */
  readonly jsonTool: string | null;
}

/**
 * Writes a request for `POST /v1/messages` (dialects 1.1).
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when it cannot be said in this dialect
 * @see https://platform.claude.com/docs/en/api/messages/create (2026-11-26)
 */
export function writeChatRequest(request: ChatRequest, target: Target, budgets: ReasoningBudgets): WrittenRequest {
  const family = familyOf(target.model, target.host);
  const drop = paramsToDrop(request, family, target);
  const names = new ToolNames(TOOL_NAMES);
  const own = toolDefinitions(drop.has('tools') ? { ...request, tools: [] } : request, family, names, target);
  const conversation = conversationOf(request.messages, family, names);
  const json = drop.has('response_format') ? null : jsonOutputOf(request.responseFormat, family, target.abilities, names);
  const planned = planThinking(wantedReasoning(request, drop), family, budgets);
  // Thoughts of the running round are lost: it can only go on without thinking (data-plane 11.8).
  const thinking = thinks(planned) && roundLacksThought(conversation.messages) ? { ...planned, thinking: null } : planned;
  const calls = planTools(request, own, { family, names, json, thinking, conversation, modify: target.params.modify });
  const plan = calls.thinking;
  const { betas, anthropic_beta: flags = betas, output_config: outputConfig, ...extras } = request.extras;
  const body: JsonObject = {
    ...allowedMembers(request, target),
    ...extras,
    model: target.model,
    max_tokens: maxTokens(request, plan, target.abilities.maxOutputTokens ?? family.maxOutputTokens),
    ...(calls.system.length > 0 ? { system: calls.system } : {}),
    messages: withContinuation(conversation, family, target.params.modify),
    ...(calls.tools.length > 0 ? { tools: calls.tools } : {}),
    ...(calls.choice ? { tool_choice: calls.choice } : {}),
    ...(plan.thinking ? { thinking: plan.thinking } : {}),
    ...outputMembers(plan, json, outputConfig),
    ...samplingMembers(request, family, drop, thinks(plan)),
    ...otherMembers(request),
    stream: request.stream,
  };
  limitMarks([...calls.tools, ...calls.system, ...conversation.messages.flatMap(({ content }) => content)], body['cache_control'] ? 1 : 0);
  return { headers: headersOf(body, family, flags), body, names, jsonTool: json?.by === 'tool' ? json.name : null };
}

/** @param most the model's limit; `null` when unknown */
function maxTokens({ maxOutputTokens = 0 }: ChatRequest, plan: ThinkingPlan, most: number | null): number {
  return roomFor(plan, maxOutputTokens > 0 ? maxOutputTokens : null, most ?? DEFAULT_MAX_TOKENS, most);
}

function wantedReasoning({ reasoning }: ChatRequest, drop: ReadonlySet<string>): ChatRequest['reasoning'] {
  if (!reasoning) return undefined;
  const { effort, thinking, ...rest } = reasoning;
  return {
    ...rest,
    ...(effort === undefined || drop.has('reasoning_effort') ? {} : { effort }),
    ...(thinking === undefined || drop.has('thinking') ? {} : { thinking }),
  };
}

/** Newer models refuse to go on with an answer that the client began. */
function withContinuation({ messages }: Conversation, family: ModelFamily, modify: boolean): Conversation['messages'] {
  if (family.prefill || !modify || messages.at(-1)?.role !== 'assistant') return messages;
  return [...messages, { role: 'user', content: [{ type: 'text', text: 'Continue.' }] }];
}

/** `output_config`; what the client wrote in the provider's own words wins. */
function outputMembers({ effort }: ThinkingPlan, json: JsonOutput | null, own: unknown): JsonObject {
  const config = {
    ...(effort === null ? {} : { effort }),
    ...(json?.by === 'format' ? { format: json.format } : {}),
    ...(isObject(own) ? own : {}),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
}

function otherMembers({ stop, user, serviceTier, others }: ChatRequest): JsonObject {
  const sequences = stop?.filter((text) => text.trim() !== '') ?? [];
  const tier = serviceTier === undefined ? undefined : SERVICE_TIERS[serviceTier];
  return {
    ...(sequences.length > 0 ? { stop_sequences: sequences } : {}),
    ...(user !== undefined && isOpaqueId(user) ? { metadata: { user_id: user } } : {}),
    ...(tier === undefined ? {} : { service_tier: tier }),
    ...(others['context_management'] === undefined ? {} : { context_management: others['context_management'] }),
  };
}

/** Words for tiers of both APIs; others have no counterpart. */
const SERVICE_TIERS: Readonly<Record<string, string>> = {
  auto: 'auto',
  priority: 'auto',
  default: 'standard_only',
  standard: 'standard_only',
  standard_only: 'standard_only',
};

function headersOf(body: JsonObject, family: ModelFamily, asked: unknown): Record<string, string> {
  const flags = betaFlags(body, family, asked);
  return { 'anthropic-version': API_VERSION, ...(flags.length > 0 ? { 'anthropic-beta': flags.join(',') } : {}) };
}
