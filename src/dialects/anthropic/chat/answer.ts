import type { Answer } from '../../../core/answer.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import { isObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { errorWithin } from '../errors.ts';
import { answerEnd, answerStart } from './answer-frame.ts';
import { openBlock, type AnswerState } from './open-block.ts';

/**
 * Reads a whole message: the same steps as a stream of it, folded.
 *
 * @throws {ProviderError} when the body is an error in spite of its status
 * @throws {MalformedAnswerError} when it is no message
 */
export function readAnswer(body: unknown, state: AnswerState): Answer {
  if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something that is not a message.', 'shape');
  const error = errorWithin(body);
  if (error) throw error;
  const { content, usage } = body;
  if (!Array.isArray(content)) throw new MalformedAnswerError('The provider answered without content.', 'shape');
  const parts = content.filter(isObject).flatMap((raw) => {
    const block = openBlock(raw, state);
    return block.open().concat(block.close());
  });
  return foldStream([answerStart(body), ...parts, ...answerEnd(body, usage, state)]);
}
