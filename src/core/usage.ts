/**
 * What a call used, as the provider counted it. Parts are included in their total, everywhere.
 */
export interface Usage {
  /** Everything the model read: plain, cached and freshly written to the cache. */
  readonly inputTokens: number;
  /** Everything the model wrote, reasoning included. */
  readonly outputTokens: number;
  /** Part of `inputTokens` read from the provider's cache. */
  readonly cacheReadTokens?: number;
  /** Part of `inputTokens` written to a cache that lives five minutes (or has no stated life). */
  readonly cacheWriteTokens?: number;
  /** Part of `inputTokens` written to a cache that lives one hour. */
  readonly cacheWriteHourTokens?: number;
  readonly audioInputTokens?: number;
  readonly imageInputTokens?: number;
  readonly videoInputTokens?: number;
  /** Part of `cacheReadTokens` that was audio (also counted in `audioInputTokens`). */
  readonly cacheReadAudioTokens?: number;
  /** Part of `cacheReadTokens` that was images (also counted in `imageInputTokens`). */
  readonly cacheReadImageTokens?: number;
  /** Part of `outputTokens` spent on reasoning. */
  readonly reasoningTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Parts of `outputTokens` that were predicted by the caller (OpenAI predicted outputs). */
  readonly acceptedPredictionTokens?: number;
  readonly rejectedPredictionTokens?: number;
  readonly webSearchRequests?: number;
  /** Searches in files that the provider keeps. */
  readonly fileSearches?: number;
  /** Sandboxes in which the provider ran what the model wrote. */
  readonly codeSessions?: number;
  /** `low`, `medium` or `high`, as the client asked; absent means the provider's default. */
  readonly webSearchContextSize?: string;
  /** Audio length, for calls that are priced by time. */
  readonly seconds?: number;
  /** Characters of the text to speak. */
  readonly characters?: number;
  /** Images made. */
  readonly images?: number;
  /** Pixels of all images made together. */
  readonly imagePixels?: number;
  /** Width and height of an image as `1024x1792`, and the word for its quality: some prices depend on them. */
  readonly imageSize?: string;
  readonly imageQuality?: string;
  /** Search units of a rerank call. */
  readonly searchUnits?: number;
  /** Tier that served the call, from the answer: `flex`, `priority`, `batch`, `default` ... */
  readonly serviceTier?: string;
  /** The provider's words for what made the call dearer, where its price tells by how much: `fast`, `us`. */
  readonly premiums?: readonly string[];
  /** What is paid for, where the provider tells that apart from what was used: its prices are multiplied with these. */
  readonly billed?: { readonly inputTokens: number; readonly outputTokens: number };
  /** What the provider itself says the call cost, US dollars as decimal text. */
  readonly reportedCost?: string;
  /** The usage object exactly as the provider sent it, for the explanation in the spend row. */
  readonly raw?: unknown;
}

/** More tokens than any model reads or writes in one call. */
const MOST_TOKENS = 1_000_000_000;

/** Whether a number that a provider told can be a count of tokens: whole, not negative, and not beyond any model. */
export function isTokenCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS;
}

/**
 * Whether one of the numbers that a provider told can be no count. Its usage is then no usage: what was used is counted
 * here, so that a provider's slip never becomes a bill. A number that is absent or `null` was not told.
 */
export function isOddlyCounted(...told: readonly unknown[]): boolean {
  return told.some((value) => value !== undefined && value !== null && !isTokenCount(value));
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** Counts that add up when several requests are one call. */
const SUMMED = [
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWriteHourTokens',
  'audioInputTokens',
  'imageInputTokens',
  'videoInputTokens',
  'cacheReadAudioTokens',
  'cacheReadImageTokens',
  'reasoningTokens',
  'audioOutputTokens',
  'imageOutputTokens',
  'webSearchRequests',
  'fileSearches',
  'codeSessions',
  'seconds',
  'characters',
  'images',
  'imagePixels',
  'searchUnits',
] as const satisfies readonly (keyof Usage)[];

/** What several requests used together; counts that are 0 are left out. */
export function usageOfAll(usages: readonly Usage[]): Usage {
  const sumOf = (count: (usage: Usage) => number | undefined): number => usages.reduce((sum, usage) => sum + (count(usage) ?? 0), 0);
  const parts = SUMMED.map((name) => [name, sumOf((usage) => usage[name])] as const).filter(([, sum]) => sum > 0);
  return {
    inputTokens: sumOf(({ inputTokens }) => inputTokens),
    outputTokens: sumOf(({ outputTokens }) => outputTokens),
    ...Object.fromEntries(parts),
    raw: usages.map(({ raw }) => raw),
  };
}
