import type { Target } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../params.ts';
import type { PromptForm } from './wire.ts';

/** OpenAI parameters that change nothing in the answer: left out without a word. */
const WITHOUT_EFFECT = [
  'user',
  'safety_identifier',
  'parallel_tool_calls',
  'store',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
] as const;

/** Fields that only some have a member for. */
const RARE = ['n', 'seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'logprobs', 'topLogprobs', 'user'] as const;

/**
 * The parameters of a request under the names of the provider, by path.
 *
 * @param stops sequences at which the provider is to stop
 * @throws {UnsupportedParamsError} when there are others and the target does not say that they be dropped
 */
export function paramsOf(request: ChatRequest, form: PromptForm, stops: readonly string[], target: Target): JsonObject {
  checkParams(presentParams(request), supportedBy(form, request), target);
  const values: JsonObject = {
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    stop: stops.length === 0 ? undefined : form.oneStop ? stops[0] : stops,
  };
  const least = request.extras['aws_sagemaker_allow_zero_temp'] === true ? {} : form.least;
  const told = Object.entries(form.params).flatMap(([name, path]) => {
    const value = bounded(values[name], least?.[name], form.without?.[name]);
    return value === undefined ? [] : [[path, value] as const];
  });
  const forced = forcedParams(request, target, RARE);
  const own = Object.entries(forced).filter(([name]) => !(name in form.params));
  return Object.fromEntries([
    ...told,
    ...own.map(([name, value]) => [form.own === undefined ? name : `${form.own}.${name}`, value] as const),
  ]);
}

function bounded(value: unknown, least: number | undefined, without: number | undefined): unknown {
  if (typeof value !== 'number') return value;
  if (without !== undefined && value >= without) return undefined;
  return least === undefined ? value : Math.max(least, value);
}

/** Texts are cut at stop sequences here, whoever the provider is. What asks for nothing is taken by all. */
function supportedBy({ params }: PromptForm, request: ChatRequest): ReadonlySet<string> {
  const { n, tools, toolChoice, responseFormat, logprobs } = request;
  return new Set([
    ...Object.keys(params),
    ...WITHOUT_EFFECT,
    'stop',
    ...(n === 1 ? ['n'] : []),
    ...(tools?.length === 0 ? ['tools'] : []),
    ...(toolChoice?.type === 'none' ? ['tool_choice'] : []),
    ...(responseFormat?.type === 'text' ? ['response_format'] : []),
    ...(logprobs === false ? ['logprobs'] : []),
  ]);
}
