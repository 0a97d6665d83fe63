import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { closingQuote, topLevelString, valueAfter, type StringPlace } from '../../../core/json-text.ts';
import { fromLatin1, toLatin1 } from '../latin1.ts';
import { logprobsOf } from './read-delta.ts';
import type { Skeleton } from './skeleton.ts';

/** A mark that no provider writes, to find where the string stands in a chunk that is written anew. */
const MARK = '\u0001gateway\u0001';
const WRITTEN_MARK = JSON.stringify(MARK).slice(1, -1);

/** Where a provider may have the string that changes from event to event. */
const NAMES = ['content', 'reasoning_content', 'reasoning', 'arguments'] as const;

/**
 * The skeleton of an event, when all it does is append to one text: content, reasoning or the arguments of one call.
 *
 * @param event as it came, latin1
 * @param chunk the event's JSON, mended
 * @param changed whether mending changed anything
 * @param clientModel model name as it goes out
 * @returns null when the event does more than that, so that others of its shape need a look
 */
export function learnSkeleton(event: string, chunk: JsonObject, changed: boolean, clientModel: string): Skeleton | null {
  const said = appendedText(chunk);
  if (!said) return null;
  const place = placeOf(event, said.holder[said.name] as string);
  if (!place) return null;
  const before = event.slice(0, place.start);
  const shape = changed ? rewrittenShape(event, place, before, chunk, said) : splicedShape(event, place, before, clientModel);
  return shape && { ...shape, isContent: said.name === 'content' };
}

type Shape = Omit<Skeleton, 'isContent'>;

interface AppendedText {
  readonly holder: JsonObject;
  readonly name: string;
}

/** The one text that the chunk appends to, or null when it has none or does anything else. */
export function appendedText(chunk: JsonObject): AppendedText | null {
  const [choice, ...others] = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
  if (!isObject(choice) || others.length > 0 || isObject(chunk['usage']) || isObject(chunk['x_groq'])) return null;
  const { delta, finish_reason: reason } = choice as { delta?: unknown; finish_reason?: unknown };
  if ((reason ?? null) !== null || logprobsOf(choice) !== undefined || !isObject(delta)) return null;
  const texts = Object.entries(delta).filter(
    ([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  const [name, value] = texts[0] ?? [];
  if (texts.length !== 1) return null;
  if (name === 'content' || name === 'reasoning_content') return typeof value === 'string' ? { holder: delta, name } : null;
  return name === 'tool_calls' ? appendedArguments(value) : null;
}

function appendedArguments(calls: unknown): AppendedText | null {
  const [call, ...others] = Array.isArray(calls) ? (calls as unknown[]) : [];
  if (!isObject(call) || others.length > 0 || call['id'] || !isObject(call['function']) || call['function']['name']) return null;
  const text = call['function']['arguments'];
  return typeof text === 'string' && text !== '' ? { holder: call['function'], name: 'arguments' } : null;
}

/** Where the text stands in the event; it is found by its value, under any of the names. */
export function placeOf(event: string, text: string): StringPlace | null {
  const from = event.indexOf('"delta"');
  for (const name of NAMES) {
    const key = event.indexOf(`"${name}"`, from);
    if (key === -1 || from === -1) continue;
    const value = valueAfter(event, key + name.length + 2);
    if (value === -1 || event[value] !== '"') continue;
    const place = { start: value + 1, end: closingQuote(event, value + 1) };
    if (place.end !== -1 && decoded(event.slice(place.start, place.end)) === text) return place;
  }
  return null;
}

function decoded(escaped: string): unknown {
  try {
    return JSON.parse(`"${fromLatin1(escaped)}"`);
  } catch {
    return undefined;
  }
}

/** The event goes out as it came, but for the model's name. */
function splicedShape(event: string, place: StringPlace, before: string, clientModel: string): Shape | null {
  const model = topLevelString(event, 'model');
  const after = event.slice(place.end);
  if (!model) return null;
  const name = toLatin1(JSON.stringify(clientModel).slice(1, -1));
  if (model.end <= place.start)
    return { before, ...withSecond(after), newBefore: before.slice(0, model.start) + name + before.slice(model.end), newAfter: null };
  const newAfter = after.slice(0, model.start - place.end) + name + after.slice(model.end - place.end);
  return { before, after, tail: null, newBefore: before, newAfter };
}

/** OpenAI hides the length of a token behind a random text of its own. */
function withSecond(after: string): Pick<Skeleton, 'after' | 'tail'> {
  const found = /"obfuscation": ?"/.exec(after);
  if (!found) return { after, tail: null };
  const start = found.index + found[0].length;
  const end = closingQuote(after, start);
  return end === -1 ? { after, tail: null } : { after: after.slice(0, start), tail: after.slice(end) };
}

/** The event is written anew around the same string. */
function rewrittenShape(
  event: string,
  place: StringPlace,
  before: string,
  chunk: JsonObject,
  { holder, name }: AppendedText,
): Shape | null {
  const after = event.slice(place.end);
  if (after.includes('"obfuscation"')) return null;
  const text = holder[name];
  holder[name] = MARK;
  const [newBefore, newAfter, ...more] = toLatin1(`data: ${JSON.stringify(chunk)}\n\n`).split(WRITTEN_MARK);
  holder[name] = text;
  return newBefore === undefined || newAfter === undefined || more.length > 0 ? null : { before, after, tail: null, newBefore, newAfter };
}
