import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { readUsage } from '../usage.ts';

/**
 * Makes a provider's usage object add up the way clients expect (data-plane 9.4): reasoning inside the completion, the
 * total as the sum, cached tokens where OpenAI has them. Changes the object in place and keeps everything else.
 *
 * @returns whether anything had to change
 */
export function mendUsage(raw: unknown): boolean {
  const usage = readUsage(raw);
  if (!usage || !isObject(raw)) return false;
  const wanted = {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  const isWrong = Object.entries(wanted).some(([name, value]) => raw[name] !== value);
  if (isWrong) Object.assign(raw, wanted);
  return mendCached(raw, usage.cacheReadTokens) || isWrong;
}

function mendCached(raw: JsonObject, cached: number | undefined): boolean {
  const known = raw['prompt_tokens_details'];
  const details = isObject(known) ? known : {};
  if (cached === undefined || typeof details['cached_tokens'] === 'number') return false;
  raw['prompt_tokens_details'] = { ...details, cached_tokens: cached };
  return true;
}
