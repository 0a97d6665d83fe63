import type { Answer, StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../core/provider-error.ts';
import { EXCEPTION } from '../framing/aws-event-stream.ts';
import { errorWithin, streamError } from './errors.ts';
import { finishAt, textAt, usageAt, valueAt } from './spots.ts';
import { textOfTensors } from './tensors.ts';
import type { EventSpots, PromptForm } from './wire.ts';
import { WrittenText, type Expected } from './written-text.ts';

/**
 * Reads a whole answer.
 *
 * @throws {ProviderError} the error that stands in it
 * @throws {MalformedAnswerError} when there is no text in it
 */
export function readPromptAnswer(answer: unknown, form: PromptForm, expected: Expected): Answer {
  const body = form.tensors ? textOfTensors(answer) : firstOf(answer);
  const error = errorWithin(body);
  if (error) throw error;
  const said = textAt(body, form.answer.text);
  if (said === undefined) throw new MalformedAnswerError('The answer holds no text.', 'shape');
  const written = new WrittenText(expected);
  const text = written.push(said) + written.end();
  const usage = usageAt(body, form.answer);
  const finish = finishAt(body, form.answer);
  return {
    choices: [
      {
        index: 0,
        parts: text === '' ? [] : [{ type: 'text', text }],
        finish: written.stopped && finish.reason === 'length' ? { reason: 'stop' } : finish,
      },
    ],
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Reads a stream: pieces of text, and an end that is an event or the closing. Pure. */
export class PromptReader implements StreamReader {
  readonly #spots: EventSpots | null;
  readonly #written: WrittenText;
  #started = false;
  #said = false;
  #finished = false;

  constructor(spots: EventSpots | null, expected: Expected) {
    this.#spots = spots;
    this.#written = new WrittenText(expected);
  }

  push({ event, data }: StreamEvent): StreamPart[] {
    if (this.#finished) return [];
    if (event?.startsWith(EXCEPTION)) throw streamError(event.slice(EXCEPTION.length), data);
    const start: StreamPart[] = this.#started ? [] : [{ type: 'start' }];
    this.#started = true;
    if (this.#spots === null) return [...start, ...this.#take(data)];
    if (data === '[DONE]') return start;
    return [...start, ...this.#read(firstOf(jsonOf(data)), this.#spots)];
  }

  get finished(): boolean {
    return this.#finished;
  }

  end(): StreamPart[] {
    if (this.#finished) return [];
    if (!this.#endsByClosing || !this.#started) throw new TruncatedStreamError();
    return this.#finish({}, {});
  }

  get #endsByClosing(): boolean {
    return this.#spots?.whole === undefined;
  }

  #read(body: unknown, spots: EventSpots): StreamPart[] {
    const error = errorWithin(body);
    if (error) throw error;
    const piece = spots.mark !== undefined && valueAt(body, spots.mark) === true ? undefined : textAt(body, spots.piece);
    const whole = spots.whole === undefined ? undefined : valueAt(body, spots.whole);
    const parts = this.#take(piece ?? (this.#said || typeof whole !== 'string' ? '' : whole));
    return typeof whole === 'string' && !this.#finished ? [...parts, ...this.#finish(body, spots)] : parts;
  }

  #take(piece: string): StreamPart[] {
    this.#said ||= piece !== '';
    const parts = textPart(this.#written.push(piece));
    // Nobody says when it is over, and what still comes is not wanted.
    return this.#written.stopped && this.#endsByClosing ? [...parts, ...this.#finish({}, {})] : parts;
  }

  #finish(body: unknown, spots: Partial<EventSpots>): StreamPart[] {
    this.#finished = true;
    const rest = textPart(this.#written.end());
    const finish = finishAt(body, spots);
    const usage = usageAt(body, spots);
    return [
      ...rest,
      { type: 'finish', finish: this.#written.stopped && finish.reason === 'length' ? { reason: 'stop' } : finish },
      ...(usage === undefined ? [] : [{ type: 'usage' as const, usage }]),
    ];
  }
}

function textPart(text: string): StreamPart[] {
  return text === '' ? [] : [{ type: 'text_delta', text }];
}

/** One text was asked for; some answer with a list of it. */
function firstOf(body: unknown): unknown {
  return Array.isArray(body) ? (body as unknown[])[0] : body;
}

/** @throws {MalformedAnswerError} */
function jsonOf(data: string): JsonObject | unknown[] {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch (error) {
    throw new MalformedAnswerError('The provider sent an event that is no JSON.', /^\s*[{[]/.test(data) ? 'json' : 'shape', error);
  }
  if (isObject(body) || Array.isArray(body)) return body;
  throw new MalformedAnswerError('The provider sent an event that is no object.', 'shape');
}
