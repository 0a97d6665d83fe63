import type { JsonObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';

/** `usageMetadata`: thoughts stand beside the candidates, and each kind of input by itself. @see https://ai.google.dev/api/generate-content#UsageMetadata (2026-11-26) */
export function writeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cacheReadTokens, reasoningTokens } = usage;
  return {
    promptTokenCount: inputTokens,
    ...(cacheReadTokens === undefined ? {} : { cachedContentTokenCount: cacheReadTokens }),
    candidatesTokenCount: Math.max(0, outputTokens - (reasoningTokens ?? 0)),
    ...(reasoningTokens === undefined ? {} : { thoughtsTokenCount: reasoningTokens }),
    totalTokenCount: inputTokens + outputTokens,
    promptTokensDetails: detailsOf(inputTokens, [
      ['AUDIO', usage.audioInputTokens],
      ['IMAGE', usage.imageInputTokens],
      ['VIDEO', usage.videoInputTokens],
    ]),
    ...madeMedia(usage),
  };
}

/** Tokens by what they stand for; what is left over was text. */
export function detailsOf(total: number, others: readonly (readonly [string, number | undefined])[] = []): JsonObject[] {
  const told = others.flatMap(([modality, tokenCount = 0]) => (tokenCount > 0 ? [{ modality, tokenCount }] : []));
  const text = total - told.reduce((sum, { tokenCount }) => sum + tokenCount, 0);
  return text > 0 ? [{ modality: 'TEXT', tokenCount: text }, ...told] : told;
}

function madeMedia({ outputTokens, reasoningTokens = 0, audioOutputTokens = 0, imageOutputTokens = 0 }: Usage): JsonObject {
  if (audioOutputTokens === 0 && imageOutputTokens === 0) return {};
  const details = detailsOf(outputTokens - reasoningTokens, [
    ['AUDIO', audioOutputTokens],
    ['IMAGE', imageOutputTokens],
  ]);
  return { candidatesTokensDetails: details };
}
