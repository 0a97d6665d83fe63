import type { StreamEvent, ToldFailure } from '../../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';

/** What the gateway says of a response in the provider's place. */
export interface PassedShape {
  readonly id: string;
  readonly model: string;
  /** As the client named it; undefined: it named none. */
  readonly previousResponseId: string | undefined;
}

/** The members of a response that are ours, over those that it has. */
export function shownMembers({ id, model, previousResponseId }: PassedShape): JsonObject {
  return { id, model, ...(previousResponseId === undefined ? {} : { previous_response_id: previousResponseId }) };
}

const CREATED: ReadonlySet<string> = new Set(['response.created', 'response.in_progress', 'response.queued']);
const ENDED: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);
const ARGUMENTS = 'response.function_call_arguments.';

/**
 * Passes a stream of Responses on: events as they came, but for id and model where the response is shown. An event that an official
 * client would stumble over is mended: one without its name or number, arguments of a call that are told at the end alone.
 */
export class PassedEvents {
  readonly #shape: PassedShape;
  /** Nothing goes out before there is something to say: until then a failure may still be another try. */
  #held = '';
  #next = 0;
  /** The provider's numbers do not hold any more. */
  #numbered = false;
  readonly #argued = new Set<string>();
  #response: JsonObject = {};
  #upstreamId = '';

  constructor(shape: PassedShape) {
    this.#shape = shape;
  }

  /** The response as it was told last. */
  get response(): JsonObject {
    return this.#response;
  }

  /** The provider's own id of it. */
  get upstreamId(): string {
    return this.#upstreamId;
  }

  /** @returns text of events; `''` while there is nothing to tell */
  tell(event: StreamEvent): string {
    if (event.data.trim() === '' || event.data.trim() === '[DONE]') return '';
    const name = event.event ?? typeIn(event.data);
    const text = this.#isLawful(event, name) ? this.#verbatim(event.data, name) : this.#mended(JSON.parse(event.data) as JsonObject, name);
    if (CREATED.has(name)) {
      this.#held += text;
      return '';
    }
    const held = this.#held;
    this.#held = '';
    return held + text;
  }

  /** The end of a stream that broke off. */
  fail(failure: ToldFailure): string {
    const { code, message, param } = failure;
    const error = this.#event('error', { code, message, param, error: failure });
    const told = { ...this.#response, ...shownMembers(this.#shape), status: 'failed', error: { code: code ?? 'server_error', message } };
    return error + this.#event('response.failed', { response: { object: 'response', output: [], ...told } });
  }

  #isLawful({ event, data }: StreamEvent, name: string): boolean {
    if (this.#numbered || event === null || CREATED.has(name) || ENDED.has(name)) return false;
    return name !== `${ARGUMENTS}done` && data.includes('"sequence_number":') && data.includes('"type":');
  }

  #verbatim(data: string, name: string): string {
    this.#next++;
    if (name === `${ARGUMENTS}delta`) this.#argued.add(ITEM_ID.exec(data)?.[1] ?? '');
    const lines = data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data;
    return `event: ${name}\ndata: ${lines}\n\n`;
  }

  #mended(body: JsonObject, name: string): string {
    if (typeof body['sequence_number'] !== 'number') this.#numbered = true;
    if (isObject(body['response'])) return this.#event(name, { ...body, response: this.#shown(body['response']) });
    const id = wordOf(body['item_id']);
    if (name === `${ARGUMENTS}delta`) this.#argued.add(id);
    const { arguments: whole, output_index: place } = body;
    if (name !== `${ARGUMENTS}done` || this.#argued.has(id) || typeof whole !== 'string' || whole === '') return this.#event(name, body);
    this.#numbered = true;
    return this.#event(`${ARGUMENTS}delta`, { item_id: id, output_index: place, delta: whole }) + this.#event(name, body);
  }

  #shown(response: JsonObject): JsonObject {
    this.#upstreamId = wordOf(response['id']);
    this.#response = { ...response, ...shownMembers(this.#shape) };
    return this.#response;
  }

  #event(type: string, body: JsonObject): string {
    const number = this.#next++;
    const numbered = this.#numbered || typeof body['sequence_number'] !== 'number' ? { sequence_number: number } : {};
    return `event: ${type}\ndata: ${JSON.stringify({ ...body, type, ...numbered })}\n\n`;
  }
}

const ITEM_ID = /"item_id"\s*:\s*"([^"]*)"/;

function typeIn(data: string): string {
  const body: unknown = JSON.parse(data);
  return isObject(body) ? wordOf(body['type']) : '';
}
