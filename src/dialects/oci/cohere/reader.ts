import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent } from '../../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import type { ChatReader } from '../../cohere/chat/reader.ts';
import { usageOf } from '../../cohere/usage.ts';
import { brokenOff } from '../errors.ts';
import { eventOf, objectOf } from '../event.ts';
import type { AnswerReader } from '../format-chat.ts';

/** Tells what an event says as events of Cohere's own second version. */
export interface Retelling {
  /** Its end left out. */
  told(event: JsonObject): JsonObject[];
}

/**
 * Reads answers of Cohere's models: Oracle's events are retold as Cohere's. The event that says why the model stopped is the last:
 * it has the usage, and the connection stays open behind it.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/CohereChatResponse (2026-11-26)
 */
export class CohereReader implements AnswerReader {
  readonly #inner: ChatReader;
  readonly #retelling: Retelling;
  #counted = false;

  constructor(inner: ChatReader, retelling: Retelling) {
    this.#inner = inner;
    this.#retelling = retelling;
  }

  push(event: StreamEvent): StreamPart[] {
    const said = eventOf(event);
    if (said === null || said === undefined) return [];
    return this.#inner.finished ? this.#late(said) : this.#read(said);
  }

  whole(response: JsonObject): StreamPart[] {
    if (typeof response['finishReason'] !== 'string') throw new MalformedAnswerError('The answer does not say why it ended.', 'shape');
    return this.#read(response);
  }

  get finished(): boolean {
    return this.#inner.finished;
  }

  end(): StreamPart[] {
    return this.#inner.end();
  }

  #read(event: JsonObject): StreamPart[] {
    const { finishReason: reason, errorMessage, usage } = event;
    if (reason === 'ERROR') throw brokenOff(wordOf(errorMessage));
    const ends = typeof reason === 'string' ? [endOf(reason, usage)] : [];
    const parts = [...this.#retelling.told(event), ...ends].flatMap((told) => this.#inner.read(told));
    return this.#countedIn(parts, usage);
  }

  /** Counts that come behind the end, in the same piece. */
  #late({ usage }: JsonObject): StreamPart[] {
    if (this.#counted || !isObject(usage)) return [];
    const counted = usageOf(countsIn(usage));
    return counted === undefined ? [] : this.#countedIn([{ type: 'usage', usage: counted }], usage);
  }

  #countedIn(parts: readonly StreamPart[], raw: unknown): StreamPart[] {
    return parts.map((part) => {
      if (part.type !== 'usage') return part;
      this.#counted = true;
      return { ...part, usage: { ...part.usage, raw } };
    });
  }
}

function endOf(reason: string, usage: unknown): JsonObject {
  return { type: 'message-end', delta: { finish_reason: reason, usage: countsIn(usage) } };
}

/** @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/Usage (2026-11-26) */
function countsIn(usage: unknown): JsonObject {
  const { promptTokens, inputTokens, completionTokens, outputTokens, promptTokensDetails } = objectOf(usage);
  return {
    tokens: { input_tokens: promptTokens ?? inputTokens, output_tokens: completionTokens ?? outputTokens },
    cached_tokens: objectOf(promptTokensDetails)['cachedTokens'],
  };
}
