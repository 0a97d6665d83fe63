import { isObject } from '../../core/json-object.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';

/**
 * Reads the `usage` of an answer. `prompt_tokens` leaves out what came from the cache, which costs nothing.
 *
 * @returns `undefined` when nothing was counted, or with numbers that can be no counts
 * @see https://developers.sber.ru/docs/ru/gigachat/guides/counting-tokens (2026-11-26)
 */
export function usageOf(raw: unknown): Usage | undefined {
  if (!isObject(raw)) return undefined;
  const { prompt_tokens: prompt, completion_tokens: completion, precached_prompt_tokens: precached } = raw;
  if (isOddlyCounted(prompt, completion, precached) || (!isTokenCount(prompt) && !isTokenCount(completion))) return undefined;
  const [paid, cached, outputTokens] = [countOf(prompt), countOf(precached), countOf(completion)];
  return {
    inputTokens: paid + cached,
    outputTokens,
    ...(cached === 0 ? {} : { cacheReadTokens: cached, billed: { inputTokens: paid, outputTokens } }),
    raw,
  };
}

function countOf(value: unknown): number {
  return isTokenCount(value) ? value : 0;
}
