import { printed, isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { derivedCallId } from '../../derived-id.ts';
import { ThinkTags } from '../../think-tags.ts';
import { errorInside } from '../errors.ts';
import { topLevelString } from '../../../core/json-text.ts';
import { readUsage } from '../usage.ts';
import { finishOf, isLawfulReason } from './finish-reason.ts';
import { joinedChoices } from './join-choices.ts';
import { mendSpoken } from './mend-message.ts';
import { mendUsage } from './mend-usage.ts';
import { textsIn } from './read-delta.ts';
import { usageInChoices } from './read-answer.ts';
import type { ReadingTraits } from './reading-traits.ts';
import { argumentsOf } from './read-messages.ts';
import { splitCallId } from './thought-signature.ts';

export interface MendedAnswer {
  /** The bytes for the client. */
  readonly body: Buffer;
  /** Null when the provider counted nothing. */
  readonly usage: Usage | null;
  /** Everything the model wrote, for counting. */
  text(): string;
}

/**
 * Passes a plain chat answer on to a client of the same dialect (ruling B1): the provider's bytes with the client's name
 * for the model, mended only where an official client would stumble.
 *
 * @throws {ProviderError} when the body is an error in disguise
 * @throws {MalformedAnswerError} `json` when it is no JSON, `shape` when it is HTML, empty or has no choices
 */
export function mendAnswer(body: Buffer, clientModel: string, traits: ReadingTraits = {}): MendedAnswer {
  const answer = parsed(body);
  const error = errorInside(answer);
  if (error) throw error;
  if (!Array.isArray(answer['choices'])) throw new MalformedAnswerError('The answer has no choices.', 'shape');
  const usage = answer['usage'] ?? usageInChoices(answer['choices']);
  const counted = readUsage(usage, answer['service_tier']) ?? null;
  const isMended = [mendModel(answer, clientModel), mendChoices(answer, traits), mendUsage(answer['usage'])].includes(true);
  return {
    body: isMended ? Buffer.from(JSON.stringify({ ...answer, model: clientModel })) : spliced(body, answer, clientModel),
    usage: counted,
    text: () =>
      (answer['choices'] as JsonObject[]).flatMap((choice) => (isObject(choice['message']) ? textsIn(choice['message']) : [])).join(''),
  };
}

function parsed(body: Buffer): JsonObject {
  const text = body.toString('utf8').trimStart();
  if (text === '') throw new MalformedAnswerError('The provider sent an empty answer.', 'shape');
  if (text.startsWith('<')) throw new MalformedAnswerError('The provider answered with an HTML page in place of JSON.', 'shape');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MalformedAnswerError('The provider sent an answer that is not valid JSON.', 'json', cause);
  }
  if (!isObject(value)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  return value;
}

/** The body with the client's model name, everything else byte for byte. */
function spliced(body: Buffer, answer: JsonObject, clientModel: string): Buffer {
  if (answer['model'] === clientModel) return body;
  const place = topLevelString(body.toString('latin1'), 'model');
  if (!place) return Buffer.from(JSON.stringify({ ...answer, model: clientModel }));
  const name = Buffer.from(JSON.stringify(clientModel).slice(1, -1));
  return Buffer.concat([body.subarray(0, place.start), name, body.subarray(place.end)]);
}

function mendModel(answer: JsonObject, clientModel: string): boolean {
  if (typeof answer['model'] === 'string') return false;
  answer['model'] = clientModel;
  return true;
}

function mendChoices(answer: JsonObject, traits: ReadingTraits): boolean {
  const split = traits.splitChoices === true && (answer['choices'] as unknown[]).length > 1;
  if (split) answer['choices'] = joinedChoices(answer['choices'] as unknown[]);
  const choices = answer['choices'] as unknown[];
  if (choices.length === 0) {
    answer['choices'] = [{ index: 0, message: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: 'stop' }];
    return true;
  }
  let changed = split;
  choices.forEach((choice, i) => {
    if (isObject(choice)) changed = mendChoice(choice, i, answer, traits) || changed;
  });
  return changed;
}

function mendChoice(choice: JsonObject, position: number, answer: JsonObject, traits: ReadingTraits): boolean {
  const failure = isObject(choice['error']) ? errorInside({ error: choice['error'] }) : null;
  if (failure) throw failure;
  const missing = { index: typeof choice['index'] !== 'number', message: !isObject(choice['message']) };
  if (missing.index) choice['index'] = position;
  if (missing.message) choice['message'] = { content: '' };
  const message = choice['message'] as JsonObject;
  const isMended = [
    mendRole(message),
    mendSpoken(message),
    mendTags(message, traits),
    mendCalls(message, [printed(answer['id']), printed(answer['created']), position]),
    mendContent(message),
    mendFinish(choice, message),
  ].includes(true);
  return isMended || missing.index || missing.message;
}

function mendRole(message: JsonObject): boolean {
  if (message['role'] === 'assistant') return false;
  message['role'] = 'assistant';
  return true;
}

function mendTags(message: JsonObject, { thinkTags = false }: ReadingTraits): boolean {
  const said = message['content'];
  if (thinkTags === false || typeof said !== 'string' || said === '') return false;
  const tags = new ThinkTags({ opened: thinkTags === 'opened' });
  const pieces = [...tags.push(said), ...tags.end()];
  const joined = (wanted: string): string => pieces.map(({ type, text }) => (type === wanted ? text : '')).join('');
  const reasoning = joined('reasoning');
  if (joined('text') === said) return false;
  message['content'] = joined('text');
  if (reasoning !== '') message['reasoning_content'] = reasoning;
  return true;
}

/** Ids present and unique, arguments JSON text, a type. Custom tools have none of that and pass. */
function mendCalls(message: JsonObject, place: readonly (string | number)[]): boolean {
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isObject) : [];
  const ids = new Set<unknown>();
  let changed = false;
  calls.forEach((call, i) => {
    if (isObject(call['function'])) changed = mendCall(call, call['function'], ids, [...place, i]) || changed;
    ids.add(call['id']);
  });
  return changed;
}

function mendCall(call: JsonObject, called: JsonObject, ids: ReadonlySet<unknown>, place: readonly (string | number)[]): boolean {
  const given = typeof call['id'] === 'string' ? splitCallId(call['id']) : { id: '' };
  const id = given.id === '' || ids.has(given.id) ? derivedCallId(...place, printed(called['name'])) : given.id;
  const text = argumentsOf(called['arguments']);
  const changed = call['id'] !== id || call['type'] !== 'function' || called['arguments'] !== text;
  Object.assign(call, { id, type: 'function' });
  called['arguments'] = text;
  if (given.signature !== undefined)
    call['provider_specific_fields'] = {
      ...(isObject(call['provider_specific_fields']) ? call['provider_specific_fields'] : {}),
      thought_signature: given.signature,
    };
  return changed;
}

function mendContent(message: JsonObject): boolean {
  if ('content' in message) return false;
  message['content'] = hasCalls(message) || message['refusal'] || message['audio'] ? null : '';
  return true;
}

function mendFinish(choice: JsonObject, message: JsonObject): boolean {
  const reason = choice['finish_reason'];
  const calls = hasCalls(message);
  if (isLawfulReason(reason) && !(reason === 'stop' && calls)) return false;
  const finish = finishOf(reason, calls);
  choice['finish_reason'] = finish.reason;
  if (finish.native !== undefined) {
    const known = message['provider_specific_fields'];
    message['provider_specific_fields'] = { ...(isObject(known) ? known : {}), native_finish_reason: finish.native };
  }
  return true;
}

function hasCalls(message: JsonObject): boolean {
  return Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0;
}
