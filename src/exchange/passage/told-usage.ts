import type { StreamPart } from '../../core/answer.ts';
import type { StreamEvent, StreamReader } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { usageOf as anthropicUsage } from '../../dialects/anthropic/usage.ts';
import { usageOf as bedrockUsage } from '../../dialects/bedrock/usage.ts';
import { metaUsageOf, usageOf as cohereUsage } from '../../dialects/cohere/usage.ts';
import { usageOf as geminiUsage } from '../../dialects/gemini/usage.ts';
import { readUsage } from '../../dialects/openai/usage.ts';

type Headers = Readonly<Record<string, string>>;

/** The usage that a whole answer, or one event of a stream, tells in any of the forms that providers have; null: none. */
export function usageIn(value: unknown, headers: Headers = {}): Usage | null {
  if (Array.isArray(value)) return value.reduce<Usage | null>((last, each) => usageIn(each) ?? last, null);
  if (!isObject(value)) return null;
  return toldBy(value) ?? invokedTokens(headers['x-amzn-bedrock-input-token-count'], headers['x-amzn-bedrock-output-token-count']);
}

function toldBy(value: JsonObject): Usage | null {
  const { usage, response, delta, usageMetadata, meta, predictions, bytes } = value;
  if (isObject(usage)) return (value['type'] === 'message' ? anthropicUsage(usage) : usageObject(usage)) ?? null;
  // Where the last event of a stream tells it: Responses, Cohere.
  for (const inner of [response, delta]) if (isObject(inner) && isObject(inner['usage'])) return usageObject(inner['usage']);
  if (isObject(usageMetadata)) return geminiUsage(usageMetadata) ?? null;
  if (isObject(meta)) return metaUsageOf(meta) ?? searchUnits(meta);
  if (Array.isArray(predictions)) return predicted(predictions);
  const metrics = value['amazon-bedrock-invocationMetrics'];
  if (isObject(metrics)) return invokedMetrics(metrics);
  return typeof bytes === 'string' ? usageInBytes(bytes) : null;
}

function usageObject(usage: JsonObject): Usage | null {
  const read = 'inputTokens' in usage ? bedrockUsage : 'tokens' in usage || 'billed_units' in usage ? cohereUsage : readUsage;
  return read(usage) ?? null;
}

/** Of Cohere's rerank. */
function searchUnits({ billed_units: units }: JsonObject): Usage | null {
  const searched = isObject(units) ? units['search_units'] : null;
  return isTokenCount(searched) ? { inputTokens: 0, outputTokens: 0, searchUnits: searched, raw: units } : null;
}

/** Of Vertex's predictions: the pictures of Imagen, the tokens of text embeddings. */
function predicted(predictions: readonly unknown[]): Usage | null {
  const images = predictions.filter((each) => isObject(each) && (each['bytesBase64Encoded'] ?? each['gcsUri']) !== undefined).length;
  return images > 0 ? { inputTokens: 0, outputTokens: 0, images } : predictedTokens(predictions);
}

function predictedTokens(predictions: readonly unknown[]): Usage | null {
  let tokens: number | null = null;
  for (const prediction of predictions) {
    const embeddings = isObject(prediction) ? prediction['embeddings'] : null;
    const statistics = isObject(embeddings) ? embeddings['statistics'] : null;
    const counted = isObject(statistics) ? statistics['token_count'] : null;
    if (isTokenCount(counted)) tokens = (tokens ?? 0) + counted;
  }
  return tokens === null ? null : { inputTokens: tokens, outputTokens: 0 };
}

/** What Bedrock says of an InvokeModel call, whatever the model's own words are. */
function invokedTokens(input: unknown, output: unknown): Usage | null {
  const [inputTokens, outputTokens] = [Number(input ?? Number.NaN), Number(output ?? 0)];
  return isTokenCount(inputTokens) && isTokenCount(outputTokens) ? { inputTokens, outputTokens } : null;
}

/** The same at the end of a stream, where the cache's part is told apart. */
function invokedMetrics(metrics: JsonObject): Usage | null {
  const usage = invokedTokens(metrics['inputTokenCount'], metrics['outputTokenCount']);
  const [read, written] = [metrics['cacheReadInputTokenCount'], metrics['cacheWriteInputTokenCount']].map((count) =>
    isTokenCount(count) ? count : 0,
  );
  if (usage === null || (!read && !written)) return usage;
  return {
    ...usage,
    inputTokens: usage.inputTokens + (read ?? 0) + (written ?? 0),
    cacheReadTokens: read ?? 0,
    cacheWriteTokens: written ?? 0,
  };
}

/** A piece of an InvokeModel stream: an event of the model's own, in base64. */
function usageInBytes(bytes: string): Usage | null {
  const event = parsed(Buffer.from(bytes, 'base64').toString('utf8'));
  return isObject(event) && !('bytes' in event) ? toldBy(event) : null;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Keeps of a stream what its events tell of usage, the last of each. */
export class UsageReader implements StreamReader {
  readonly finished = false;

  push({ data }: StreamEvent): StreamPart[] {
    // Most events tell none, and a search is cheaper than a parse.
    const usage = TELLING.test(data) ? usageIn(parsed(data)) : null;
    return usage === null ? [] : [{ type: 'usage', usage }];
  }

  end(): StreamPart[] {
    return [];
  }
}

const TELLING = /"(?:usage|usageMetadata|meta|bytes|amazon-bedrock-invocationMetrics)"/;
