import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning, ResponseFormat } from '../../../core/request.ts';
import { checkParams, forcedParams, presentParams } from '../../params.ts';
import { present } from '../request-fields.ts';

/** Chat's parameters that Responses take, under whatever name. @see https://platform.openai.com/docs/api-reference/responses/create */
const TAKEN = [
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'thinking',
  'user',
  'service_tier',
  'web_search_options',
  'verbosity',
  'store',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'context_management',
];

/** The same value says what happens anyway. */
function neutral({ n, presencePenalty, frequencyPenalty, stop, logitBias }: ChatRequest): string[] {
  return [
    ...(n === 1 ? ['n'] : []),
    ...(presencePenalty === 0 ? ['presence_penalty'] : []),
    ...(frequencyPenalty === 0 ? ['frequency_penalty'] : []),
    ...(stop?.length === 0 ? ['stop'] : []),
    ...(logitBias !== undefined && Object.keys(logitBias).length === 0 ? ['logit_bias'] : []),
  ];
}

/**
 * Parameters of the request that Responses have no place for and that are left out.
 *
 * @throws {UnsupportedParamsError} when there are some and the target does not say that they be dropped
 */
export function droppedParams(request: ChatRequest, target: Target): ReadonlySet<string> {
  const foreign = request.tools?.some((tool) => tool.type === 'native' && tool.dialect !== 'openai') === true;
  const taken = new Set([...TAKEN, ...neutral(request)]);
  if (foreign) taken.delete('tools');
  return checkParams(presentParams(request), taken, target);
}

/** Fewest tokens that OpenAI lets an answer be limited to. */
const FEWEST_TOKENS = 16;

/** Members for the length and form of the answer, and for what is kept of it. */
export function paramMembers(request: ChatRequest, target: Target): JsonObject {
  const { maxOutputTokens = 0, others } = request;
  return {
    ...present({
      max_output_tokens: maxOutputTokens > 0 ? Math.max(FEWEST_TOKENS, maxOutputTokens) : undefined,
      temperature: request.temperature,
      top_p: request.topP,
      top_logprobs: request.topLogprobs,
      text: textOf(request),
      reasoning: reasoningOf(request.reasoning),
      user: request.user,
      service_tier: request.serviceTier,
      metadata: others['metadata'],
      prompt_cache_key: others['prompt_cache_key'],
      prompt_cache_retention: others['prompt_cache_retention'],
      safety_identifier: others['safety_identifier'],
      context_management: others['context_management'],
    }),
    ...allowedMembers(request, target),
  };
}

/** Parameters that the owner wants sent although we know no place for them (`allowed_openai_params`). */
function allowedMembers(request: ChatRequest, target: Target): JsonObject {
  const forced = forcedParams(request, target, ['n', 'stop', 'seed', 'presencePenalty', 'frequencyPenalty', 'logitBias']);
  return Object.fromEntries(Object.entries(forced).filter(([name]) => !TAKEN.includes(name)));
}

/** What is to come beside the text. Thoughts are sealed for the next turn, since nothing is kept at the provider. */
export function includeOf(request: ChatRequest, { abilities }: Target): string[] {
  const thinks = abilities.reasoning === true || request.reasoning !== undefined;
  return [...(thinks ? ['reasoning.encrypted_content'] : []), ...(request.logprobs === true ? ['message.output_text.logprobs'] : [])];
}

function textOf({ responseFormat, others }: ChatRequest): JsonObject | undefined {
  const text = present({ format: formatOf(responseFormat, others), verbosity: others['verbosity'] });
  return Object.keys(text).length === 0 ? undefined : text;
}

/** Here the schema stands beside the type. */
function formatOf(format: ResponseFormat | undefined, others: ChatRequest['others']): unknown {
  if (format === undefined) return others['response_format'];
  if (format.type !== 'json_schema') return { type: format.type };
  const { name = 'response', description, schema, strict } = format;
  return { type: 'json_schema', name, ...present({ description, schema, strict }) };
}

function reasoningOf(reasoning: Reasoning | undefined): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const members = present({ effort: effortWord(reasoning), summary: reasoning.summary });
  return Object.keys(members).length === 0 ? undefined : members;
}

/** How hard the model is to think: as the client says, or as the budget that it gives. */
export function effortWord({ effort, thinking }: Reasoning): string | undefined {
  const word = effort ?? (thinking && effortOf(thinking));
  return word === 'disable' ? 'none' : word;
}

/** Table of data-plane 9.13. */
function effortOf({ type, budgetTokens }: NonNullable<Reasoning['thinking']>): string | undefined {
  if (type !== 'enabled' && type !== 'adaptive') return 'none';
  if (budgetTokens === undefined) return undefined;
  if (budgetTokens >= 10_000) return 'high';
  if (budgetTokens >= 5000) return 'medium';
  return budgetTokens >= 2000 ? 'low' : 'minimal';
}
