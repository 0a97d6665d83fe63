import type { Target } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../params.ts';

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

/** Everything an agent decides for itself. */
const ITS_OWN = [
  'tools',
  'toolChoice',
  'responseFormat',
  'maxOutputTokens',
  'temperature',
  'topP',
  'n',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'logitBias',
  'logprobs',
  'topLogprobs',
  'serviceTier',
] as const;

/**
 * Members for the agent's body: what the client says in the provider's own words, and what the owner wants sent all the same.
 *
 * @param written members that the dialect writes itself
 * @throws {UnsupportedParamsError} for parameters of a model, which an agent does not take, unless they may be dropped
 */
export function ownMembers(request: ChatRequest, target: Target, written: readonly string[]): JsonObject {
  const supported = new Set(WITHOUT_EFFECT);
  if (request.n === 1) supported.add('n');
  if (request.responseFormat?.type === 'text') supported.add('response_format');
  if (request.tools === undefined || request.tools.length === 0) supported.add('tools').add('tool_choice');
  checkParams(presentParams(request), supported, target);
  const extras = Object.entries(request.extras).filter(([name]) => !written.includes(name) && name !== 'conversation_id');
  return { ...forcedParams(request, target, ITS_OWN), ...Object.fromEntries(extras) };
}
