import { isObject, type JsonObject } from '../../core/json-object.ts';
import { addUsd, usdOf, usdText } from '../../core/money.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';
import { plainDecimal } from '../plain-decimal.ts';
import { present } from './request-fields.ts';

/**
 * Reads a `usage` object of an OpenAI-shaped answer, with the words that providers use beside OpenAI's: DeepSeek
 * (`prompt_cache_hit_tokens`), Moonshot (`cached_tokens`), Mistral (`num_cached_tokens`), OpenRouter
 * (`cache_write_tokens`, `cost`), xAI (reasoning outside `completion_tokens`, `cost_in_usd_ticks`), Perplexity.
 *
 * @param serviceTier the tier the answer names
 * @returns undefined when nothing was counted, or with numbers that can be no counts: then we count
 */
export function readUsage(raw: unknown, serviceTier?: unknown): Usage | undefined {
  if (!isObject(raw) || isOddlyCounted(raw['prompt_tokens'] ?? raw['input_tokens'], raw['completion_tokens'] ?? raw['output_tokens']))
    return undefined;
  const input = count(raw['prompt_tokens'], raw['input_tokens']) ?? 0;
  const given = count(raw['completion_tokens'], raw['output_tokens']) ?? Math.max(0, (count(raw['total_tokens']) ?? input) - input);
  if (input === 0 && given === 0) return undefined;
  const inside = detailsIn(raw, 'prompt_tokens_details', 'input_tokens_details');
  const outside = detailsIn(raw, 'completion_tokens_details', 'output_tokens_details');
  const reasoningTokens = count(outside['reasoning_tokens'], raw['reasoning_tokens']) ?? 0;
  const reasoningIsApart = reasoningTokens > 0 && count(raw['total_tokens']) === input + given + reasoningTokens;
  const usage: { -readonly [K in keyof Usage]: Usage[K] } = {
    inputTokens: input,
    outputTokens: reasoningIsApart ? given + reasoningTokens : given,
    raw,
  };
  const tell = (name: CountName, tokens: number | undefined): void => {
    if (tokens !== undefined && tokens > 0) usage[name] = tokens;
  };
  tell('reasoningTokens', reasoningTokens);
  tell(
    'cacheReadTokens',
    count(inside['cached_tokens'], raw['prompt_cache_hit_tokens'], raw['cache_read_input_tokens']) ??
      count(raw['cached_tokens'], raw['num_cached_tokens']),
  );
  const written = count(inside['cache_creation_tokens'], inside['cache_write_tokens'], raw['cache_creation_input_tokens']) ?? 0;
  const split = detailsIn(inside, 'cache_creation_token_details');
  const hour = count(split['ephemeral_1h_input_tokens']) ?? 0;
  tell('cacheWriteTokens', count(split['ephemeral_5m_input_tokens']) ?? Math.max(0, written - hour));
  tell('cacheWriteHourTokens', hour);
  tell('audioInputTokens', count(inside['audio_tokens']));
  tell('imageInputTokens', count(inside['image_tokens']));
  tell('audioOutputTokens', count(outside['audio_tokens']));
  tell('imageOutputTokens', count(outside['image_tokens']));
  tell('acceptedPredictionTokens', count(outside['accepted_prediction_tokens']));
  tell('rejectedPredictionTokens', count(outside['rejected_prediction_tokens']));
  tell('webSearchRequests', count(detailsIn(raw, 'server_tool_use')['web_search_requests'], raw['num_search_queries']));
  if (typeof serviceTier === 'string') usage.serviceTier = serviceTier;
  const cost = reportedCost(raw);
  if (cost !== undefined) usage.reportedCost = cost;
  return usage;
}

/** Members of a usage that are counts, told only where there is something to count. */
type CountName = Exclude<
  keyof Usage,
  'raw' | 'billed' | 'serviceTier' | 'premiums' | 'reportedCost' | 'webSearchContextSize' | 'imageSize' | 'imageQuality'
>;

/** A call that is said to cost more US dollars was not priced, it was garbled. */
const DEAREST_CALL = 100_000;

/**
 * US dollars as decimal text: `cost` (a number, or Perplexity's object), or xAI's ticks of 1e-10 USD. Of a call that OpenRouter made
 * with a key of the owner's own, `cost` is OpenRouter's fee alone, and what the model's provider bills stands beside it.
 *
 * @see https://openrouter.ai/docs/guides/overview/auth/byok (2026-11-27)
 */
export function reportedCost(raw: JsonObject): string | undefined {
  const cost = isObject(raw['cost']) ? raw['cost']['total_cost'] : raw['cost'];
  const ticks = raw['cost_in_usd_ticks'];
  const own = plainDecimal(cost) ?? (Number.isInteger(ticks) ? plainDecimal(`${String(ticks)}e-10`) : undefined);
  const upstream = raw['is_byok'] === true ? plainDecimal(detailsIn(raw, 'cost_details')['upstream_inference_cost']) : undefined;
  const dollars = own === undefined || upstream === undefined ? own : usdText(addUsd(usdOf(own), usdOf(upstream)));
  return Number(dollars) <= DEAREST_CALL ? dollars : undefined;
}

const NOTHING: JsonObject = {};

function detailsIn(raw: JsonObject, name: string, otherName = name): JsonObject {
  const value = raw[name];
  if (isObject(value)) return value;
  const other = raw[otherName];
  return isObject(other) ? other : NOTHING;
}

/** The first of the values that is a count. */
function count(first: unknown, second?: unknown, third?: unknown): number | undefined {
  if (isTokenCount(first)) return first;
  if (isTokenCount(second)) return second;
  return isTokenCount(third) ? third : undefined;
}

/** The `usage` object that clients get (data-plane 9.4): cached and reasoning parts inside their totals, which add up. */
export function writeUsage(usage: Usage): JsonObject {
  const written = usage.cacheWriteTokens ?? 0;
  const writtenHour = usage.cacheWriteHourTokens ?? 0;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      audio_tokens: usage.audioInputTokens ?? 0,
      text_tokens: null,
      image_tokens: usage.imageInputTokens ?? null,
      cache_creation_tokens: written + writtenHour,
      cache_creation_token_details: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: writtenHour },
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      audio_tokens: usage.audioOutputTokens ?? 0,
      accepted_prediction_tokens: usage.acceptedPredictionTokens ?? 0,
      rejected_prediction_tokens: usage.rejectedPredictionTokens ?? 0,
      text_tokens: null,
      ...present({ image_tokens: usage.imageOutputTokens }),
    },
    cache_creation_input_tokens: written + writtenHour,
    cache_read_input_tokens: usage.cacheReadTokens ?? 0,
    ...(usage.webSearchRequests === undefined ? {} : { server_tool_use: { web_search_requests: usage.webSearchRequests } }),
  };
}
