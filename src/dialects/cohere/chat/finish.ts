import type { Finish } from '../../../core/answer.ts';
import type { FinishReason } from '../../../core/parts.ts';
import type { ProviderError } from '../../../core/provider-error.ts';
import { brokenOff } from '../errors.ts';

/** The last two are words of version 1, which servers in Cohere's dress still say. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: 'length',
  ERROR_LIMIT: 'length',
  ERROR_TOXIC: 'content_filter',
};

/** Words that are no end but a failure, and the status each means. */
const FAILURES: Readonly<Record<string, number>> = { ERROR: 500, TIMEOUT: 504 };

/**
 * Why the model stopped. Words for a plain stop (`COMPLETE`, `STOP_SEQUENCE`, `TOOL_CALL`, new ones) mean `tool_calls` when
 * there are some.
 *
 * @param word `null` when the provider gave none
 * @see https://docs.cohere.com/reference/chat#response.body.finish_reason (read 2026-11-26)
 */
export function finishOf(word: string | null, calls: number): Finish {
  const reason = REASONS[word?.toUpperCase() ?? ''] ?? (calls > 0 ? 'tool_calls' : 'stop');
  return { reason, ...(word === null ? {} : { native: word }) };
}

/** The failure that the word for the end means; null for a good end. @param told Cohere's own words for it */
export function failedEnd(word: string | null, told: string): ProviderError | null {
  const status = FAILURES[word?.toUpperCase() ?? ''];
  return status === undefined ? null : brokenOff(told || `Cohere ended the answer with ${word}.`, status);
}
