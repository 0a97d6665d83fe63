import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CitationPart } from '../../../core/parts.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import { errorInside, readError } from '../errors.ts';
import { present } from '../request-fields.ts';
import { readUsage } from '../usage.ts';
import { ChoiceReader } from './choice-reader.ts';
import { headOf, usageInChoices } from './read-answer.ts';
import { sourcesIn } from './read-delta.ts';
import type { ReadingTraits } from './reading-traits.ts';
import { TextShape } from './text-shape.ts';

/**
 * Reads a chat-completions stream of any OpenAI-shaped provider. Pure: events in, parts out; no clock, no socket.
 *
 * A finish is given out when the stream ends, since some providers send content, calls or a second finish behind it.
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export class ChatStreamReader implements StreamReader {
  readonly #traits: ReadingTraits;
  readonly #choices = new Map<number, ChoiceReader>();
  #place: readonly (string | number)[] = [];
  #started = false;
  #done = false;
  #sources: readonly CitationPart[] = [];
  #serviceTier: unknown;
  /** Events that only go on with a text, and the choice whose text it is. */
  #shape: TextShape | null = null;
  #speaker: ChoiceReader | null = null;
  #misses = 0;

  constructor(traits: ReadingTraits = {}) {
    this.#traits = traits;
  }

  push(event: StreamEvent): StreamPart[] {
    if (this.#done) return [];
    const { data } = event;
    if (data.charCodeAt(0) !== OPEN_BRACE) {
      const word = data.trim();
      if (word === '[DONE]') return this.#finish(true);
      if (word === '') return [];
    }
    const text = event.event === null ? (this.#shape?.textOf(data) ?? null) : null;
    if (text !== null) return this.#speaker?.say(text) ?? [];
    const chunk = chunkOf(event);
    const parts = this.read(chunk);
    if (event.event === null && this.#misses < MAX_MISSES) this.#learn(data, chunk);
    return parts;
  }

  /** @param chunk parsed JSON of an event, which is no error */
  read(chunk: JsonObject): StreamPart[] {
    if (this.#done) return [];
    const parts: StreamPart[] = [];
    this.#start(chunk, parts);
    const choices = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    choices.forEach((choice, i) => {
      if (isObject(choice)) this.#choice(choice, i).push(choice, parts);
    });
    const sources = sourcesIn(chunk);
    if (sources.length > 0) this.#sources = sources;
    const groq = isObject(chunk['x_groq']) ? chunk['x_groq']['usage'] : undefined;
    const usage = readUsage(chunk['usage'] ?? groq ?? usageInChoices(choices), this.#serviceTier);
    if (usage) parts.push({ type: 'usage', usage });
    return parts;
  }

  get finished(): boolean {
    return this.#done;
  }

  end(): StreamPart[] {
    return this.#done ? [] : this.#finish(false);
  }

  /** The first chunk with something in it tells who answers; Azure sends an empty one before. */
  #start(chunk: JsonObject, parts: StreamPart[]): void {
    this.#serviceTier = chunk['service_tier'] ?? this.#serviceTier;
    if (this.#started) return;
    const head = headOf(chunk);
    const isEmpty = head.id === undefined && Array.isArray(chunk['choices']) && chunk['choices'].length === 0;
    if (isEmpty) return;
    this.#started = true;
    this.#place = [head.id ?? '', head.created ?? 0];
    parts.push({ type: 'start', ...head });
  }

  #learn(data: string, chunk: JsonObject): void {
    const shape = TextShape.of(data, chunk);
    if (shape === null) return;
    this.#misses += 1;
    this.#shape = shape;
    this.#speaker = this.#choice((chunk['choices'] as JsonObject[])[0] ?? {}, 0);
  }

  #choice(raw: JsonObject, position: number): ChoiceReader {
    const index = typeof raw['index'] === 'number' ? raw['index'] : position;
    const known = this.#choices.get(index);
    if (known) return known;
    const made = new ChoiceReader(index, [...this.#place, index], this.#traits);
    this.#choices.set(index, made);
    return made;
  }

  /** @param byDone the provider said `[DONE]`, which ends choices for which it gave no reason */
  #finish(byDone: boolean): StreamPart[] {
    if (!this.#started) throw new TruncatedStreamError('The provider closed the stream without an answer.');
    const readers = [...this.#choices.values()];
    if (!byDone && (readers.length === 0 || readers.some((reader) => !reader.finished))) throw new TruncatedStreamError();
    this.#done = true;
    const parts: StreamPart[] = [];
    for (const reader of readers) reader.finish(parts, reader.index === 0 ? this.#sources : []);
    if (readers.length === 0) parts.push({ type: 'finish', finish: { reason: 'stop' } });
    return parts;
  }
}

const OPEN_BRACE = 123;
/** So many events of new shapes: this stream has no lasting one, and learning them is wasted. */
const MAX_MISSES = 24;

/** @throws {ProviderError} when the event reports an error */
function chunkOf(event: StreamEvent): JsonObject {
  const chunk = parsed(event);
  if (event.event === 'error')
    throw errorInside(present({ error: chunk['error'] ?? chunk })) ?? readError({ status: 200, headers: {}, body: event.data });
  const error = errorInside(chunk);
  if (error) throw error;
  return chunk;
}

function parsed(event: StreamEvent): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(event.data);
  } catch (cause) {
    if (event.event === 'error') throw readError({ status: 500, headers: {}, body: event.data });
    throw new MalformedAnswerError('The provider sent a stream event that is not JSON.', 'json', cause);
  }
  if (!isObject(value)) throw new MalformedAnswerError('The provider sent a stream event that is not a JSON object.', 'shape');
  return value;
}
