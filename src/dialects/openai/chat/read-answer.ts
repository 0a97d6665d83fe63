import type { Answer, AnswerChoice } from '../../../core/answer.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { Part, ReasoningPart, ToolCallPart } from '../../../core/parts.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { derivedCallId } from '../../derived-id.ts';
import { ThinkTags } from '../../think-tags.ts';
import { errorInside } from '../errors.ts';
import { readUsage } from '../usage.ts';
import { present } from '../request-fields.ts';
import { finishOf } from './finish-reason.ts';
import { readThinking } from './read-content.ts';
import { joinedChoices } from './join-choices.ts';
import { callsIn, logprobsOf, readSpoken, sourcesIn, type Spoken } from './read-delta.ts';
import { argumentsOf } from './read-messages.ts';
import type { ReadingTraits } from './reading-traits.ts';
import { signatureOf, splitCallId } from './thought-signature.ts';

/**
 * Reads a whole chat completion.
 *
 * @throws {ProviderError} when the body is an error in disguise
 * @throws {MalformedAnswerError} when it has no choices at all; an empty list is an empty answer
 */
export function readChatAnswer(body: unknown, traits: ReadingTraits = {}): Answer {
  if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  const error = errorInside(body);
  if (error) throw error;
  if (!Array.isArray(body['choices'])) throw new MalformedAnswerError('The answer has no choices.', 'shape');
  const told =
    traits.splitChoices === true && body['choices'].length > 1 ? joinedChoices(body['choices']) : body['choices'].filter(isObject);
  const choices = told.map((choice, i) => readChoice(choice, i, body, traits));
  const head = headOf(body);
  const usage = readUsage(body['usage'] ?? usageInChoices(body['choices']), head.extras?.['service_tier']);
  return {
    ...head,
    choices: choices.length > 0 ? choices : [{ index: 0, parts: [], finish: { reason: 'stop' } }],
    ...present({ usage }),
  };
}

/** Id, time, model and extras of an answer or of the chunks of a stream. */
export function headOf(body: JsonObject): Pick<Answer, 'id' | 'created' | 'model' | 'extras'> {
  const extras = present({ system_fingerprint: body['system_fingerprint'] ?? undefined, service_tier: body['service_tier'] ?? undefined });
  const { id, created, model } = body as { id?: unknown; created?: unknown; model?: unknown };
  return {
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    ...(typeof created === 'number' && created > 0 ? { created: Math.floor(created) } : {}),
    ...(typeof model === 'string' && model !== '' ? { model } : {}),
    ...(Object.keys(extras).length > 0 ? { extras } : {}),
  };
}

/** Old Moonshot answers carry usage in the last choice. */
export function usageInChoices(choices: readonly unknown[]): unknown {
  const last = choices.findLast((choice) => isObject(choice) && isObject(choice['usage']));
  return isObject(last) ? last['usage'] : undefined;
}

function readChoice(choice: JsonObject, position: number, body: JsonObject, traits: ReadingTraits): AnswerChoice {
  const failure = errorInside(present({ error: choice['error'] }));
  if (failure) throw failure;
  const message = isObject(choice['message']) ? choice['message'] : {};
  const index = typeof choice['index'] === 'number' ? choice['index'] : position;
  const calls = readCalls(message, [stringOf(body['id']), numberOf(body['created']), index]);
  const parts: Part[] = [...spokenParts(readSpoken(message), traits, calls), ...(index === 0 ? sourcesIn(body) : [])];
  return {
    index,
    parts,
    finish: finishOf(choice['finish_reason'], calls.length > 0),
    ...present({ logprobs: logprobsOf(choice) }),
  };
}

function spokenParts(spoken: Spoken, traits: ReadingTraits, calls: readonly ToolCallPart[]): Part[] {
  const parts: Part[] = spoken.blocks.length > 0 ? signedReasoning(spoken) : reasoningPart(spoken.reasoning);
  parts.push(...textParts(spoken.text, traits));
  if (spoken.refusal !== '') parts.push({ type: 'refusal', text: spoken.refusal });
  parts.push(...calls, ...spoken.media, ...spoken.citations, ...spoken.natives);
  return parts;
}

function signedReasoning(spoken: Spoken): ReasoningPart[] {
  const blocks = spoken.blocks.map(readThinking);
  const tellsText = blocks.some((block) => block.text !== '');
  return tellsText ? blocks : [...reasoningPart(spoken.reasoning), ...blocks];
}

function reasoningPart(text: string): ReasoningPart[] {
  return text === '' ? [] : [{ type: 'reasoning', text }];
}

function textParts(text: string, { thinkTags = false }: ReadingTraits): Part[] {
  if (text === '') return [];
  if (thinkTags === false) return [{ type: 'text', text }];
  const tags = new ThinkTags({ opened: thinkTags === 'opened' });
  return [...tags.push(text), ...tags.end()];
}

function readCalls(message: JsonObject, place: readonly (string | number)[]): ToolCallPart[] {
  return callsIn(message)
    .filter((call) => isObject(call['function']))
    .map((call, i) => readCall(call, [...place, i]));
}

function readCall(raw: JsonObject, place: readonly (string | number)[]): ToolCallPart {
  const called = raw['function'] as JsonObject;
  const name = stringOf(called['name']);
  const split = splitCallId(stringOf(raw['id']));
  const signature = signatureOf(raw) ?? split.signature;
  return {
    type: 'tool_call',
    id: split.id || derivedCallId(...place, name),
    name,
    arguments: argumentsOf(called['arguments']),
    ...present({ signature }),
  };
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
