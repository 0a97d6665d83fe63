import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning } from '../../../core/request.ts';
import { OPENAI_CHAT_PARAMS } from '../../openai-params.ts';
import { isGatewayMember } from '../members.ts';
import { booleanAt, listAt, maybe, numberAt, objectAt, present, stringAt } from '../request-fields.ts';
import { readMessages } from './read-messages.ts';
import { readToolChoice, readTools } from './read-tools.ts';
import { readResponseFormat } from './response-format.ts';

export { GATEWAY_ONLY_MEMBERS } from '../members.ts';

/**
 * Reads the body of `POST /chat/completions`.
 *
 * @param model public name the call is for, after aliases; the body's own `model` is not looked at
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function readChatRequest(body: JsonObject, model: string): ChatRequest {
  const read = <T>(name: string, check: (value: unknown, param: string) => T): T | undefined => maybe(body[name], name, check);
  const messages = readMessages(body['messages']);
  return {
    model,
    messages,
    stream: read('stream', booleanAt) ?? false,
    ...present({
      tools: readTools(body),
      toolChoice: readToolChoice(body),
      parallelToolCalls: read('parallel_tool_calls', booleanAt),
      responseFormat: readResponseFormat(body),
      maxOutputTokens: read('max_completion_tokens', numberAt) ?? read('max_tokens', numberAt),
      temperature: read('temperature', numberAt),
      topP: read('top_p', numberAt),
      topK: read('top_k', numberAt),
      n: read('n', numberAt),
      stop: read('stop', stopsAt),
      seed: read('seed', numberAt),
      presencePenalty: read('presence_penalty', numberAt),
      frequencyPenalty: read('frequency_penalty', numberAt),
      logitBias: read('logit_bias', biasAt),
      logprobs: read('logprobs', booleanAt),
      topLogprobs: read('top_logprobs', numberAt),
      reasoning: readReasoning(body),
      user: read('user', stringAt),
      serviceTier: read('service_tier', stringAt),
      webSearch: readWebSearch(body),
    }),
    others: othersOf(body),
    extras: extrasOf(body),
  };
}

/** Whether the client speaks the legacy form, so that calls must come back as `function_call`. */
export function usesLegacyFunctions(body: JsonObject): boolean {
  return Array.isArray(body['functions']) && !Array.isArray(body['tools']);
}

function stopsAt(value: unknown, param: string): string[] {
  if (typeof value === 'string') return [value];
  return listAt(value, param, 'strings').map((item, i) => stringAt(item, `${param}[${i}]`));
}

function biasAt(value: unknown, param: string): Record<string, number> {
  return Object.fromEntries(Object.entries(objectAt(value, param)).map(([token, bias]) => [token, numberAt(bias, `${param}.${token}`)]));
}

/** `reasoning_effort` as a word or as `{effort, summary}`, and Anthropic's `thinking`. */
function readReasoning(body: JsonObject): Reasoning | undefined {
  const effort = body['reasoning_effort'];
  const details: JsonObject = isObject(effort) ? effort : { effort: maybe(effort, 'reasoning_effort', stringAt) };
  const raw = maybe(body['thinking'], 'thinking', objectAt);
  const reasoning = present({
    effort: maybe(details['effort'], 'reasoning_effort.effort', stringAt),
    summary: maybe(details['summary'], 'reasoning_effort.summary', stringAt),
    thinking: raw && readThinking(raw),
  });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

function readThinking(raw: JsonObject): NonNullable<Reasoning['thinking']> {
  const type = stringAt(raw['type'], 'thinking.type');
  return { type, raw, ...present({ budgetTokens: maybe(raw['budget_tokens'], 'thinking.budget_tokens', numberAt) }) };
}

function readWebSearch(body: JsonObject): ChatRequest['webSearch'] {
  const options = maybe(body['web_search_options'], 'web_search_options', objectAt);
  if (!options) return undefined;
  const contextSize = maybe(options['search_context_size'], 'web_search_options.search_context_size', stringAt);
  return present({ contextSize, userLocation: options['user_location'] ?? undefined });
}

/** Parameters with a field of their own in the request, or none because the gateway consumes them. */
const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'functions',
  'function_call',
  'temperature',
  'top_p',
  'top_k',
  'n',
  'stream',
  'stream_options',
  'stop',
  'max_tokens',
  'max_completion_tokens',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'user',
  'response_format',
  'response_schema',
  'seed',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'thinking',
  'web_search_options',
  'service_tier',
]);

function othersOf(body: JsonObject): JsonObject {
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (OPENAI_CHAT_PARAMS.has(name) && !FIELDS.has(name) && !isGatewayMember(name) && isGiven(value)) others[name] = value;
  }
  // Forms that only OpenAI's own dialect can say.
  if (isGiven(body['tool_choice']) && !readToolChoice(body)) others['tool_choice'] = body['tool_choice'];
  if (isGiven(body['response_format']) && !readResponseFormat(body)) others['response_format'] = body['response_format'];
  const metadata = storedMetadata(body);
  if (metadata) others['metadata'] = metadata;
  return others;
}

/** `metadata` belongs to the gateway, and to the provider only with `store: true`: strings alone (data-plane 8.2). */
function storedMetadata(body: JsonObject): JsonObject | undefined {
  if (body['store'] !== true || !isObject(body['metadata'])) return undefined;
  const strings = Object.entries(body['metadata']).filter(([, value]) => typeof value === 'string');
  return strings.length === 0 ? undefined : Object.fromEntries(strings);
}

/** Provider parameters: everything unknown, and what SDKs put into `extra_body`. */
function extrasOf(body: JsonObject): JsonObject {
  const extras: Record<string, unknown> = {};
  const nested = isObject(body['extra_body']) ? body['extra_body'] : {};
  for (const [name, value] of [...Object.entries(nested), ...Object.entries(body)]) {
    if (!OPENAI_CHAT_PARAMS.has(name) && !FIELDS.has(name) && !isGatewayMember(name) && isGiven(value)) extras[name] = value;
  }
  return extras;
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
