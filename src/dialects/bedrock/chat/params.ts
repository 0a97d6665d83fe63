import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import type { ModelFamily } from '../families.ts';
import type { ThinkingPlan } from './thinking.ts';

/** OpenAI parameters with a place in Converse. */
const SAID = ['max_tokens', 'stop', 'tools', 'tool_choice', 'response_format', 'service_tier'];

/** Parameters that change nothing about the answer: left out in silence (data-plane 9.4, 11.9). */
const HARMLESS = [
  'user',
  'parallel_tool_calls',
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
export function droppedParams(request: ChatRequest, family: ModelFamily, target: Target): ReadonlySet<string> {
  const present = [...presentParams(request), ...(request.topK === undefined ? [] : ['top_k'])];
  return checkParams(present, supportedParams(request, family), target);
}

function supportedParams(request: ChatRequest, { claude, thinking }: ModelFamily): ReadonlySet<string> {
  const supported = new Set([...SAID, ...HARMLESS]);
  const allow = (name: string, condition: boolean): unknown => condition && supported.add(name);
  const { temperature, topP, reasoning } = request;
  const sampling = claude?.sampling ?? 'free';
  allow('temperature', sampling !== 'refused' || temperature === 1);
  allow('top_p', topP === 1 || sampling === 'free' || (sampling === 'either' && temperature === undefined));
  allow('top_k', sampling !== 'refused');
  allow('reasoning_effort', thinking !== 'none' || reasoning?.effort === 'none' || reasoning?.effort === 'disable');
  allow('thinking', thinking !== 'none' || reasoning?.thinking?.type === 'disabled');
  allow('n', request.n === 1);
  allow('presence_penalty', request.presencePenalty === 0);
  allow('frequency_penalty', request.frequencyPenalty === 0);
  allow('logprobs', request.logprobs === false);
  return supported;
}

/** Members of `inferenceConfig`. */
export function inferenceMembers(
  request: ChatRequest,
  family: ModelFamily,
  dropped: ReadonlySet<string>,
  plan: ThinkingPlan,
  most: number | null,
): JsonObject {
  const { maxOutputTokens = 0, temperature, topP } = request;
  const redundant = (value: number): boolean => family.claude?.sampling === 'refused' && value === 1;
  const takes = (name: string, value: number | undefined): value is number =>
    value !== undefined && !plan.free && !dropped.has(name) && !redundant(value);
  const room = plan.free ? null : plan.room(maxOutputTokens > 0 ? maxOutputTokens : null, most);
  const stops = stopsOf(request, family);
  return {
    ...(room === null ? {} : { maxTokens: room }),
    ...(takes('temperature', temperature) && !plan.on ? { temperature: Math.min(1, Math.max(0, temperature)) } : {}),
    ...(takes('top_p', topP) && !(plan.on && topP < 0.95) ? { topP } : {}),
    ...(stops.length > 0 ? { stopSequences: stops } : {}),
  };
}

/** Claude refuses sequences of blanks. */
function stopsOf({ stop = [] }: ChatRequest, { maker }: ModelFamily): string[] {
  return stop.filter((text) => (maker === 'claude' ? text.trim() : text) !== '');
}

/** `top_k`, in each maker's own place among the model's own fields. */
export function topKMember({ topK }: ChatRequest, { maker }: ModelFamily, dropped: ReadonlySet<string>, plan: ThinkingPlan): JsonObject {
  if (topK === undefined || dropped.has('top_k') || plan.on || plan.free) return {};
  return maker === 'nova' ? { inferenceConfig: { topK } } : { top_k: topK };
}

/** Where Claude tells which stop sequence it met, in a whole answer and in a stream; others do not tell. */
export function stopEcho(request: ChatRequest, family: ModelFamily): JsonObject {
  const asked = family.maker === 'claude' && stopsOf(request, family).length > 0;
  return asked ? { additionalModelResponseFieldPaths: ['/stop_sequence', '/delta/stop_sequence'] } : {};
}

/** Words for tiers of both APIs; others have no counterpart. @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html (2026-11-26) */
const SERVICE_TIERS: Readonly<Record<string, string>> = {
  auto: 'default',
  default: 'default',
  standard: 'default',
  priority: 'priority',
  flex: 'flex',
  reserved: 'reserved',
};

export function serviceTierMember({ serviceTier = '' }: ChatRequest): JsonObject {
  const type = SERVICE_TIERS[serviceTier];
  return type === undefined ? {} : { serviceTier: { type } };
}

/** Parameters without a place in the dialect that the owner wants sent nevertheless (`allowed_openai_params`). */
export function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  return forcedParams(request, target, ['n', 'seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'logprobs', 'topLogprobs']);
}
