import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import type { ModelFamily } from '../families.ts';
import { turnsThinkingOff } from './thinking.ts';

/** OpenAI parameters with a counterpart in this API. */
const TRANSLATED = [
  'tools',
  'tool_choice',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'n',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'service_tier',
  'web_search_options',
  'modalities',
  'audio',
];

/** OpenAI parameters that change nothing in the answer's form: left out without a word. */
const WITHOUT_EFFECT = [
  'user',
  'safety_identifier',
  'parallel_tool_calls',
  'logit_bias',
  'store',
  'metadata',
  'stream_options',
  'prediction',
  'prompt_cache_key',
  'prompt_cache_retention',
];

/**
 * OpenAI parameters of the request that this model cannot take and that are left out.
 *
 * @throws {UnsupportedParamsError} when there are some and the target does not say that they be dropped
 */
export function droppedParams(request: ChatRequest, family: ModelFamily, target: Target): ReadonlySet<string> {
  const supported = new Set([...TRANSLATED, ...WITHOUT_EFFECT]);
  // A model that cannot think is free not to think.
  if (family.thinking.by !== 'none' || turnsThinkingOff(request.reasoning)) supported.add('reasoning_effort').add('thinking');
  return checkParams(presentParams(request), supported, target);
}

/** Parameters that the owner wants sent although we know no place for them (`allowed_openai_params`). */
export function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  const forced = Object.entries(forcedParams(request, target, ['user', 'logitBias', 'parallelToolCalls']));
  return Object.fromEntries(forced.filter(([name]) => !TRANSLATED.includes(name)));
}
