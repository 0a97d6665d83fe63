import type { StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import type { Usage } from '../../../core/usage.ts';
import { parseExactly } from '../../call-arguments.ts';
import { errorWithin } from '../errors.ts';
import { usageOf } from '../usage.ts';
import { CandidateReader, fieldsPart, type AnswerContext } from './candidate.ts';

/**
 * Reads a stream of `GenerateContentResponse`, or a whole one as its only frame. Pure. There is no mark of the end: what was
 * told last holds when the connection closes.
 *
 * @see https://ai.google.dev/api/generate-content#generatecontentresponse (2026-11-26)
 */
export class GenerateReader implements StreamReader {
  readonly #context: AnswerContext;
  readonly #candidates = new Map<number, CandidateReader>();
  #usage: unknown;
  #feedback: JsonObject = {};
  #answerId = '';
  #started = false;
  #ended = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  /** @throws {ProviderError} that a frame reports @throws {MalformedAnswerError} for data that is no frame */
  push({ data }: StreamEvent): StreamPart[] {
    return data === '' || data === '[DONE]' ? [] : this.read(jsonOf(data));
  }

  /** @param frame parsed JSON */
  read(frame: unknown): StreamPart[] {
    const error = errorWithin(frame);
    if (error) throw error;
    if (!isObject(frame)) throw new MalformedAnswerError('Gemini answered with something that is no answer of its API.', 'shape');
    if (isObject(frame['usageMetadata'])) this.#usage = frame['usageMetadata'];
    if (isObject(frame['promptFeedback'])) this.#feedback = { ...this.#feedback, ...frame['promptFeedback'] };
    this.#answerId ||= wordOf(frame['responseId']);
    const candidates = Array.isArray(frame['candidates']) ? frame['candidates'].filter(isObject) : [];
    const parts = candidates.flatMap((candidate) => this.#candidate(candidate).read(candidate, this.#answerId));
    if (this.#started) return parts;
    this.#started = true;
    return [startOf(frame), ...parts];
  }

  get usageSoFar(): Usage | undefined {
    return usageOf(this.#usage, this.#searches());
  }

  /** Known only once the connection has closed. */
  get finished(): boolean {
    return this.#ended;
  }

  end(): StreamPart[] {
    return this.#end(false);
  }

  /** The end of an answer that came in one piece. */
  endOfWhole(): StreamPart[] {
    return this.#end(true);
  }

  #end(isWhole: boolean): StreamPart[] {
    const ends = [...this.#candidates.values()].flatMap((candidate) => candidate.end(isWhole, this.#answerId));
    const usage = this.usageSoFar;
    this.#ended = true;
    return [...(ends.length > 0 ? ends : this.#blocked(isWhole)), ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }])];
  }

  /** A prompt that was not answered at all: that is an answer when the reason is told. */
  #blocked(isWhole: boolean): StreamPart[] {
    const { blockReason, blockReasonMessage, safetyRatings } = this.#feedback;
    if (typeof blockReason !== 'string') {
      if (isWhole) throw new MalformedAnswerError('Gemini answered without a candidate and without a reason.', 'shape');
      throw new TruncatedStreamError();
    }
    const fields = {
      block_reason: blockReason,
      ...(typeof blockReasonMessage === 'string' ? { block_reason_message: blockReasonMessage } : {}),
      ...(Array.isArray(safetyRatings) && safetyRatings.length > 0 ? { safety_ratings: safetyRatings } : {}),
    };
    return [fieldsPart(fields), { type: 'finish', finish: { reason: 'content_filter', native: blockReason } }];
  }

  #candidate({ index }: JsonObject): CandidateReader {
    const at = typeof index === 'number' ? index : 0;
    const known = this.#candidates.get(at);
    if (known) return known;
    const made = new CandidateReader(at, this.#context);
    this.#candidates.set(at, made);
    return made;
  }

  #searches(): number {
    return [...this.#candidates.values()].reduce((sum, { searches }) => sum + searches, 0);
  }
}

function startOf({ responseId, modelVersion, createTime }: JsonObject): StreamPart {
  const created = Math.floor(Date.parse(wordOf(createTime)) / 1000);
  return {
    type: 'start',
    ...(typeof responseId === 'string' ? { id: responseId } : {}),
    ...(Number.isNaN(created) ? {} : { created }),
    ...(typeof modelVersion === 'string' ? { model: modelVersion } : {}),
  };
}

function jsonOf(data: string): unknown {
  try {
    return data.includes('"functionCall"') ? parseExactly(data) : JSON.parse(data);
  } catch (error) {
    throw new MalformedAnswerError('Gemini sent an event that is not JSON.', /^\s*[{[]/.test(data) ? 'json' : 'shape', error);
  }
}
