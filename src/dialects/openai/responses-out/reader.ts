import type { Finish, StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { errorInside } from '../errors.ts';
import { present } from '../request-fields.ts';
import { readUsage } from '../usage.ts';
import { newState, type AnswerState } from './answer-state.ts';
import { failureIn } from './failure.ts';
import { OpenCall } from './open-call.ts';
import type { OpenItem } from './item-progress.ts';
import { eventName, kindOfEvent, openItem } from './open-item.ts';

/** Events that show the response as it stands. */
const ENDS: ReadonlySet<string> = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

type Place = number | string;

/**
 * Reads a stream of Responses. Pure: events in, parts out. Events and items that it does not know are no error. The response that
 * stands in the last event says what the pieces before it left out.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-26)
 */
export class ResponsesReader implements StreamReader {
  readonly #state: AnswerState;
  readonly #items = new Map<Place, OpenItem>();
  readonly #over = new Set<Place>();
  #head: JsonObject = {};
  #usage: Usage | undefined;
  #started = false;
  #finished = false;

  /** @param provider catalogue id of who answers */
  constructor(provider: string) {
    this.#state = newState(provider);
  }

  get finished(): boolean {
    return this.#finished;
  }

  get usageSoFar(): Usage | undefined {
    return this.#usage;
  }

  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#finished || data.trim() === '' || data.trim() === '[DONE]') return [];
    const body = parsed(data);
    return this.take(eventName(body['type'] ?? event), body);
  }

  end(): StreamPart[] {
    if (!this.#finished) throw new TruncatedStreamError();
    return [];
  }

  /** @param name of the event, without `response.` @throws {ProviderError} that it reports */
  take(name: string, body: JsonObject): StreamPart[] {
    if (name === 'error') throw failureIn(isObject(body['error']) ? body['error'] : { ...body, type: undefined });
    const response = isObject(body['response']) ? body['response'] : null;
    if (response) this.#note(response);
    if (ENDS.has(name)) return this.#finish(name, response ?? {});
    if (name === 'output_item.added' || name === 'output_item.done') return this.#told(this.#item(name, body));
    if (name === '') throw errorInside(body) ?? new MalformedAnswerError('The provider sent an event without a type.', 'shape');
    return this.#told(this.#piece(name, body));
  }

  /** Who answers, and what was counted so far. */
  #note(response: JsonObject): void {
    this.#head = { ...this.#head, ...Object.fromEntries(Object.entries(response).filter(([, value]) => value !== null)) };
    this.#state.place = wordOf(this.#head['id']);
    this.#usage = this.#counted(readUsage(response['usage'], response['service_tier'])) ?? this.#usage;
  }

  #counted(usage: Usage | undefined): Usage | undefined {
    const { searches, fileSearches, containers } = this.#state;
    return (
      usage && {
        ...usage,
        ...(searches > 0 ? { webSearchRequests: searches, ...searchSize(this.#head['tools']) } : {}),
        ...(fileSearches > 0 ? { fileSearches } : {}),
        ...(containers.size > 0 ? { codeSessions: containers.size } : {}),
      }
    );
  }

  #item(name: string, body: JsonObject): StreamPart[] {
    const item = isObject(body['item']) ? body['item'] : {};
    const place = placeIn(body, item);
    if (this.#over.has(place)) return [];
    if (name === 'output_item.done') return this.#end(place, item);
    return this.#begin(place, item);
  }

  #begin(place: Place, item: JsonObject): StreamPart[] {
    const unended = this.#items.has(place) ? this.#end(place, {}) : [];
    const opened = openItem(item, this.#state);
    this.#items.set(place, opened);
    return opened instanceof OpenCall ? [...unended, ...opened.begin(item)] : unended;
  }

  #end(place: Place, item: JsonObject): StreamPart[] {
    const open = this.#items.get(place) ?? openItem(item, this.#state);
    this.#items.delete(place);
    this.#over.add(place);
    return open.end(item);
  }

  #piece(name: string, body: JsonObject): StreamPart[] {
    const kind = kindOfEvent(name);
    const place = placeIn(body, {});
    if (kind === null || this.#over.has(place)) return [];
    const known = this.#items.get(place);
    if (known) return known.takes(name) ? known.push(name, body) : [];
    const began = this.#begin(place, { type: kind });
    return [...began, ...(this.#items.get(place)?.push(name, body) ?? [])];
  }

  #finish(name: string, response: JsonObject): StreamPart[] {
    const status = wordOf(response['status']) || name;
    if (status === 'failed' || status === 'cancelled')
      throw failureIn(response['error'] ?? { message: 'The provider cancelled the answer.' });
    const output = Array.isArray(response['output']) ? response['output'] : [];
    const late = output.flatMap((item: unknown, index) => {
      if (!isObject(item)) return [];
      const place = this.#placeOf(item, index);
      return this.#over.has(place) ? [] : this.#end(place, item);
    });
    const open = [...this.#items.keys()].flatMap((place) => this.#end(place, {}));
    this.#usage = this.#counted(this.#usage);
    this.#finished = true;
    return this.#told(
      [
        ...late,
        ...open,
        { type: 'finish', finish: this.#finishOf(response) },
        ...(this.#usage === undefined ? [] : [{ type: 'usage' as const, usage: this.#usage }]),
      ],
      true,
    );
  }

  /** Where the events put an item of the whole response: at its position, or under its id where they told no position. */
  #placeOf(item: JsonObject, index: number): Place {
    const { id } = item;
    return typeof id === 'string' && (this.#items.has(id) || this.#over.has(id)) ? id : index;
  }

  #finishOf({ incomplete_details: details, status }: JsonObject): Finish {
    const reason = isObject(details) ? wordOf(details['reason']) : '';
    if (reason === 'max_output_tokens' || reason === 'max_tokens') return { reason: 'length', native: reason };
    if (reason === 'content_filter') return { reason };
    if (this.#state.calls > 0) return { reason: 'tool_calls' };
    return status === 'incomplete' && reason !== '' ? { reason: 'stop', native: reason } : { reason: 'stop' };
  }

  /** Nothing is said before there is something to say: until then a failure may still be another try. */
  #told(parts: StreamPart[], isEnd = false): StreamPart[] {
    if (this.#started || (parts.length === 0 && !isEnd)) return parts;
    this.#started = true;
    const { id, model, created_at: created } = this.#head;
    const head = {
      id: typeof id === 'string' ? id : undefined,
      created: typeof created === 'number' && created > 0 ? Math.floor(created) : undefined,
      model: typeof model === 'string' ? model : undefined,
    };
    return [{ type: 'start', ...present(head) }, ...parts];
  }
}

/** How much a search read, where the response says it: some prices depend on it. */
function searchSize(tools: unknown): Pick<Usage, 'webSearchContextSize'> {
  const search = Array.isArray(tools) ? tools.filter(isObject).find(({ type }) => wordOf(type).startsWith('web_search')) : undefined;
  const size = wordOf(search?.['search_context_size']);
  return size === '' ? {} : { webSearchContextSize: size };
}

/** Where an item stands; of providers that do not say it, its id must do. */
function placeIn(body: JsonObject, item: JsonObject): Place {
  const { output_index: index, item_id: itemId } = body;
  if (Number.isInteger(index)) return index as number;
  return wordOf(itemId ?? item['id']);
}

function parsed(data: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new MalformedAnswerError('The provider sent a stream event that is not JSON.', 'json', cause);
  }
  if (!isObject(value)) throw new MalformedAnswerError('The provider sent a stream event that is not a JSON object.', 'shape');
  return value;
}

/** An error that a body holds in place of a response. */
export function errorIn(body: JsonObject): Error | null {
  return body['object'] === 'response' ? null : errorInside(body);
}
