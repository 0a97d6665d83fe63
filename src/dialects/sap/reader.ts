import type { Answer, StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { sealed } from '../marked-proof.ts';
import { isHollow } from '../openai/chat/read-delta.ts';
import { ChatStreamReader } from '../openai/chat/stream-reader.ts';
import { errorWithin } from './errors.ts';

/** Whose signatures these are: they hold towards the models behind SAP. */
export const ORIGIN = 'sap';

/**
 * Reads a stream of `/v2/completion`: each frame has OpenAI's chunk as its `final_result`, or tells of a module alone. Pure.
 *
 * @see https://help.sap.com/docs/sap-ai-core/generative-ai/streaming (2026-11-26)
 */
export class SapStreamReader implements StreamReader {
  readonly #chunks = new ChatStreamReader();

  push(event: StreamEvent): StreamPart[] {
    const data = event.data.trim();
    if (data === '' || data === '[DONE]') return this.#chunks.push(event);
    return this.read(parsed(data));
  }

  /** @param frame parsed JSON of an event, or of a whole answer. @throws {ProviderError} which it reports */
  read(frame: unknown): StreamPart[] {
    if (!isObject(frame)) throw new MalformedAnswerError('SAP sent a stream event that is not a JSON object.', 'shape');
    const error = errorWithin(frame);
    if (error) throw error;
    const result = frame['final_result'];
    return isObject(result) && !tellsNothing(result) ? this.#chunks.push({ event: null, data: JSON.stringify(chunkOf(result)) }) : [];
  }

  get finished(): boolean {
    return this.#chunks.finished;
  }

  end(): StreamPart[] {
    return this.#chunks.end();
  }
}

/**
 * Reads a whole answer: it is the one chunk of a stream that says everything.
 *
 * @throws {ProviderError} when the body is an error in disguise
 * @throws {MalformedAnswerError} when it is no answer
 */
export function readAnswer(body: unknown): Answer {
  const reader = new SapStreamReader();
  const parts = reader.read(body);
  const result = isObject(body) ? body['final_result'] : null;
  if (!isObject(result) || !Array.isArray(result['choices'])) throw new MalformedAnswerError('The answer has no final_result.', 'shape');
  return foldStream([...parts, ...reader.push({ event: null, data: '[DONE]' })]);
}

/** The frame is about a module before the model: its chunk has all members and nothing in them. */
function tellsNothing({ id, model, choices, usage }: JsonObject): boolean {
  if (wordOf(id) !== '' || wordOf(model) !== '' || isObject(usage) || !Array.isArray(choices)) return false;
  return choices.every((choice) => isObject(choice) && isObject(choice['delta']) && isHollow(choice['delta']));
}

/** The chunk as OpenAI would write it: thoughts as blocks with a mark of their origin, sources where search engines list theirs. */
function chunkOf(result: JsonObject): JsonObject {
  const choices: unknown[] = Array.isArray(result['choices']) ? result['choices'] : [];
  const { citations, ...rest } = result;
  return { ...rest, choices: choices.map(choiceOf), ...(Array.isArray(citations) ? { search_results: citations } : {}) };
}

function choiceOf(choice: unknown): unknown {
  if (!isObject(choice)) return choice;
  const { delta, message } = choice;
  return {
    ...choice,
    ...(isObject(delta) ? { delta: spokenOf(delta) } : {}),
    ...(isObject(message) ? { message: spokenOf(message) } : {}),
  };
}

function spokenOf(spoken: JsonObject): JsonObject {
  const thoughts = spoken['reasoning_content'];
  if (!Array.isArray(thoughts)) return spoken;
  const blocks = thoughts.filter(isObject);
  return {
    ...spoken,
    reasoning_content: blocks.map((block) => wordOf(block['content'])).join(''),
    thinking_blocks: blocks.flatMap((block) => {
      const signature = wordOf(block['signature']);
      return signature === '' ? [] : [{ type: 'thinking', thinking: '', signature: sealed(ORIGIN, signature) }];
    }),
  };
}

/** @throws {MalformedAnswerError} */
function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new MalformedAnswerError('SAP sent a stream event that is not JSON.', 'json', cause);
  }
}
