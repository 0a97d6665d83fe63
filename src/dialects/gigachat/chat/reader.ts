import type { Finish, StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import { argumentsText, parseExactly } from '../../call-arguments.ts';
import { CallIds } from '../../call-ids.ts';
import type { ToolNames } from '../../tool-names.ts';
import { brokenOff, errorWithin } from '../errors.ts';
import { usageOf } from '../usage.ts';
import { ORIGIN } from './messages.ts';

export interface Reading {
  readonly names: ToolNames;
  /** Ids of tool calls earlier in the conversation. */
  readonly takenIds: ReadonlySet<string>;
  /** The function whose arguments are the answer; null: there is none. */
  readonly answersBy: string | null;
}

/**
 * Reads `/chat/completions`: a stream event by event, or a whole answer as one event. Pure.
 *
 * The id by which GigaChat finds what it knew when it called (`functions_state_id`) is proof and no text: it stands before the call
 * as thoughts that only GigaChat reads, and comes back where every provider's do.
 */
export class ChatReader implements StreamReader {
  readonly #names: ToolNames;
  readonly #ids: CallIds;
  readonly #answersBy: string | null;
  #place: readonly (string | number)[] = [];
  #state = '';
  #calls = 0;
  #reason: string | null = null;
  #started = false;
  #finished = false;

  constructor({ names, takenIds, answersBy }: Reading) {
    this.#names = names;
    this.#ids = new CallIds(takenIds);
    this.#answersBy = answersBy;
  }

  push({ data }: StreamEvent): StreamPart[] {
    if (this.#finished || data.trim() === '') return [];
    if (data.trim() === '[DONE]') return this.#finish();
    return this.read(jsonOf(data));
  }

  /** @param body parsed JSON of an event. @throws {ProviderError} which the event reports */
  read(body: unknown): StreamPart[] {
    if (!isObject(body)) throw new MalformedAnswerError('GigaChat answered with something other than a JSON object.', 'shape');
    const error = errorWithin(body);
    if (error) throw error;
    if (!Array.isArray(body['choices'])) throw new MalformedAnswerError('GigaChat answered without choices.', 'shape');
    const parts = this.#start(body);
    const choice = body['choices'].find(isObject);
    if (choice) this.#choice(choice, parts);
    const usage = usageOf(body['usage']);
    if (usage) parts.push({ type: 'usage', usage });
    return parts;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** A stream may end without `[DONE]`, not without a reason. */
  end(): StreamPart[] {
    if (this.#finished) return [];
    if (this.#reason === null) throw new TruncatedStreamError();
    return this.#finish();
  }

  /** GigaChat has no id for an answer. */
  #start({ created, model }: JsonObject): StreamPart[] {
    if (this.#started) return [];
    this.#started = true;
    const time = typeof created === 'number' && created > 0 ? Math.floor(created) : undefined;
    const name = wordOf(model);
    this.#place = [time ?? 0, name];
    return [{ type: 'start', ...(time === undefined ? {} : { created: time }), ...(name === '' ? {} : { model: name }) }];
  }

  #choice(choice: JsonObject, parts: StreamPart[]): void {
    const said = isObject(choice['delta']) ? choice['delta'] : isObject(choice['message']) ? choice['message'] : {};
    this.#speak(said, parts);
    const reason = wordOf(choice['finish_reason']);
    if (reason !== '') this.#reason = reason;
  }

  #speak(said: JsonObject, parts: StreamPart[]): void {
    // What one of GigaChat's own functions says while it runs is no answer.
    if (said['role'] === 'function_in_progress') return;
    const [thought, text] = [wordOf(said['reasoning_content']), wordOf(said['content'])];
    if (thought !== '') parts.push({ type: 'reasoning_delta', text: thought });
    const call = said['function_call'];
    const isAnswer = isObject(call) && this.#answersBy !== null && call['name'] === this.#answersBy;
    if (text !== '') parts.push({ type: 'text_delta', text });
    this.#takeState(wordOf(said['functions_state_id']), isAnswer, parts);
    if (isAnswer) parts.push({ type: 'text_delta', text: argumentsText(call['arguments']) });
    else if (isObject(call)) this.#call(call, parts);
  }

  #takeState(state: string, isAnswer: boolean, parts: StreamPart[]): void {
    if (state === '' || state === this.#state || isAnswer) return;
    this.#state = state;
    parts.push({ type: 'reasoning_encrypted', encrypted: state, origin: ORIGIN });
  }

  #call(call: JsonObject, parts: StreamPart[]): void {
    const index = this.#calls++;
    const text = argumentsText(call['arguments']);
    const name = this.#names.fromWire(wordOf(call['name']));
    const id = this.#ids.next(wordOf(call['id']), [...this.#place, this.#state, index, name, text]);
    parts.push(
      { type: 'tool_call_start', index, id, name },
      { type: 'tool_call_delta', index, arguments: text },
      { type: 'tool_call_end', index },
    );
  }

  /** @throws {ProviderError} when the reason tells of a failure @throws {TruncatedStreamError} when nothing was said */
  #finish(): StreamPart[] {
    if (!this.#started) throw new TruncatedStreamError('The provider closed the stream without an answer.');
    const finish = finishOf(this.#reason, this.#calls > 0);
    this.#finished = true;
    return [{ type: 'finish', finish }];
  }
}

/** Why the model stopped. A call, whenever it came, makes it `tool_calls`; a form that was filled in is an answer. */
function finishOf(word: string | null, called: boolean): Finish {
  if (word === 'error') throw brokenOff(word);
  if (word === 'blacklist') return { reason: 'content_filter', native: word };
  if (word === 'length') return { reason: 'length' };
  return { reason: called ? 'tool_calls' : 'stop' };
}

/** @throws {MalformedAnswerError} */
function jsonOf(data: string): unknown {
  try {
    return data.includes('"function_call"') ? parseExactly(data) : JSON.parse(data);
  } catch (error) {
    throw new MalformedAnswerError('GigaChat sent an event that is no JSON.', 'json', error);
  }
}
