import { isObject, type JsonObject } from '../../core/json-object.ts';

/**
 * Oracle's counts under OpenAI's names. Where the output is not told it is what the total leaves, which is what Gemini does
 * when all of it was thought.
 *
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/Usage (2026-11-26)
 */
export function openaiUsage(raw: unknown): JsonObject | undefined {
  if (!isObject(raw)) return undefined;
  const inside = isObject(raw['promptTokensDetails']) ? raw['promptTokensDetails'] : {};
  const outside = isObject(raw['completionTokensDetails']) ? raw['completionTokensDetails'] : {};
  return {
    prompt_tokens: raw['promptTokens'] ?? raw['inputTokens'],
    completion_tokens: raw['completionTokens'] ?? raw['outputTokens'],
    total_tokens: raw['totalTokens'],
    prompt_tokens_details: { cached_tokens: inside['cachedTokens'] },
    completion_tokens_details: {
      reasoning_tokens: outside['reasoningTokens'],
      accepted_prediction_tokens: outside['acceptedPredictionTokens'],
      rejected_prediction_tokens: outside['rejectedPredictionTokens'],
    },
  };
}
