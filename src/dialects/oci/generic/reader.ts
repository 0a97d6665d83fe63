import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent } from '../../../core/dialect.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { CallIds } from '../../call-ids.ts';
import { ChatStreamReader } from '../../openai/chat/stream-reader.ts';
import type { ToolNames } from '../../tool-names.ts';
import { eventOf, objectsIn } from '../event.ts';
import type { AnswerReader } from '../format-chat.ts';
import { chunkOf } from './chunk.ts';

export interface GenericReading {
  readonly names: ToolNames;
  /** Ids of tool calls earlier in the conversation: Gemini gives none, and those that are made must not meet them. */
  readonly takenIds: ReadonlySet<string>;
  /** How many choices were asked for. */
  readonly asked: number;
}

const END: StreamEvent = { event: null, data: '[DONE]' };

/**
 * Reads answers of the generic form: OpenAI's chunks in names of their own. Usage comes alone, behind the end of the choices;
 * only some models then say `[DONE]`, and a connection may stay open.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/GenericChatResponse (2026-11-26)
 */
export class GenericReader implements AnswerReader {
  readonly #inner = new ChatStreamReader();
  readonly #names: ToolNames;
  readonly #ids: CallIds;
  readonly #asked: number;
  readonly #ended = new Set<unknown>();
  #rawUsage: unknown;

  constructor({ names, takenIds, asked }: GenericReading) {
    this.#names = names;
    this.#ids = new CallIds(takenIds);
    this.#asked = asked;
  }

  push(event: StreamEvent): StreamPart[] {
    if (this.#inner.finished) return [];
    const choice = eventOf(event);
    if (choice === undefined) return [];
    return this.#named(choice === null ? this.#inner.push(END) : this.#read(choice));
  }

  whole(response: JsonObject): StreamPart[] {
    const { choices, usage, serviceTier } = response;
    if (!Array.isArray(choices)) throw new MalformedAnswerError('The answer has no choices.', 'shape');
    const told = objectsIn(choices).map((choice, at) => ({ index: at, serviceTier, ...choice, usage: undefined }));
    const parts = [...told, { usage, serviceTier }].flatMap((choice) => this.#read(choice));
    return this.#named([...parts, ...this.#inner.push(END)]);
  }

  get finished(): boolean {
    return this.#inner.finished;
  }

  end(): StreamPart[] {
    return this.#named(this.#inner.end());
  }

  #read(choice: JsonObject): StreamPart[] {
    const { usage, finishReason, index = 0, groundingMetadata: grounds } = choice;
    if (isObject(usage)) this.#rawUsage = usage;
    if (typeof finishReason === 'string') this.#ended.add(index);
    const parts = this.#inner.read(chunkOf(choice));
    if (isObject(grounds)) parts.push(groundsPart(grounds, index));
    const isOver = isObject(usage) && this.#ended.size >= this.#asked;
    return isOver ? [...parts, ...this.#inner.push(END)] : parts;
  }

  /** In the client's names, and with the counts as the provider wrote them. */
  #named(parts: readonly StreamPart[]): StreamPart[] {
    return parts.map((part) => {
      if (part.type === 'tool_call_start') {
        const { id, name, choice = 0, index } = part;
        return { ...part, id: this.#ids.next(id, [choice, index, name]), name: this.#names.fromWire(name) };
      }
      return part.type === 'usage' ? { ...part, usage: { ...part.usage, raw: this.#rawUsage } } : part;
    });
  }
}

/** What a search found has no home in OpenAI's answer. */
function groundsPart(grounds: JsonObject, index: unknown): StreamPart {
  const raw = { provider_specific_fields: { grounding_metadata: grounds } };
  return {
    type: 'native',
    native: { type: 'native', dialect: 'openai', raw },
    ...(typeof index === 'number' && index > 0 ? { choice: index } : {}),
  };
}
