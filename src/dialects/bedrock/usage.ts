import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';

/**
 * Reads the `usage` of Converse. `inputTokens` leaves the cache out, so the parts are added up.
 *
 * @param tier the answer's `serviceTier`
 * @returns `undefined` when nothing was counted, or with numbers that can be no counts
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html (2026-11-26)
 */
export function usageOf(raw: unknown, tier: unknown = null): Usage | undefined {
  if (!isObject(raw)) return undefined;
  const { inputTokens: input, outputTokens: output, cacheReadInputTokens: read, cacheWriteInputTokens: write } = raw;
  if (isOddlyCounted(input, output, read, write) || (!isTokenCount(input) && !isTokenCount(output))) return undefined;
  const hour = Math.min(hourlyIn(raw['cacheDetails']), numberOf(write));
  const short = numberOf(write) - hour;
  const served = isObject(tier) ? tier['type'] : undefined;
  return {
    inputTokens: numberOf(input) + numberOf(read) + numberOf(write),
    outputTokens: numberOf(output),
    ...(numberOf(read) > 0 ? { cacheReadTokens: numberOf(read) } : {}),
    ...(short > 0 ? { cacheWriteTokens: short } : {}),
    ...(hour > 0 ? { cacheWriteHourTokens: hour } : {}),
    ...(typeof served === 'string' ? { serviceTier: served } : {}),
    raw,
  };
}

/** Tokens written to a cache that lives an hour. */
function hourlyIn(details: unknown): number {
  const entries: JsonObject[] = Array.isArray(details) ? details.filter(isObject) : [];
  return entries.reduce((sum, { ttl, inputTokens }) => sum + (ttl === '1h' ? numberOf(inputTokens) : 0), 0);
}

function numberOf(value: unknown): number {
  return isTokenCount(value) ? value : 0;
}
