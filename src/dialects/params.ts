import type { Target } from '../core/dialect.ts';
import { UnsupportedParamsError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { ChatRequest } from '../core/request.ts';

/** A field of the request and the wire name of the OpenAI parameter that sets it. */
const PARAM_OF_FIELD = {
  tools: 'tools',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  responseFormat: 'response_format',
  maxOutputTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  n: 'n',
  stop: 'stop',
  seed: 'seed',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
  topLogprobs: 'top_logprobs',
  user: 'user',
  serviceTier: 'service_tier',
  webSearch: 'web_search_options',
} as const satisfies Partial<Record<keyof ChatRequest, string>>;

/**
 * Wire names of the OpenAI parameters that the request sets, `model`, `messages` and `stream` left out. A limit on output
 * is `max_tokens`, whichever of its two names the client used. `top_k` is no OpenAI parameter.
 */
export function presentParams(request: ChatRequest): string[] {
  const names: string[] = [];
  for (const [field, param] of Object.entries(PARAM_OF_FIELD)) {
    if (request[field as keyof typeof PARAM_OF_FIELD] !== undefined) names.push(param);
  }
  if (request.reasoning?.effort !== undefined || request.reasoning?.summary !== undefined) names.push('reasoning_effort');
  if (request.reasoning?.thinking !== undefined) names.push('thinking');
  names.push(...Object.keys(request.others));
  return names;
}

/**
 * The parameters to leave out (data-plane 11.2): those the provider cannot take, unless the target allows them by name.
 *
 * @param present wire names, see {@link presentParams}
 * @param supported wire names the provider and model can take
 * @throws {UnsupportedParamsError} when there are some and the target does not say that they be dropped
 */
export function checkParams(present: readonly string[], supported: ReadonlySet<string>, target: Target): ReadonlySet<string> {
  const unsupported = present.filter((name) => !supported.has(name) && !target.params.allow.includes(name));
  if (unsupported.length > 0 && !target.params.drop) throw new UnsupportedParamsError(target.provider, target.model, unsupported);
  return new Set(unsupported);
}

/**
 * Parameters that the owner wants sent although the dialect has no place for them (`allowed_openai_params`), by wire name.
 *
 * @param withoutPlace fields of the request that the dialect says nowhere; `others` are among them always
 */
export function forcedParams(request: ChatRequest, { params }: Target, withoutPlace: readonly (keyof typeof PARAM_OF_FIELD)[]): JsonObject {
  const values: JsonObject = { ...request.others };
  for (const field of withoutPlace) values[PARAM_OF_FIELD[field]] = request[field];
  return Object.fromEntries(params.allow.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
