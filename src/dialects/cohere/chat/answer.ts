import type { Answer } from '../../../core/answer.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { errorWithin } from '../errors.ts';
import type { ChatReader } from './reader.ts';

/**
 * Reads a whole answer: it is told as the events of its stream, and these are folded.
 *
 * @throws {ProviderError} when the body is an error in spite of its status, or an answer that failed
 * @throws {MalformedAnswerError} when it is no answer
 */
export function readAnswer(body: unknown, reader: ChatReader): Answer {
  if (!isObject(body)) throw new MalformedAnswerError('Cohere answered with something other than a JSON object.', 'shape');
  const error = errorWithin(body);
  if (error) throw error;
  const { message } = body;
  if (!isObject(message)) throw new MalformedAnswerError('Cohere answered without a message.', 'shape');
  return foldStream([...eventsOf(body, message)].flatMap((event) => reader.read(event)));
}

function* eventsOf(body: JsonObject, message: JsonObject): Generator<JsonObject, void, void> {
  const content = listOf(message['content']);
  yield { type: 'message-start', id: body['id'] };
  yield* blocksOf(content, (block) => block['type'] === 'thinking');
  yield event('tool-plan-delta', undefined, { tool_plan: message['tool_plan'] });
  yield* blocksOf(content, (block) => block['type'] !== 'thinking');
  for (const item of listOf(body['logprobs'])) yield { type: 'content-delta', logprobs: item };
  for (const [index, call] of listOf(message['tool_calls']).entries()) yield event('tool-call-start', index, { tool_calls: call });
  for (const citation of listOf(message['citations'])) yield event('citation-start', undefined, { citations: citation });
  yield { type: 'message-end', delta: body };
}

/** Blocks keep their place in the content, by which citations know them. */
function* blocksOf(content: readonly JsonObject[], wanted: (block: JsonObject) => boolean): Generator<JsonObject, void, void> {
  for (const [index, block] of content.entries()) if (wanted(block)) yield event('content-start', index, { content: block });
}

function event(type: string, index: number | undefined, message: JsonObject): JsonObject {
  return { type, index, delta: { message } };
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
