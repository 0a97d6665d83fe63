import type { RateKind, Tier } from './rates.ts';

/** A price key of the LiteLLM vocabulary (data-plane 16.2), taken apart. */
export interface PriceKey {
  readonly kind: RateKind;
  /** Where two keys price the same thing, the lower rank is meant. */
  readonly rank: number;
  readonly tier: Tier | null;
  /** Input tokens beyond which the key holds; 0 for the plain key. */
  readonly above: number;
}

const KINDS: ReadonlyMap<string, readonly [RateKind, number]> = new Map([
  ['input_cost_per_token', ['input', 0]],
  ['output_cost_per_token', ['output', 0]],
  ['output_cost_per_reasoning_token', ['reasoning', 0]],
  ['cache_read_input_token_cost', ['cache_read', 0]],
  ['input_cost_per_token_cache_hit', ['cache_read', 1]],
  ['cache_read_input_audio_token_cost', ['cache_read_audio', 0]],
  ['cache_read_input_image_token_cost', ['cache_read_image', 0]],
  ['cache_creation_input_token_cost', ['cache_write', 0]],
  ['cache_creation_input_token_cost_above_1hr', ['cache_write_1h', 0]],
  ['input_cost_per_audio_token', ['audio_input', 0]],
  ['input_cost_per_image_token', ['image_input', 0]],
  ['input_cost_per_video_token', ['video_input', 0]],
  ['output_cost_per_audio_token', ['audio_output', 0]],
  ['output_cost_per_image_token', ['image_output', 0]],
  ['input_cost_per_second', ['seconds', 0]],
  ['input_cost_per_audio_per_second', ['seconds', 1]],
  ['output_cost_per_second', ['seconds', 2]],
  ['input_cost_per_character', ['characters', 0]],
  ['output_cost_per_image', ['image', 0]],
  ['input_cost_per_image', ['image', 1]],
  ['output_cost_per_pixel', ['pixel', 0]],
  ['input_cost_per_pixel', ['pixel', 1]],
  ['input_cost_per_query', ['query', 0]],
  ['input_cost_per_request', ['request', 0]],
  ['code_interpreter_cost_per_session', ['code_session', 0]],
]);

/** The price of a thousand searches in files. */
export const FILE_SEARCHES = 'file_search_cost_per_1k_calls';

/** Members of `search_context_cost_per_query`. */
export const SEARCH_SIZES: ReadonlyMap<string, RateKind> = new Map([
  ['search_context_size_low', 'web_search_low'],
  ['search_context_size_medium', 'web_search'],
  ['search_context_size_high', 'web_search_high'],
]);

const TIERS: Readonly<Record<string, Tier>> = { flex: 'flex', priority: 'priority', batches: 'batch', ultrafast: 'ultrafast' };
const SUFFIX = /_(?:(flex|priority|batches|ultrafast)|above_(\d+)(k?)_tokens)$/;

/** Takes a key such as `input_cost_per_token_above_200k_tokens_priority` apart; null when it is no price per unit. */
export function priceKeyOf(key: string): PriceKey | null {
  let name = key;
  let tier: Tier | null = null;
  let above = 0;
  for (let match = SUFFIX.exec(name); match !== null; match = SUFFIX.exec(name)) {
    if (match[1] !== undefined) tier = TIERS[match[1]] ?? null;
    else above = Number(match[2]) * (match[3] === 'k' ? 1000 : 1);
    name = name.slice(0, match.index);
  }
  const known = KINDS.get(name);
  return known === undefined ? null : { kind: known[0], rank: known[1], tier, above };
}

const TIER_WORDS: ReadonlyMap<string, Tier> = new Map([
  ['flex', 'flex'],
  ['on_demand_flex', 'flex'],
  ['priority', 'priority'],
  ['fast', 'priority'],
  ['on_demand_priority', 'priority'],
  ['batch', 'batch'],
  ['batches', 'batch'],
  ['ultrafast', 'ultrafast'],
]);

/** The tier of an answer's (or request's) `service_tier`, or of Vertex' `trafficType`; null is the base. */
export function tierOf(serviceTier: string | undefined): Tier | null {
  return serviceTier === undefined ? null : (TIER_WORDS.get(serviceTier.toLowerCase()) ?? null);
}

const NAMES: ReadonlyMap<RateKind, string> = new Map([...KINDS].filter(([, [, rank]]) => rank === 0).map(([name, [kind]]) => [kind, name]));

/** The LiteLLM key of a price: `input_cost_per_token_above_200k_tokens_priority`. Null for searches, whose keys are nested or of a thousand. */
export function priceKeyName(kind: RateKind, tier: Tier | null, above: number): string | null {
  const name = NAMES.get(kind);
  if (name === undefined) return null;
  // A threshold stated as "from 272,000" is kept as 271,999, and named as it was stated.
  const stated = above % 1000 === 999 ? above + 1 : above;
  const threshold = above === 0 ? '' : `_above_${stated % 1000 === 0 ? `${stated / 1000}k` : stated}_tokens`;
  return `${name}${threshold}${tier === null ? '' : `_${tier === 'batch' ? 'batches' : tier}`}`;
}
