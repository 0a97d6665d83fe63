import { isObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';
import { readUsage } from '../usage.ts';

/** Nobody sends more than a week of audio: what tells more tells nonsense. */
export const MOST_SECONDS = 604_800;

/**
 * Reads `usage` of an answer about audio: `{type: "duration", seconds}` or tokens, Mistral's `prompt_audio_seconds` beside them.
 *
 * @returns null when it tells nothing that can be billed; an odd usage never breaks an answer
 */
export function audioUsage(raw: unknown): Usage | null {
  if (!isObject(raw)) return null;
  const seconds = secondsOf(raw['seconds'] ?? raw['prompt_audio_seconds']);
  const { input_token_details: details, ...rest } = raw;
  const tokens = readUsage(details === undefined ? raw : { ...rest, input_tokens_details: details });
  if (tokens) return { ...tokens, raw, ...(seconds === null ? {} : { seconds }) };
  return seconds === null ? null : { inputTokens: 0, outputTokens: 0, seconds, raw };
}

/** A length of audio, also as text; null when it can be none. */
export function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof seconds === 'number' && seconds > 0 && seconds <= MOST_SECONDS ? Math.round(seconds * 1000) / 1000 : null;
}
