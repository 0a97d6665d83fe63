import { isObject, type JsonObject, wordOf } from '../../core/json-object.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';

const COUNTS = [
  'promptTokenCount',
  'toolUsePromptTokenCount',
  'cachedContentTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
] as const;

/**
 * Reads `usageMetadata`. What Google's own tools read stands apart from the prompt and is added; thoughts stand beside the
 * candidates, unless the total shows that they are inside.
 *
 * @param searches queries that Google searched the web with
 * @returns `undefined` when nothing was counted, or with numbers that can be no counts
 * @see https://ai.google.dev/api/generate-content#UsageMetadata (2026-11-26)
 */
export function usageOf(raw: unknown, searches = 0): Usage | undefined {
  if (!isObject(raw) || isOddlyCounted(...COUNTS.map((name) => raw[name]))) return undefined;
  if (typeof raw['promptTokenCount'] !== 'number' && typeof raw['candidatesTokenCount'] !== 'number') return undefined;
  const inputTokens = count(raw, 'promptTokenCount') + count(raw, 'toolUsePromptTokenCount');
  const outputTokens = outputOf(raw);
  const usage: { -readonly [K in keyof Usage]: Usage[K] } = { inputTokens, outputTokens };
  const tell = (name: CountName, tokens: number, most: number): void => {
    if (tokens > 0 && most > 0) usage[name] = Math.min(tokens, most);
  };
  tell('cacheReadTokens', count(raw, 'cachedContentTokenCount'), inputTokens);
  tell('reasoningTokens', count(raw, 'thoughtsTokenCount'), outputTokens);
  const read = (modality: string): number => ofModality(raw, 'promptTokensDetails', modality);
  tell('audioInputTokens', read('AUDIO'), inputTokens);
  tell('imageInputTokens', read('IMAGE'), inputTokens);
  tell('videoInputTokens', read('VIDEO'), inputTokens);
  const cached = (modality: string): number => ofModality(raw, 'cacheTokensDetails', modality);
  tell('cacheReadAudioTokens', cached('AUDIO'), Math.min(usage.cacheReadTokens ?? 0, usage.audioInputTokens ?? 0));
  tell('cacheReadImageTokens', cached('IMAGE'), Math.min(usage.cacheReadTokens ?? 0, usage.imageInputTokens ?? 0));
  const written = (modality: string): number => ofModality(raw, 'candidatesTokensDetails', modality);
  tell('audioOutputTokens', written('AUDIO'), outputTokens);
  tell('imageOutputTokens', written('IMAGE'), outputTokens);
  tell('webSearchRequests', searches, searches);
  const tier = tierOf(raw);
  if (tier !== undefined) usage.serviceTier = tier;
  usage.raw = raw;
  return usage;
}

/** AI Studio says the tier; Vertex AI says how the call came to be served. */
function tierOf({ serviceTier, trafficType }: JsonObject): string | undefined {
  return typeof serviceTier === 'string' ? serviceTier : TIER_OF_TRAFFIC[wordOf(trafficType)];
}

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#traffictype (2026-11-26) */
const TIER_OF_TRAFFIC: Readonly<Record<string, string>> = { ON_DEMAND: 'default', ON_DEMAND_PRIORITY: 'priority', ON_DEMAND_FLEX: 'flex' };

/** Members of a usage that are counts, told only where there is something to count. */
type CountName = Exclude<
  keyof Usage,
  'raw' | 'billed' | 'serviceTier' | 'premiums' | 'reportedCost' | 'webSearchContextSize' | 'imageSize' | 'imageQuality'
>;

function outputOf(raw: JsonObject): number {
  const candidates = count(raw, 'candidatesTokenCount');
  const thoughts = count(raw, 'thoughtsTokenCount');
  const isInside = thoughts > 0 && thoughts <= candidates && count(raw, 'promptTokenCount') + candidates === raw['totalTokenCount'];
  return isInside ? candidates : candidates + thoughts;
}

function ofModality(raw: JsonObject, name: string, modality: string): number {
  const list = Array.isArray(raw[name]) ? raw[name].filter(isObject) : [];
  return list.filter((entry) => entry['modality'] === modality).reduce((sum, entry) => sum + count(entry, 'tokenCount'), 0);
}

function count(raw: JsonObject, name: string): number {
  const value = raw[name];
  return isTokenCount(value) ? value : 0;
}
