import type { Finish, StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../core/provider-error.ts';
import { isTokenCount } from '../../core/usage.ts';
import { readError } from './errors.ts';

/** Reads generated text: of a stream, an event a piece; a whole answer is one piece that is the last. */
export class GenerationReader implements StreamReader {
  #started = false;
  #finish: Finish | null = null;
  #done = false;
  /** Counted from the beginning in each event, or told in one alone. */
  readonly #counted = { inputTokens: 0, outputTokens: 0 };

  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#done || data.trim() === '') return [];
    if (event === 'error') throw readError({ status: statusIn(data), headers: {}, body: data });
    return this.read(parsed(data));
  }

  /** @throws {ProviderError | MalformedAnswerError} */
  read(body: unknown): StreamPart[] {
    if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
    if (Array.isArray(body['errors'])) throw readError({ status: statusOf(body), headers: {}, body: JSON.stringify(body) });
    const results: unknown[] = Array.isArray(body['results']) ? body['results'] : [];
    const result = results.find(isObject);
    const parts: StreamPart[] = this.#start(body, result);
    if (result) this.#take(result, parts);
    return parts;
  }

  get finished(): boolean {
    return this.#done;
  }

  end(): StreamPart[] {
    if (this.#done) return [];
    if (this.#finish === null) throw new TruncatedStreamError();
    this.#done = true;
    const { inputTokens, outputTokens } = this.#counted;
    const usage = { inputTokens, outputTokens, raw: { input_token_count: inputTokens, generated_token_count: outputTokens } };
    return [...(inputTokens + outputTokens > 0 ? [{ type: 'usage', usage } as const] : []), { type: 'finish', finish: this.#finish }];
  }

  /** Events with warnings of the system alone may come first. */
  #start(body: JsonObject, result: JsonObject | undefined): StreamPart[] {
    if (this.#started || !result) return [];
    this.#started = true;
    const created = Date.parse(wordOf(body['created_at']));
    const model = wordOf(body['model_id']);
    return [
      { type: 'start', ...(model === '' ? {} : { model }), ...(Number.isNaN(created) ? {} : { created: Math.floor(created / 1000) }) },
    ];
  }

  #take(
    { generated_text: text, generated_token_count: made, input_token_count: read, stop_reason: stop }: JsonObject,
    parts: StreamPart[],
  ) {
    if (typeof text === 'string' && text !== '') parts.push({ type: 'text_delta', text });
    if (isTokenCount(made)) this.#counted.outputTokens = Math.max(this.#counted.outputTokens, made);
    if (isTokenCount(read)) this.#counted.inputTokens = Math.max(this.#counted.inputTokens, read);
    const reason = wordOf(stop).toLowerCase();
    if (reason === 'error')
      throw new ProviderError({ class: 'InternalServerError', status: 500, message: 'The model stopped with an error.' });
    if (reason !== '' && reason !== 'not_finished') this.#finish = { reason: FINISH[reason] ?? 'stop', native: reason };
  }
}

const FINISH: Readonly<Record<string, Finish['reason']>> = {
  max_tokens: 'length',
  token_limit: 'length',
  time_limit: 'length',
  eos_token: 'stop',
  stop_sequence: 'stop',
};

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new MalformedAnswerError('The provider sent a stream event that is not JSON.', 'json', cause);
  }
}

function statusIn(data: string): number {
  try {
    const body: unknown = JSON.parse(data);
    return isObject(body) ? statusOf(body) : 500;
  } catch {
    return 500;
  }
}

function statusOf({ status_code: status }: JsonObject): number {
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
