import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';

/**
 * Reads the `usage` of a chat answer. `tokens` is what the model read and wrote, Cohere's own preamble and templates
 * included; `billed_units` is what is paid for. Of the two, `tokens` are the counts and `billed_units` the bill.
 *
 * @returns `undefined` when nothing was counted, or with numbers that can be no counts
 * @see https://docs.cohere.com/reference/chat#response.body.usage (read 2026-11-26)
 */
export function usageOf(raw: unknown): Usage | undefined {
  if (!isObject(raw)) return undefined;
  const tokens = pairOf(raw['tokens']);
  const billed = pairOf(raw['billed_units']);
  const cached = raw['cached_tokens'];
  if (isOddlyCounted(tokens?.input, tokens?.output, billed?.input, billed?.output, cached)) return undefined;
  const counted = tokens ?? billed;
  if (counted === null) return undefined;
  const inputTokens = numberOf(counted.input);
  const cacheReadTokens = Math.min(numberOf(cached), inputTokens);
  return {
    inputTokens,
    outputTokens: numberOf(counted.output),
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(billed === null ? {} : { billed: { inputTokens: numberOf(billed.input), outputTokens: numberOf(billed.output) } }),
    raw,
  };
}

/**
 * Reads the `meta` of an answer that has no text: embeddings.
 *
 * @returns `undefined` as {@link usageOf}
 */
export function metaUsageOf(meta: unknown): Usage | undefined {
  const units: JsonObject = isObject(meta) && isObject(meta['billed_units']) ? meta['billed_units'] : {};
  const { input_tokens: input, image_tokens: image } = units;
  if (isOddlyCounted(input, image) || (!isTokenCount(input) && !isTokenCount(image))) return undefined;
  const imageInputTokens = numberOf(image);
  return {
    inputTokens: numberOf(input) + imageInputTokens,
    outputTokens: 0,
    ...(imageInputTokens > 0 ? { imageInputTokens } : {}),
    raw: units,
  };
}

interface Pair {
  readonly input: unknown;
  readonly output: unknown;
}

/** Null when neither was told. */
function pairOf(value: unknown): Pair | null {
  if (!isObject(value)) return null;
  const { input_tokens: input, output_tokens: output } = value;
  return (input ?? output ?? null) === null ? null : { input, output };
}

function numberOf(value: unknown): number {
  return isTokenCount(value) ? value : 0;
}
