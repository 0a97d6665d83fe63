import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { errorWithin } from '../errors.ts';
import { mergedUsage, usageOf } from '../usage.ts';
import { answerEnd, answerStart } from './answer-frame.ts';
import { openBlock, type AnswerState, type OpenBlock } from './open-block.ts';

/**
 * Reads a Messages stream. Pure: events in, parts out. Events and kinds of blocks that it does not know are no error.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming (2026-11-26)
 */
export class MessagesStreamReader implements StreamReader {
  readonly #state: AnswerState;
  readonly #blocks = new Map<unknown, OpenBlock>();
  /** Members of the message as told so far, by `message_start` and `message_delta`. */
  #message: JsonObject = {};
  #usage: JsonObject = {};
  #started = false;
  #finished = false;

  constructor(state: AnswerState) {
    this.#state = state;
  }

  /** @throws {ProviderError} that an `error` event reports @throws {MalformedAnswerError} for data that is not JSON */
  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#finished || data === '' || data === '[DONE]') return [];
    const body = parsed(data);
    const error = errorWithin(body);
    if (error) throw error;
    return this.#step(body['type'] ?? event, body);
  }

  get usageSoFar(): Usage | undefined {
    return usageOf(this.#usage);
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** A stream may lack `message_stop` when the reason to stop was told. */
  end(): StreamPart[] {
    if (this.#finished) return [];
    if (typeof this.#message['stop_reason'] !== 'string') throw new TruncatedStreamError();
    return this.#finish();
  }

  #step(type: unknown, body: JsonObject): StreamPart[] {
    switch (type) {
      case 'message_start':
        return this.#start(objectOf(body['message']));
      case 'content_block_start':
        return this.#openBlock(body['index'], objectOf(body['content_block']));
      case 'content_block_delta':
        return this.#delta(body['index'], objectOf(body['delta']));
      case 'content_block_stop':
        return this.#closeBlock(body['index']);
      case 'message_delta':
        return this.#change(body);
      case 'message_stop':
        return this.#finish();
      default:
        return [];
    }
  }

  /** A second start happens: only its usage counts. */
  #start({ usage, ...message }: JsonObject): StreamPart[] {
    this.#usage = mergedUsage(this.#usage, usage);
    if (this.#started) return [];
    this.#started = true;
    this.#message = message;
    return [answerStart(message)];
  }

  #openBlock(index: unknown, block: JsonObject): StreamPart[] {
    const unclosed = this.#closeBlock(index);
    const opened = openBlock(block, this.#state);
    this.#blocks.set(index, opened);
    return [...unclosed, ...opened.open()];
  }

  #delta(index: unknown, delta: JsonObject): StreamPart[] {
    const block = this.#blocks.get(index);
    if (block) return block.delta(delta);
    const type = BLOCK_OF_DELTA[wordOf(delta['type'])];
    if (type === undefined) return [];
    return [...this.#openBlock(index, { type }), ...this.#delta(index, delta)];
  }

  #closeBlock(index: unknown): StreamPart[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    return block?.close() ?? [];
  }

  #change({ delta, usage, ...others }: JsonObject): StreamPart[] {
    const told = Object.entries({ ...others, ...objectOf(delta) }).filter(([, value]) => value !== null);
    this.#message = { ...this.#message, ...Object.fromEntries(told) };
    this.#usage = mergedUsage(this.#usage, usage);
    return [];
  }

  #finish(): StreamPart[] {
    this.#finished = true;
    const closed = [...this.#blocks.keys()].flatMap((index) => this.#closeBlock(index));
    return [...closed, ...answerEnd(this.#message, this.#usage, this.#state)];
  }
}

/** Some servers leave out the start of text and thoughts. */
const BLOCK_OF_DELTA: Readonly<Record<string, string>> = { text_delta: 'text', thinking_delta: 'thinking', signature_delta: 'thinking' };

function parsed(data: string): JsonObject {
  try {
    return objectOf(JSON.parse(data));
  } catch (error) {
    throw new MalformedAnswerError('The provider sent an event that is not JSON.', 'json', error);
  }
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
