import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';

/** Members whose numbers are the bill. */
const BILLED = ['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'] as const;

interface Counts {
  readonly plain: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteHour: number;
  readonly output: number;
}

/**
 * Reads a `usage` object. `input_tokens` leaves the cache out, so the parts are added up. The model's own rounds in
 * `iterations` are summed; an advisor's rounds have another price and stay in `raw`.
 *
 * @returns `undefined` when the provider counted nothing, or with numbers that can be no counts
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance (2026-11-26)
 */
export function usageOf(raw: unknown): Usage | undefined {
  if (!isObject(raw) || roundsOf(raw).some((round) => isOddlyCounted(...BILLED.map((name) => round[name])))) return undefined;
  if (typeof raw['input_tokens'] !== 'number' && typeof raw['output_tokens'] !== 'number') return undefined;
  const counts = sum(roundsOf(raw).map(countsOf));
  const reasoning = isObject(raw['output_tokens_details']) ? count(raw['output_tokens_details'], 'thinking_tokens') : 0;
  const searches = isObject(raw['server_tool_use']) ? count(raw['server_tool_use'], 'web_search_requests') : 0;
  return {
    inputTokens: counts.plain + counts.cacheRead + counts.cacheWrite,
    outputTokens: counts.output,
    ...(counts.cacheRead > 0 ? { cacheReadTokens: counts.cacheRead } : {}),
    ...(counts.cacheWrite > counts.cacheWriteHour ? { cacheWriteTokens: counts.cacheWrite - counts.cacheWriteHour } : {}),
    ...(counts.cacheWriteHour > 0 ? { cacheWriteHourTokens: counts.cacheWriteHour } : {}),
    ...(reasoning > 0 ? { reasoningTokens: Math.min(reasoning, counts.output) } : {}),
    ...(searches > 0 ? { webSearchRequests: searches } : {}),
    ...(typeof raw['service_tier'] === 'string' ? { serviceTier: raw['service_tier'] } : {}),
    ...premiumsOf(raw),
    raw,
  };
}

/**
 * Fast mode, and a country in which alone the model may run, multiply the price of every token.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/fast-mode
 * @see https://platform.claude.com/docs/en/manage-claude/data-residency
 * Read on 2026-11-27.
 */
function premiumsOf({ speed, inference_geo: place }: JsonObject): Pick<Usage, 'premiums'> {
  const premiums = [...(speed === 'fast' ? [speed] : []), ...(typeof place === 'string' && !ANYWHERE.has(place) ? [place] : [])];
  return premiums.length === 0 ? {} : { premiums };
}

const ANYWHERE: ReadonlySet<string> = new Set(['', 'global', 'not_available']);

/**
 * Later numbers of a stream over earlier ones. They are totals so far: they replace and never add up. A `null`, and a zero
 * where something was counted before, is a host that does not repeat the number.
 */
export function mergedUsage(before: JsonObject, later: unknown): JsonObject {
  if (!isObject(later)) return before;
  const told = Object.entries(later).filter(([name, value]) => value !== null && !(value === 0 && count(before, name) > 0));
  return { ...before, ...Object.fromEntries(told) };
}

/** The objects whose sum is the bill of the main model. After a switch to another model the top-level numbers count. */
function roundsOf(raw: JsonObject): JsonObject[] {
  const rounds = Array.isArray(raw['iterations']) ? raw['iterations'].filter(isObject) : [];
  if (rounds.some((round) => round['type'] === 'fallback_message')) return [raw];
  const own = rounds.filter((round) => OWN_ROUNDS.has(round['type'] ?? 'message'));
  return own.length > 0 ? own : [raw];
}

const OWN_ROUNDS: ReadonlySet<unknown> = new Set(['message', 'compaction']);

function countsOf(raw: JsonObject): Counts {
  const cacheWrite = count(raw, 'cache_creation_input_tokens');
  const byLife = isObject(raw['cache_creation']) ? raw['cache_creation'] : {};
  const hour = count(byLife, 'ephemeral_1h_input_tokens');
  const written = Math.max(cacheWrite, hour + count(byLife, 'ephemeral_5m_input_tokens'));
  return {
    plain: count(raw, 'input_tokens'),
    cacheRead: count(raw, 'cache_read_input_tokens'),
    cacheWrite: written,
    cacheWriteHour: hour,
    output: count(raw, 'output_tokens'),
  };
}

function sum(all: readonly Counts[]): Counts {
  return all.reduce((a, b) => ({
    plain: a.plain + b.plain,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    cacheWriteHour: a.cacheWriteHour + b.cacheWriteHour,
    output: a.output + b.output,
  }));
}

function count(from: JsonObject, name: string): number {
  const value = from[name];
  return isTokenCount(value) ? value : 0;
}
