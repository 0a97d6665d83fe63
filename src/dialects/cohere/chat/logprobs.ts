import { isObject, wordOf } from '../../../core/json-object.ts';

/**
 * OpenAI's `logprobs` object from one of Cohere's items: a piece of text, and the log probability of each token in it.
 * The texts of single tokens are not told, so a piece is one entry and its logarithms are added up, which is the
 * probability of the piece.
 *
 * @returns `undefined` for something that is no such item
 */
export function logprobsOf(item: unknown): unknown {
  if (!isObject(item) || !Array.isArray(item['logprobs'])) return undefined;
  const numbers = item['logprobs'].filter((value): value is number => typeof value === 'number');
  const logprob = numbers.reduce((sum, value) => sum + value, 0);
  return { content: [{ token: wordOf(item['text']), logprob, bytes: null, top_logprobs: [] }] };
}
