import { isObject, type JsonObject } from '../../../core/json-object.ts';

/**
 * The probabilities of a chat answer in the older form of completions: parallel lists.
 *
 * @param logprobs of a chat: `{content: [{token, logprob, top_logprobs}]}`
 * @param offset of the first token in the text
 * @returns null when there are none
 * @see https://platform.openai.com/docs/api-reference/completions/object (read 2026-11-26)
 */
export function completionLogprobs(logprobs: unknown, offset: number): JsonObject | null {
  const content = isObject(logprobs) ? logprobs['content'] : undefined;
  if (!Array.isArray(content)) return null;
  const entries = content.filter(isObject);
  let at = offset;
  const offsets = entries.map(({ token }) => {
    const start = at;
    at += typeof token === 'string' ? token.length : 0;
    return start;
  });
  return {
    tokens: entries.map(({ token }) => token),
    token_logprobs: entries.map(({ logprob }) => logprob),
    top_logprobs: entries.map(({ top_logprobs: top }) => candidatesOf(top)),
    text_offset: offsets,
  };
}

function candidatesOf(top: unknown): JsonObject | null {
  if (!Array.isArray(top) || top.length === 0) return null;
  return Object.fromEntries(top.filter(isObject).flatMap(({ token, logprob }) => (typeof token === 'string' ? [[token, logprob]] : [])));
}
