import type { Target } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { checkParams, presentParams } from '../../params.ts';
import type { Family } from './families.ts';

/** OpenAI parameters with a place in the generic form. */
const SAID = [
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'n',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'thinking',
  'verbosity',
  'prediction',
  'service_tier',
  'web_search_options',
];

/** OpenAI parameters that change nothing about the answer: left out without a word. */
const WITHOUT_EFFECT = ['user', 'safety_identifier', 'store', 'metadata', 'prompt_cache_key', 'prompt_cache_retention', 'stream_options'];

const SAMPLING = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs', 'logit_bias'];

/**
 * OpenAI parameters of the request that this model cannot take and that are left out.
 *
 * @throws {UnsupportedParamsError} when there are some and the target does not say that they be dropped
 */
export function droppedParams(request: ChatRequest, family: Family, target: Target): ReadonlySet<string> {
  const refused = new Set([...family.refused, ...(family.fixedSampling ? SAMPLING : [])]);
  const supported = new Set([...SAID, ...WITHOUT_EFFECT].filter((name) => !refused.has(name)));
  const off = levelOf(request.reasoning) === 'NONE';
  if (target.abilities.reasoning === false) for (const name of ['reasoning_effort', 'thinking']) supported.delete(name);
  // A model that cannot think is free not to think.
  if (off) supported.add('reasoning_effort').add('thinking');
  return checkParams(
    presentParams(request).filter((name) => !isUsual(name, request)),
    supported,
    target,
  );
}

/** A value that says what holds anyhow. */
function isUsual(name: string, request: ChatRequest): boolean {
  const { temperature, topP, presencePenalty, frequencyPenalty, logprobs } = request;
  const usual: Readonly<Record<string, boolean>> = {
    temperature: temperature === 1,
    top_p: topP === 1,
    presence_penalty: presencePenalty === 0,
    frequency_penalty: frequencyPenalty === 0,
    logprobs: logprobs === false,
  };
  return usual[name] === true;
}

/** Members for the length of the answer and the choice of its words. */
export function samplingMembers(
  request: ChatRequest,
  { completionLimit, fixedSampling }: Family,
  dropped: ReadonlySet<string>,
): JsonObject {
  const { maxOutputTokens = 0, temperature, topP, topK, n = 1, stop = [], seed, logitBias } = request;
  const { presencePenalty, frequencyPenalty, logprobs, topLogprobs } = request;
  const stops = stop.filter((text) => text !== '');
  // What holds anyhow is refused by some when it is said.
  const unlessOne = (value: number | undefined): number | undefined => (fixedSampling && value === 1 ? undefined : value);
  const said: Readonly<Record<string, unknown>> = {
    temperature: unlessOne(temperature),
    topP: unlessOne(topP),
    topK: fixedSampling ? undefined : topK,
    presencePenalty: presencePenalty || undefined,
    frequencyPenalty: frequencyPenalty || undefined,
    numGenerations: n > 1 ? n : undefined,
    stop: stops.length > 0 ? stops : undefined,
    seed,
    logitBias,
    logProbs: logprobs === true ? (topLogprobs ?? 1) : undefined,
  };
  const limit = maxOutputTokens > 0 ? { [completionLimit ? 'maxCompletionTokens' : 'maxTokens']: maxOutputTokens } : {};
  return { ...limit, ...present(Object.fromEntries(Object.entries(said).filter(([name]) => !dropped.has(PARAM_OF[name] ?? name)))) };
}

const PARAM_OF: Readonly<Record<string, string>> = {
  topP: 'top_p',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  numGenerations: 'n',
  logitBias: 'logit_bias',
  logProbs: 'logprobs',
};

const TIERS: ReadonlySet<string> = new Set(['AUTO', 'DEFAULT', 'PRIORITY']);

/** Members that say how the model goes about it. */
export function mannerMembers(request: ChatRequest, target: Target, dropped: ReadonlySet<string>): JsonObject {
  const { reasoning, serviceTier, webSearch, others } = request;
  const level = dropped.has('reasoning_effort') || dropped.has('thinking') ? null : levelOf(reasoning);
  // Only who thinks knows the word for not thinking.
  const effort = level === 'NONE' && target.abilities.reasoning !== true ? null : level;
  const tier = serviceTier?.toUpperCase() ?? '';
  return present({
    reasoningEffort: effort ?? undefined,
    verbosity: dropped.has('verbosity') ? undefined : wordOf(others['verbosity']).toUpperCase() || undefined,
    serviceTier: TIERS.has(tier) ? tier : undefined,
    prediction: predictionOf(others['prediction']),
    webSearchOptions:
      webSearch && present({ searchContextSize: webSearch.contextSize?.toUpperCase(), userLocation: locationOf(webSearch.userLocation) }),
  });
}

/** The place stands in a frame at OpenAI. */
function locationOf(location: unknown): JsonObject | undefined {
  if (!isObject(location)) return undefined;
  return isObject(location['approximate']) ? location['approximate'] : location;
}

function predictionOf(prediction: unknown): JsonObject | undefined {
  const content = isObject(prediction) ? prediction['content'] : undefined;
  const texts: unknown[] = Array.isArray(content) ? content : [content];
  const parts = texts.map((part) => (isObject(part) ? wordOf(part['text']) : wordOf(part))).filter((text) => text !== '');
  return parts.length === 0 ? undefined : { type: 'CONTENT', content: parts.map((text) => ({ type: 'TEXT', text })) };
}

const LEVELS: Readonly<Record<string, string>> = {
  none: 'NONE',
  disable: 'NONE',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/**
 * One of Oracle's words; `null` when nothing is asked. A client's own object wins over its level.
 *
 * @throws {InvalidRequestError} for a level that is none
 */
function levelOf(reasoning: Reasoning | undefined): string | null {
  const { effort, thinking } = reasoning ?? {};
  if (thinking) {
    if (thinking.type === 'disabled') return 'NONE';
    return thinking.budgetTokens === undefined ? null : levelOfBudget(thinking.budgetTokens);
  }
  if (effort === undefined) return null;
  const level = LEVELS[effort];
  if (level !== undefined) return level;
  throw new InvalidRequestError(`Invalid reasoning_effort '${effort}'. It takes: ${Object.keys(LEVELS).join(', ')}.`, 'reasoning_effort');
}

/** The same steps as everywhere (data-plane 9.13). */
function levelOfBudget(tokens: number): string {
  if (tokens >= 10_000) return 'HIGH';
  if (tokens >= 5000) return 'MEDIUM';
  return tokens >= 2000 ? 'LOW' : 'MINIMAL';
}
