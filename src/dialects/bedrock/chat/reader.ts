import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { parseExactly } from '../../call-arguments.ts';
import { EXCEPTION } from '../../framing/aws-event-stream.ts';
import { streamError } from '../errors.ts';
import { usageOf } from '../usage.ts';
import type { AnswerState } from './answer-state.ts';
import { finishOf, slipOf } from './finish.ts';
import { openBlock, type OpenBlock } from './open-block.ts';

/**
 * Reads the events of ConverseStream. Pure. What was used is told behind the reason to stop, so the end waits for it.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html (2026-11-26)
 */
export class ConverseReader implements StreamReader {
  readonly #state: AnswerState;
  readonly #blocks = new Map<unknown, OpenBlock>();
  #started = false;
  #finished = false;
  #gave = false;
  #stop: JsonObject | null = null;
  #metadata: JsonObject = {};

  constructor(state: AnswerState) {
    this.#state = state;
  }

  /** @throws {ProviderError} that an exception reports @throws {MalformedAnswerError} for data that is not JSON */
  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#finished) return [];
    if (event?.startsWith(EXCEPTION)) throw streamError(event.slice(EXCEPTION.length), data);
    return this.read(event, parsed(data));
  }

  /** @param body parsed payload of the event */
  read(event: string | null, body: JsonObject): StreamPart[] {
    switch (event) {
      case 'messageStart':
        return this.#begun([]);
      case 'contentBlockStart':
        return this.#begun(this.#open(body['contentBlockIndex'], objectOf(body['start'])));
      case 'contentBlockDelta':
        return this.#begun(this.#delta(body['contentBlockIndex'], objectOf(body['delta'])));
      case 'contentBlockStop':
        return this.#begun(this.#close(body['contentBlockIndex']));
      case 'messageStop':
        this.#stop = body;
        return this.#begun([]);
      case 'metadata':
        return this.#counted(body);
      default:
        return [];
    }
  }

  get usageSoFar(): Usage | undefined {
    return usageOf(this.#metadata['usage'], this.#metadata['serviceTier']);
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** A stream may lack its counts when the reason to stop was told. */
  end(): StreamPart[] {
    if (this.#finished) return [];
    if (this.#stop === null) throw new TruncatedStreamError();
    return this.#finish(this.#stop);
  }

  /** Servers may leave out the start of a message. */
  #begun(parts: StreamPart[]): StreamPart[] {
    this.#gave ||= parts.length > 0;
    if (this.#started) return parts;
    this.#started = true;
    return [{ type: 'start' }, ...parts];
  }

  #open(index: unknown, start: JsonObject): StreamPart[] {
    const unclosed = this.#close(index);
    const { block, parts } = openBlock(start, this.#state);
    this.#blocks.set(index, block);
    return [...unclosed, ...parts];
  }

  /** Text and thoughts have no start. */
  #delta(index: unknown, delta: JsonObject): StreamPart[] {
    const block = this.#blocks.get(index);
    if (block) return block.delta(delta);
    if ('toolUse' in delta) return [];
    const opened = openBlock({}, this.#state).block;
    this.#blocks.set(index, opened);
    return opened.delta(delta);
  }

  #close(index: unknown): StreamPart[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    return block?.close() ?? [];
  }

  #counted(body: JsonObject): StreamPart[] {
    this.#metadata = body;
    return this.#stop === null ? [] : this.#finish(this.#stop);
  }

  #finish(stop: JsonObject): StreamPart[] {
    const closed = this.#begun([...this.#blocks.keys()].flatMap((index) => this.#close(index)));
    const word = typeof stop['stopReason'] === 'string' ? stop['stopReason'] : null;
    const slip = this.#gave ? null : slipOf(word);
    if (slip) throw slip;
    this.#finished = true;
    const usage = this.usageSoFar;
    return [
      ...closed,
      ...this.#fields(stop),
      { type: 'finish', finish: finishOf(word, this.#state.calls) },
      ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
    ];
  }

  /** What has no home in the hub: where it is not empty, beside the message. */
  #fields({ additionalModelResponseFields: more }: JsonObject): StreamPart[] {
    const { citations, serverTools } = this.#state;
    const { trace, performanceConfig } = this.#metadata;
    const sequence = stopSequenceIn(more);
    const fields = {
      ...(citations.length > 0 ? { citations } : {}),
      ...(serverTools.length > 0 ? { server_tools: serverTools } : {}),
      ...(sequence === null ? {} : { stop_sequence: sequence }),
      ...(isObject(more) && sequence === null ? { additional_model_response_fields: more } : {}),
      ...(isObject(trace) ? { trace } : {}),
      ...(isObject(performanceConfig) ? { performance_config: performanceConfig } : {}),
    };
    return Object.keys(fields).length === 0 ? [] : [{ type: 'native', native: { type: 'native', dialect: 'bedrock', raw: fields } }];
  }
}

/** Claude tells which sequence it met, at one of the two places that were asked for. */
function stopSequenceIn(more: unknown): string | null {
  const fields = objectOf(more);
  return wordOf(fields['stop_sequence']) || wordOf(objectOf(fields['delta'])['stop_sequence']) || null;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function parsed(data: string): JsonObject {
  try {
    return objectOf(data === '' ? {} : parseExactly(data));
  } catch (error) {
    throw new MalformedAnswerError('Bedrock sent an event that is not JSON.', 'json', error);
  }
}
