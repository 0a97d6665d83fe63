import type { StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { isObject, printed, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../core/provider-error.ts';
import { isOddlyCounted, type Usage } from '../../core/usage.ts';
import { CLOSING_EVENT } from '../jobs/job.ts';
import { failed } from '../jobs/failure.ts';
import { ThinkTags, type TaggedPiece } from '../think-tags.ts';

export interface ReadingPrediction {
  /** Thoughts between tags are parted from the answer. */
  readonly thinks: boolean;
  /** Output tokens that were asked for at most; null: nobody said. */
  readonly limit: number | null;
  /** The prediction as its provider first told it; null: it has not. */
  readonly begun: () => JsonObject | null;
}

/**
 * Reads a prediction: a stream of its output and what is told behind it, or all of it at once. Pure.
 *
 * @see https://replicate.com/docs/topics/predictions/streaming (2026-11-26)
 */
export class PredictionReader implements StreamReader {
  readonly #reading: ReadingPrediction;
  readonly #tags: ThinkTags | null;
  #started = false;
  /** The output is all here. */
  #done = false;
  #settled = false;
  #usage: Usage | undefined;

  constructor(reading: ReadingPrediction) {
    this.#reading = reading;
    this.#tags = reading.thinks ? new ThinkTags() : null;
  }

  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#settled) return [];
    if (this.#done) {
      if (event === CLOSING_EVENT) this.#close(parsed(data));
      return [];
    }
    if (event === 'output') return [...this.#begin(this.#reading.begun()), ...this.#said(data)];
    if (event === 'error') throw failed({ headers: {} }, { message: reasonIn(data, 'detail'), status: 500 });
    if (event === 'done') return this.#end(data);
    return [];
  }

  /** A prediction that has succeeded. */
  whole(prediction: JsonObject): StreamPart[] {
    const parts = [...this.#begin(prediction), ...this.#said(textOf(prediction['output']))];
    this.#done = true;
    this.#close(prediction);
    return parts;
  }

  get finished(): boolean {
    return this.#settled;
  }

  get unsettled(): boolean {
    return this.#done && !this.#settled;
  }

  end(): StreamPart[] {
    if (!this.#done) throw new TruncatedStreamError();
    this.#settled = true;
    const usage = this.#usage;
    const { limit } = this.#reading;
    const isCut = limit !== null && usage !== undefined && usage.outputTokens >= limit;
    return [
      ...this.#begin(this.#reading.begun()),
      ...(this.#tags?.end() ?? []).map(delta),
      { type: 'finish', finish: { reason: isCut ? 'length' : 'stop' } },
      ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
    ];
  }

  #begin(prediction: JsonObject | null): StreamPart[] {
    if (this.#started) return [];
    this.#started = true;
    const { id, model, created_at: createdAt } = prediction ?? {};
    const created = Math.floor(Date.parse(wordOf(createdAt)) / 1000);
    return [
      {
        type: 'start',
        ...(typeof id === 'string' && id !== '' ? { id } : {}),
        ...(Number.isNaN(created) ? {} : { created }),
        ...(typeof model === 'string' && model !== '' ? { model } : {}),
      },
    ];
  }

  #said(text: string): StreamPart[] {
    if (text === '') return [];
    return this.#tags === null ? [{ type: 'text_delta', text }] : this.#tags.push(text).map(delta);
  }

  #end(data: string): StreamPart[] {
    const reason = reasonIn(data, 'reason');
    if (reason !== '') throw failed({ headers: {} }, { message: `The provider ended the prediction: ${reason}.`, status: 500 });
    this.#done = true;
    return [];
  }

  #close(prediction: unknown): void {
    this.#usage = usageOf(prediction);
    this.#settled = true;
  }
}

function delta({ type, text }: TaggedPiece): StreamPart {
  return { type: type === 'reasoning' ? 'reasoning_delta' : 'text_delta', text };
}

/** A text, pieces of one, or whatever the model gives: as text. */
function textOf(output: unknown): string {
  if (output === null || output === undefined) return '';
  return Array.isArray(output) ? output.map(printed).join('') : printed(output);
}

/** What the data of an event says in this member; the data itself where it is no object. */
function reasonIn(data: string, member: string): string {
  const told = parsed(data);
  if (!isObject(told)) return data.trim();
  const value = told[member];
  return value === undefined || value === null ? '' : printed(value);
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** Tokens as official models count them; undefined where a model does not. */
export function usageOf(prediction: unknown): Usage | undefined {
  const metrics = isObject(prediction) ? prediction['metrics'] : undefined;
  if (!isObject(metrics)) return undefined;
  const inputTokens = metrics['input_token_count'] ?? metrics['token_input_count'];
  const outputTokens = metrics['output_token_count'] ?? metrics['token_output_count'];
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number' || isOddlyCounted(inputTokens, outputTokens)) return undefined;
  return { inputTokens, outputTokens, raw: metrics };
}

/** @throws {MalformedAnswerError} */
export function predictionIn(body: unknown): JsonObject {
  if (isObject(body)) return body;
  throw new MalformedAnswerError('The provider answered with something other than a prediction.', 'shape');
}
