import type { Answer, StreamPart } from '../../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../../core/dialect.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, TruncatedStreamError } from '../../../core/provider-error.ts';
import { finishOf } from '../chat/finish-reason.ts';
import { errorInside } from '../errors.ts';
import { readUsage } from '../usage.ts';

/** Reads a completion that passes to the client as it is, for its bill. @throws {ProviderError} */
export function readCompletion(body: unknown): Answer {
  return foldStream(partsOf(body));
}

/** The same of a stream. Pure: events in, parts out. */
export class CompletionStreamReader implements StreamReader {
  #finished = false;
  /** Every choice that began has said why it ended. */
  readonly #open = new Set<number>();
  #begun = false;

  push({ data }: StreamEvent): StreamPart[] {
    if (this.#finished) return [];
    if (data === '[DONE]') {
      this.#finished = true;
      return [];
    }
    const parts = partsOf(jsonOf(data));
    for (const part of parts) this.#see(part);
    return parts;
  }

  get finished(): boolean {
    return this.#finished;
  }

  end(): StreamPart[] {
    if (!this.#finished && !(this.#begun && this.#open.size === 0)) throw new TruncatedStreamError();
    return [];
  }

  #see(part: StreamPart): void {
    if (part.type === 'finish') this.#open.delete(part.choice ?? 0);
    else if (part.type === 'text_delta') {
      this.#begun = true;
      this.#open.add(part.choice ?? 0);
    }
  }
}

function partsOf(body: unknown): StreamPart[] {
  if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  const error = errorInside(body);
  if (error) throw error;
  if (!Array.isArray(body['choices'])) throw new MalformedAnswerError('The answer has no choices.', 'shape');
  const usage = readUsage(body['usage'], body['service_tier']);
  return [...body['choices'].filter(isObject).flatMap(choiceParts), ...(usage ? [{ type: 'usage', usage } as const] : [])];
}

function choiceParts({ text, index, finish_reason: reason }: JsonObject): StreamPart[] {
  const choice = typeof index === 'number' ? index : 0;
  return [
    { type: 'text_delta', choice, text: typeof text === 'string' ? text : '' },
    ...(typeof reason === 'string' && reason !== '' ? [{ type: 'finish', choice, finish: finishOf(reason, false) } as const] : []),
  ];
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new MalformedAnswerError('The provider sent an event that is no JSON.', /^\s*[{[]/.test(data) ? 'json' : 'shape', error);
  }
}
