import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';

/** OpenAI parameters with a counterpart in GigaChat's API. */
const TRANSLATED = ['tools', 'tool_choice', 'response_format', 'max_tokens', 'temperature', 'top_p'];

/** OpenAI parameters that change nothing in the answer: left out without a word. */
const WITHOUT_EFFECT = ['user', 'safety_identifier', 'store', 'metadata', 'prompt_cache_key', 'prompt_cache_retention'];

/**
 * OpenAI parameters of the request that GigaChat cannot take and that are left out.
 *
 * @throws {UnsupportedParamsError} when there are some and the target does not say that they be dropped
 */
export function droppedParams(request: ChatRequest, target: Target): ReadonlySet<string> {
  const supported = new Set([...TRANSLATED, ...WITHOUT_EFFECT]);
  if (request.n === 1) supported.add('n');
  // It calls one function a turn, whatever is said.
  if (request.parallelToolCalls === false) supported.add('parallel_tool_calls');
  if (mustCallAny(request)) supported.delete('tool_choice');
  if (target.abilities.reasoning !== false || turnsThinkingOff(request.reasoning)) supported.add('reasoning_effort').add('thinking');
  return checkParams(presentParams(request), supported, target);
}

/** Members for the length of the answer and the choice of its words. */
export function samplingMembers({ maxOutputTokens = 0, temperature, topP }: ChatRequest): JsonObject {
  const certain = temperature !== undefined && temperature <= 0;
  return {
    ...(maxOutputTokens > 0 ? { max_tokens: maxOutputTokens } : {}),
    // A temperature must be above 0: the likeliest word alone is what 0 means.
    ...(temperature === undefined || certain ? {} : { temperature }),
    ...(certain ? { top_p: 0 } : topP === undefined ? {} : { top_p: topP }),
  };
}

/** `reasoning_effort`, of which GigaChat knows three; models that think can be told how much, and not to do otherwise. */
export function effortMember({ reasoning }: ChatRequest, { abilities }: Target, dropped: ReadonlySet<string>): JsonObject {
  if (abilities.reasoning === false || dropped.has('reasoning_effort') || dropped.has('thinking')) return {};
  const effort = effortOf(reasoning);
  return effort === null ? {} : { reasoning_effort: effort };
}

/** Parameters that the owner wants sent although we know no place for them (`allowed_openai_params`). */
export function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  return forcedParams(request, target, ['stop', 'seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'parallelToolCalls']);
}

/** Some function must be called, and there are several: GigaChat can only be forced to call a certain one. */
function mustCallAny({ toolChoice, tools = [] }: ChatRequest): boolean {
  return toolChoice?.type === 'required' && tools.length > 1;
}

function turnsThinkingOff(reasoning: Reasoning | undefined): boolean {
  if (reasoning?.effort !== undefined) return reasoning.effort === 'none' || reasoning.effort === 'disable';
  return reasoning?.thinking?.type === 'disabled';
}

function effortOf(reasoning: Reasoning | undefined): string | null {
  if (reasoning === undefined || turnsThinkingOff(reasoning)) return null;
  if (reasoning.effort !== undefined) return EFFORTS[reasoning.effort] ?? 'medium';
  const budget = reasoning.thinking?.budgetTokens;
  // Budgets to efforts as in data-plane 9.13.
  if (budget === undefined) return null;
  return budget >= 10_000 ? 'high' : budget >= 5000 ? 'medium' : 'low';
}

const EFFORTS: Readonly<Record<string, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};
