import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { isGatewayMember } from '../../openai/members.ts';
import { present } from '../../openai/request-fields.ts';
import { booleanAt, countAt, listAt, maybe, numberAt, objectAt, stringAt } from './fields.ts';
import { readMessages } from './read-messages.ts';
import { readOutputFormat, readReasoning, restOfOutputConfig } from './read-output.ts';
import { readToolChoice, readTools, readWebSearch } from './read-tools.ts';

/**
 * Reads the body of `POST /v1/messages` (data-plane 9.13). Nothing is lost on the way to a provider of this dialect; for any
 * other the request goes through `forOtherHost`.
 *
 * @param model public name the call is for, after aliases; the body's own `model` is not looked at
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://platform.claude.com/docs/en/api/messages/create (2026-11-26)
 */
export function readMessagesRequest(body: JsonObject, model: string): ChatRequest {
  const maxOutputTokens = countAt(body['max_tokens'], 'max_tokens');
  return { ...readMessagesCountRequest(body, model), stream: maybe(body['stream'], 'stream', booleanAt) ?? false, maxOutputTokens };
}

/** Reads the body of `POST /v1/messages/count_tokens`: a request that asks for no answer. @throws {InvalidRequestError} */
export function readMessagesCountRequest(body: JsonObject, model: string): ChatRequest {
  const read = <T>(name: string, check: (value: unknown, path: string) => T): T | undefined => maybe(body[name], name, check);
  const tools = readTools(body);
  return {
    model,
    messages: readMessages(body),
    stream: false,
    ...readToolChoice(body),
    ...present({
      tools,
      responseFormat: readOutputFormat(body),
      temperature: read('temperature', numberAt),
      topP: read('top_p', numberAt),
      topK: read('top_k', numberAt),
      stop: read('stop_sequences', stopsAt),
      reasoning: readReasoning(body),
      user: read('metadata', userIn) ?? read('user', stringAt),
      serviceTier: read('service_tier', stringAt),
      webSearch: readWebSearch(tools),
    }),
    others: present({ context_management: read('context_management', objectAt) }),
    extras: extrasOf(body),
  };
}

function stopsAt(value: unknown, path: string): string[] {
  return listAt(value, path).map((item, i) => stringAt(item, `${path}.${i}`));
}

/** Members of `metadata` beside the user are for the gateway. */
function userIn(value: unknown, path: string): string | undefined {
  return maybe(objectAt(value, path)['user_id'], `${path}.user_id`, stringAt);
}

/** Members with a field of their own in the request. */
const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'tools',
  'tool_choice',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'user',
  'service_tier',
  'context_management',
]);

function extrasOf(body: JsonObject): JsonObject {
  const extras = restOfOutputConfig(body);
  for (const [name, value] of Object.entries(body)) {
    if (!FIELDS.has(name) && !isGatewayMember(name) && value !== null && value !== undefined) extras[name] = value;
  }
  return extras;
}
