import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import { turnsThinkingOff } from './think.ts';

/** OpenAI parameters with a counterpart in Ollama's API. */
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
  'top_logprobs',
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

/** Parameters that the owner wants sent although we know no place for them (`allowed_openai_params`). */
export function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  return forcedParams(request, target, ['n', 'logitBias', 'user', 'serviceTier', 'parallelToolCalls']);
}
