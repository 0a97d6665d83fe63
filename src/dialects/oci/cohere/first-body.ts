import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { jsonOutputOf } from '../../cohere/chat/json-output.ts';
import { samplingMembers } from '../../cohere/chat/params.ts';
import { turnsThinkingOff } from '../../cohere/chat/thinking.ts';
import { functionsIn } from '../../cohere/chat/tools.ts';
import { present } from '../../openai/request-fields.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import type { ToolNames } from '../../tool-names.ts';
import { ownExtras } from '../frame.ts';
import { conversationOf } from './first-messages.ts';
import { firstTool } from './first-tools.ts';

/** OpenAI parameters with a counterpart, and those that change nothing about the answer. */
const TAKEN = [
  'tools',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'parallel_tool_calls',
  'user',
  'safety_identifier',
  'store',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
  'stream_options',
];

/**
 * Cohere's first version in Oracle's names. Which tool is to be called cannot be said: none means that none is offered.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/CohereChatRequest (2026-11-26)
 */
export function firstBody(request: ChatRequest, target: Target, names: ToolNames): JsonObject {
  checkParams(presentParams(request), takenOf(request), target);
  const offered = functionsIn(request.tools ?? [], target);
  const tools = request.toolChoice?.type === 'none' ? [] : offered.map((tool) => firstTool(tool, names));
  const { preamble, documents, ...said } = conversationOf(request.messages, names);
  const { documents: given, ...extras } = ownExtras(request.extras);
  const all = [...(Array.isArray(given) ? given : []), ...documents];
  const { format, hint } = jsonOutputOf(request.responseFormat, tools.length > 0 || all.length > 0);
  return {
    ...said,
    ...present({ preambleOverride: [preamble, hint ?? ''].filter((text) => text !== '').join('\n\n') || undefined }),
    ...(tools.length > 0 ? { tools } : {}),
    ...(all.length > 0 ? { documents: all } : {}),
    ...(format === null ? {} : { responseFormat: { type: 'JSON_OBJECT', ...present({ schema: format['json_schema'] }) } }),
    ...samplingOf(request),
    ...forcedParams(request, target, ['n', 'logitBias', 'logprobs', 'topLogprobs', 'toolChoice']),
    ...extras,
  };
}

function takenOf({ n, toolChoice, reasoning, logprobs }: ChatRequest): ReadonlySet<string> {
  const taken = new Set(TAKEN);
  if (n === 1) taken.add('n');
  if (logprobs === false) taken.add('logprobs');
  if (toolChoice?.type === 'auto' || toolChoice?.type === 'none') taken.add('tool_choice');
  // A model that cannot think is free not to think.
  if (turnsThinkingOff(reasoning)) taken.add('reasoning_effort').add('thinking');
  return taken;
}

const NAMES: Readonly<Record<string, string>> = {
  max_tokens: 'maxTokens',
  p: 'topP',
  k: 'topK',
  stop_sequences: 'stopSequences',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
};

function samplingOf(request: ChatRequest): JsonObject {
  const { logprobs: _, ...members } = samplingMembers(request);
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [NAMES[name] ?? name, value]));
}
