import type { Answer } from '../../../core/answer.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { errorWithin } from '../errors.ts';
import type { ConverseReader } from './reader.ts';

/**
 * Reads a whole answer: it is told as the events of its stream, and these are folded.
 *
 * @throws {ProviderError} when the body is an error in spite of its status
 * @throws {MalformedAnswerError} when it is no answer
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html (2026-11-26)
 */
export function readAnswer(body: unknown, reader: ConverseReader): Answer {
  if (!isObject(body)) throw new MalformedAnswerError('Bedrock answered with something other than a JSON object.', 'shape');
  const error = errorWithin(body);
  if (error) throw error;
  const message = isObject(body['output']) ? body['output']['message'] : undefined;
  if (!isObject(message)) throw new MalformedAnswerError('Bedrock answered without a message.', 'shape');
  return foldStream([...eventsOf(body, message)].flatMap(([event, payload]) => reader.read(event, payload)));
}

type Told = readonly [event: string, payload: JsonObject];

function* eventsOf(body: JsonObject, message: JsonObject): Generator<Told, void, void> {
  yield ['messageStart', {}];
  for (const [index, block] of listOf(message['content']).entries()) {
    const told = (delta: JsonObject): Told => ['contentBlockDelta', { contentBlockIndex: index, delta }];
    const start = startOf(block);
    if (start) yield ['contentBlockStart', { contentBlockIndex: index, start }];
    for (const delta of deltasOf(block)) yield told(delta);
    yield ['contentBlockStop', { contentBlockIndex: index }];
  }
  yield ['messageStop', body];
  yield ['metadata', body];
}

function startOf({ toolUse, toolResult }: JsonObject): JsonObject | null {
  if (isObject(toolUse)) {
    const { input: _, ...start } = toolUse;
    return { toolUse: start };
  }
  return isObject(toolResult) ? { toolResult } : null;
}

function deltasOf(block: JsonObject): JsonObject[] {
  const { reasoningContent: thought, citationsContent: cited, toolUse, toolResult } = block;
  if (isObject(thought)) return [{ reasoningContent: isObject(thought['reasoningText']) ? thought['reasoningText'] : thought }];
  if (isObject(cited)) {
    const texts = listOf(cited['content']).map((content) => ({ text: wordOf(content['text']) }));
    return [...texts, ...listOf(cited['citations']).map((citation) => ({ citation }))];
  }
  return isObject(toolUse) ? [{ toolUse }] : isObject(toolResult) ? [] : [block];
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
