import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import { turnsThinkingOff } from './thinking.ts';

/** OpenAI parameters with a counterpart in Cohere's API. */
const TRANSLATED = [
  'tools',
  'tool_choice',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
];

/** OpenAI parameters that change nothing in the answer: left out without a word. */
const WITHOUT_EFFECT = [
  'user',
  'safety_identifier',
  'parallel_tool_calls',
  'store',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
];

/** What Cohere takes; what is beyond is said as its nearest. @see https://docs.cohere.com/reference/chat (read 2026-11-26) */
const RANGES = {
  temperature: [0, 1],
  p: [0.01, 0.99],
  k: [0, 500],
  presence_penalty: [0, 1],
  frequency_penalty: [0, 1],
} as const;

const MOST_STOPS = 5;

/**
 * OpenAI parameters of the request that this model cannot take and that are left out.
 *
 * @throws {UnsupportedParamsError} when there are some and the target does not say that they be dropped
 */
export function droppedParams(request: ChatRequest, target: Target): ReadonlySet<string> {
  const supported = new Set([...TRANSLATED, ...WITHOUT_EFFECT]);
  if (request.n === 1) supported.add('n');
  // A model that cannot think is free not to think.
  if (target.abilities.reasoning !== false || turnsThinkingOff(request.reasoning)) supported.add('reasoning_effort').add('thinking');
  return checkParams(presentParams(request), supported, target);
}

/** Members for the length of the answer and the choice of its words. */
export function samplingMembers(request: ChatRequest): JsonObject {
  const { maxOutputTokens = 0, temperature, topP, topK, stop = [], seed, logprobs } = request;
  const stops = stop.filter((text) => text !== '').slice(0, MOST_STOPS);
  return {
    ...(maxOutputTokens > 0 ? { max_tokens: maxOutputTokens } : {}),
    ...within('temperature', temperature),
    ...within('p', topP),
    ...within('k', topK),
    ...(stops.length > 0 ? { stop_sequences: stops } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(logprobs === true ? { logprobs } : {}),
    ...penalties(request),
  };
}

/** Some models refuse both at once, so that one without effect stays out. */
function penalties({ presencePenalty, frequencyPenalty }: ChatRequest): JsonObject {
  const asked = { ...within('presence_penalty', presencePenalty), ...within('frequency_penalty', frequencyPenalty) };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== 0));
}

function within(name: keyof typeof RANGES, value: number | undefined): JsonObject {
  const [low, high] = RANGES[name];
  return value === undefined ? {} : { [name]: Math.min(high, Math.max(low, value)) };
}

/** Parameters that the owner wants sent although we know no place for them (`allowed_openai_params`). */
export function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  return forcedParams(request, target, ['n', 'logitBias', 'topLogprobs', 'user', 'serviceTier', 'parallelToolCalls']);
}
