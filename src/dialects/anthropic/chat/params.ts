import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import type { ModelFamily } from '../families.ts';

/** Parameters that have a place in a Messages body, whatever their value. */
const SAID = [
  'max_tokens',
  'stop',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'user',
  'service_tier',
  'web_search_options',
  'context_management',
];

/** Parameters that change nothing about the answer: left out in silence (data-plane 9.4, 11.9). */
const HARMLESS = [
  'stream_options',
  'store',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'prediction',
  'modalities',
  'audio',
];

/**
 * The parameters to leave out, by wire name (`top_k` among them).
 *
 * @throws {UnsupportedParamsError} when the model cannot take some and the target does not say that they be dropped
 */
export function paramsToDrop(request: ChatRequest, family: ModelFamily, target: Target): ReadonlySet<string> {
  const present = [...presentParams(request), ...(request.topK === undefined ? [] : ['top_k'])];
  return checkParams(present, supportedParams(request, family), target);
}

function supportedParams(request: ChatRequest, family: ModelFamily): ReadonlySet<string> {
  const supported = new Set([...SAID, ...HARMLESS]);
  const allow = (name: string, condition: boolean): unknown => condition && supported.add(name);
  const { temperature, topP, reasoning } = request;
  const free = family.sampling !== 'refused';
  allow('temperature', free || temperature === 1);
  allow('top_p', topP === 1 || (free && (family.sampling === 'free' || temperature === undefined)));
  allow('top_k', free);
  allow('reasoning_effort', family.thinking !== 'none' || reasoning?.effort === 'none' || reasoning?.effort === 'disable');
  allow('thinking', family.thinking !== 'none' || reasoning?.thinking?.type === 'disabled');
  allow('n', request.n === 1);
  allow('presence_penalty', request.presencePenalty === 0);
  allow('frequency_penalty', request.frequencyPenalty === 0);
  allow('logprobs', request.logprobs === false);
  return supported;
}

/** Members for sampling. Thinking is not compatible with a temperature, with `top_k`, and with a low `top_p`. */
export function samplingMembers(request: ChatRequest, family: ModelFamily, drop: ReadonlySet<string>, thinking: boolean): JsonObject {
  const { temperature, topP, topK } = request;
  const redundant = (value: number): boolean => family.sampling === 'refused' && value === 1;
  const members: JsonObject = {};
  if (temperature !== undefined && !thinking && !drop.has('temperature') && !redundant(temperature)) {
    members['temperature'] = Math.min(1, Math.max(0, temperature));
  }
  if (topP !== undefined && !(thinking && topP < 0.95) && !drop.has('top_p') && !redundant(topP)) members['top_p'] = topP;
  if (topK !== undefined && !thinking && !drop.has('top_k')) members['top_k'] = topK;
  return members;
}

/** Parameters without a place in the dialect that the target wants sent nevertheless (`allowed_openai_params`). */
export function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  return forcedParams(request, target, ['n', 'seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'logprobs', 'topLogprobs']);
}
