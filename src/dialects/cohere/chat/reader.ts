import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { CallIds } from '../../call-ids.ts';
import type { ToolNames } from '../../tool-names.ts';
import { errorWithin } from '../errors.ts';
import { usageOf } from '../usage.ts';
import { citationParts } from './citations.ts';
import { failedEnd, finishOf } from './finish.ts';
import { logprobsOf } from './logprobs.ts';
import { OpenCall } from './open-call.ts';

/**
 * Reads the events of `/v2/chat`. Pure. The plan that Cohere makes before it calls tools is text of the answer: it comes back
 * as text beside the calls, which is how {@link messagesOf} says it again.
 *
 * @see https://docs.cohere.com/docs/streaming (read 2026-11-26)
 */
export class ChatReader implements StreamReader {
  readonly #names: ToolNames;
  readonly #open = new Map<unknown, OpenCall>();
  readonly #ids: CallIds;
  #calls = 0;
  /** Where the text of each content block begins in the answer's text. */
  readonly #starts = new Map<unknown, number>();
  #lastStart = 0;
  #textLength = 0;
  #answerId = '';
  #usage: Usage | undefined;
  #started = false;
  #finished = false;

  /** @param takenIds ids of tool calls earlier in the conversation */
  constructor(names: ToolNames, takenIds: ReadonlySet<string>) {
    this.#names = names;
    this.#ids = new CallIds(takenIds);
  }

  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#finished || data === '' || data === '[DONE]') return [];
    return this.read(parsed(data), event);
  }

  /**
   * @param event parsed JSON of an event @param name of the event where its data do not tell
   * @throws {ProviderError} which the event reports
   */
  read(event: JsonObject, name: string | null = null): StreamPart[] {
    const error = errorWithin(event);
    if (error) throw error;
    const delta = objectOf(event['delta']);
    const message = objectOf(delta['message']);
    switch (event['type'] ?? name) {
      case 'message-start':
        return this.#start(event['id']);
      case 'content-start':
        return this.#openBlock(event['index'], objectOf(message['content']));
      case 'content-delta':
        return this.#content(objectOf(message['content']), logprobsOf(event['logprobs']));
      case 'tool-plan-delta':
        return this.#text(wordOf(message['tool_plan']));
      case 'tool-call-start':
        return this.#openCall(event['index'], callIn(message));
      case 'tool-call-delta':
        return this.#open.get(event['index'])?.add(argumentsIn(callIn(message))) ?? [];
      case 'tool-call-end':
        return this.#closeCall(event['index']);
      case 'citation-start':
        return this.#cite(objectOf(message['citations']));
      case 'message-end':
        return this.#finish(delta);
      default:
        return [];
    }
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Told also by an answer that failed at its end. */
  get usageSoFar(): Usage | undefined {
    return this.#usage;
  }

  end(): StreamPart[] {
    if (!this.#finished) throw new TruncatedStreamError();
    return [];
  }

  #start(id: unknown): StreamPart[] {
    if (this.#started) return [];
    this.#started = true;
    this.#answerId = wordOf(id);
    return [{ type: 'start', ...(this.#answerId === '' ? {} : { id: this.#answerId }) }];
  }

  /** Servers may leave out the start of a message. */
  #begun(parts: StreamPart[]): StreamPart[] {
    return this.#started || parts.length === 0 ? parts : [...this.#start(null), ...parts];
  }

  #openBlock(index: unknown, content: JsonObject): StreamPart[] {
    if (content['type'] !== 'thinking') {
      this.#lastStart = this.#textLength;
      this.#starts.set(index, this.#lastStart);
    }
    return this.#content(content, undefined);
  }

  #content(content: JsonObject, logprobs: unknown): StreamPart[] {
    const thinking = wordOf(content['thinking']);
    const thought: StreamPart[] = thinking === '' ? [] : [{ type: 'reasoning_delta', text: thinking }];
    return [...this.#begun(thought), ...this.#text(wordOf(content['text']), logprobs)];
  }

  #text(text: string, logprobs?: unknown): StreamPart[] {
    if (text === '' && logprobs === undefined) return [];
    this.#textLength += text.length;
    return this.#begun([{ type: 'text_delta', text, ...(logprobs === undefined ? {} : { logprobs }) }]);
  }

  #openCall(index: unknown, call: JsonObject): StreamPart[] {
    const unclosed = this.#closeCall(index);
    const place = this.#calls++;
    const name = this.#names.fromWire(wordOf(objectOf(call['function'])['name']));
    const id = this.#ids.next(wordOf(call['id']), [this.#answerId, place, name]);
    const opened = new OpenCall(place);
    this.#open.set(index, opened);
    return this.#begun([...unclosed, { type: 'tool_call_start', index: place, id, name }, ...opened.add(argumentsIn(call))]);
  }

  #closeCall(index: unknown): StreamPart[] {
    const call = this.#open.get(index);
    this.#open.delete(index);
    return call?.close() ?? [];
  }

  #cite(citation: JsonObject): StreamPart[] {
    if (Object.keys(citation).length === 0) return [];
    const { type, content_index: index } = citation;
    const start = type === 'THINKING_CONTENT' ? null : type === 'PLAN' ? 0 : (this.#starts.get(index) ?? this.#lastStart);
    return this.#begun(citationParts(citation, start));
  }

  #finish({ finish_reason: reason, usage, error }: JsonObject): StreamPart[] {
    this.#usage = usageOf(usage);
    const word = typeof reason === 'string' ? reason : null;
    const failure = failedEnd(word, wordOf(error));
    if (failure) throw failure;
    this.#finished = true;
    const closed = [...this.#open.keys()].flatMap((index) => this.#closeCall(index));
    const counted: StreamPart[] = this.#usage === undefined ? [] : [{ type: 'usage', usage: this.#usage }];
    return this.#begun([...closed, { type: 'finish', finish: finishOf(word, this.#calls) }, ...counted]);
  }
}

/** Cohere gives the one call itself; others in its dress a list of one. */
function callIn({ tool_calls: calls }: JsonObject): JsonObject {
  return objectOf(Array.isArray(calls) ? calls[0] : calls);
}

/** Cohere gives text; an object is what others make of it. */
function argumentsIn({ function: called }: JsonObject): string {
  const value = objectOf(called)['arguments'];
  return isObject(value) ? JSON.stringify(value) : wordOf(value);
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function parsed(data: string): JsonObject {
  try {
    return objectOf(JSON.parse(data));
  } catch (error) {
    throw new MalformedAnswerError('Cohere sent an event that is no JSON.', 'json', error);
  }
}
