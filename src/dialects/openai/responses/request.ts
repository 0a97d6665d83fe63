import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Message, ResponseFormat } from '../../../core/request.ts';
import { isGatewayMember } from '../members.ts';
import { booleanAt, maybe, numberAt, objectAt, present, stringAt } from '../request-fields.ts';
import { readAsked, type AskedResponse } from './asked.ts';
import { wordAt } from './fields.ts';
import { inputItems, type ItemResolver } from './input-items.ts';
import { readInput } from './read-input.ts';
import { readTools } from './read-tools.ts';
import { ToolDirectory } from './tool-directory.ts';

export interface ReadResponses {
  readonly request: ChatRequest;
  readonly asked: AskedResponse;
}

/**
 * Reads the body of `POST /responses` for a provider of another dialect (data-plane 9.12).
 *
 * @param model public name the call is for, after aliases; the body's own `model` is not looked at
 * @param resolve finds what an `item_reference` names; without it there are no such items
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */
export function readResponsesRequest(body: JsonObject, model: string, resolve: ItemResolver = () => null): ReadResponses {
  refuseStored(body);
  const directory = new ToolDirectory();
  const leftOut: string[] = [];
  const tools = readTools(body, directory, leftOut);
  const input = inputItems(body['input'], resolve);
  const messages = [...instructionsIn(body), ...readInput(input, { directory, leftOut })];
  const asked = readAsked(body, { input, tools: directory, leftOut });
  return { request: { model, messages, ...tools, ...readSettings(body, asked) }, asked };
}

/** Members that stand for something kept at OpenAI. */
function refuseStored(body: JsonObject): void {
  for (const name of ['prompt', 'conversation']) {
    if (body[name] === undefined || body[name] === null) continue;
    throw new InvalidRequestError(
      `'${name}' is kept at OpenAI, and this model is not. Send its content in 'instructions' and 'input'.`,
      name,
    );
  }
}

function instructionsIn(body: JsonObject): Message[] {
  const text = maybe(body['instructions'], 'instructions', stringAt) ?? '';
  return text === '' ? [] : [{ role: 'system', parts: [{ type: 'text', text }] }];
}

type Settings = Omit<ChatRequest, 'model' | 'messages' | 'tools' | 'toolChoice' | 'parallelToolCalls' | 'webSearch'>;

function readSettings(body: JsonObject, { include }: AskedResponse): Settings {
  const read = <T>(name: string, check: (value: unknown, param: string) => T): T | undefined => maybe(body[name], name, check);
  const text = read('text', objectAt);
  const effort = maybe(read('reasoning', objectAt)?.['effort'], 'reasoning.effort', stringAt);
  const topLogprobs = read('top_logprobs', numberAt) || undefined;
  return {
    stream: read('stream', booleanAt) ?? false,
    ...present({
      responseFormat: maybe(text?.['format'], 'text.format', readFormat),
      maxOutputTokens: read('max_output_tokens', numberAt),
      temperature: read('temperature', numberAt),
      topP: read('top_p', numberAt),
      logprobs: topLogprobs !== undefined || include.includes('message.output_text.logprobs') ? true : undefined,
      topLogprobs,
      // A summary of thoughts is no parameter of chat: providers tell their thoughts, or they do not.
      reasoning: effort === undefined ? undefined : { effort },
      user: read('user', stringAt),
      serviceTier: tierIn(body),
    }),
    others: present({
      verbosity: maybe(text?.['verbosity'], 'text.verbosity', stringAt),
      prompt_cache_key: read('prompt_cache_key', stringAt),
      prompt_cache_retention: read('prompt_cache_retention', stringAt),
      safety_identifier: read('safety_identifier', stringAt),
      context_management: body['context_management'] ?? undefined,
    }),
    extras: extrasOf(body),
  };
}

/** `auto` is what happens anyway: providers without tiers need not be told. */
function tierIn(body: JsonObject): string | undefined {
  const tier = maybe(body['service_tier'], 'service_tier', stringAt);
  return tier === 'auto' ? undefined : tier;
}

/** `text.format`: here the schema stands beside the type. */
function readFormat(value: unknown, param: string): ResponseFormat {
  const raw = objectAt(value, param);
  const type = wordAt(raw['type'], `${param}.type`, ['text', 'json_object', 'json_schema']);
  if (type !== 'json_schema') return { type };
  return {
    type,
    schema: objectAt(raw['schema'], `${param}.schema`),
    ...present({
      name: maybe(raw['name'], `${param}.name`, stringAt),
      description: maybe(raw['description'], `${param}.description`, stringAt),
      strict: maybe(raw['strict'], `${param}.strict`, booleanAt),
    }),
  };
}

/** Members that are read here or by {@link readAsked}, or that speak of OpenAI's own house. */
const MEMBERS: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'max_tool_calls',
  'temperature',
  'top_p',
  'top_logprobs',
  'reasoning',
  'text',
  'previous_response_id',
  'store',
  'stream',
  'stream_options',
  'metadata',
  'include',
  'truncation',
  'user',
  'service_tier',
  'background',
  'prompt',
  'conversation',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'context_management',
  'safety_identifier',
  'moderation',
  // Coding agents tell OpenAI of their installation.
  'client_metadata',
]);

/** Provider parameters: everything unknown that is not for the gateway. */
function extrasOf(body: JsonObject): JsonObject {
  const given = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.filter(([name]) => !MEMBERS.has(name) && !isGatewayMember(name)));
}
