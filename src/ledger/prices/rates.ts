import type { Decimal } from '../../core/money.ts';

/**
 * What a price is charged on: the words of `CostTerm.kind`. Tokens first, then the other meters: `seconds` of audio,
 * `characters` to speak, an `image` made, a `pixel` made, a rerank `query`, a `request`, a web search by context size, a search in
 * the provider's files, a sandbox for code.
 */
export type RateKind =
  | 'input'
  | 'cache_read'
  | 'cache_read_audio'
  | 'cache_read_image'
  | 'cache_write'
  | 'cache_write_1h'
  | 'audio_input'
  | 'image_input'
  | 'video_input'
  | 'output'
  | 'reasoning'
  | 'audio_output'
  | 'image_output'
  | 'seconds'
  | 'characters'
  | 'image'
  | 'pixel'
  | 'query'
  | 'request'
  | 'web_search'
  | 'web_search_low'
  | 'web_search_high'
  | 'file_search'
  | 'code_session';

/** A provider's service tier with prices of its own; everything else is the base. */
export type Tier = 'flex' | 'priority' | 'batch' | 'ultrafast';

/** US dollars for one unit: `amount / per`. `per` is 1, or 3600 where the source states a price per hour. */
export interface Rate {
  readonly amount: Decimal;
  readonly per: bigint;
}

/** One price and when it holds: for calls of this tier (null: all) whose input has more than `above` tokens. */
export interface RateEntry {
  readonly kind: RateKind;
  readonly tier: Tier | null;
  readonly above: number;
  readonly rate: Rate;
}

/** All prices of a model that hold at one time. */
export interface RateSheet {
  readonly entries: readonly RateEntry[];
  /** A call pays for one web search however many it made (Gemini 2.x: per grounded prompt). */
  readonly searchesOnce: boolean;
  /** Audio shorter than this is billed as this long. */
  readonly minimumSeconds: number;
  /** Multiplier of the whole cost by processing region (`eu`, `us`). */
  readonly uplifts: Readonly<Record<string, Decimal>>;
  /** Multiplier of all that the tokens cost, by the provider's word (`fast`, `us`). */
  readonly premiums: Readonly<Record<string, Decimal>>;
}

export const NO_RATES: RateSheet = { entries: [], searchesOnce: false, minimumSeconds: 0, uplifts: {}, premiums: {} };

/** When a version of the prices holds: from an instant on, or in a window of the UTC day (it may pass midnight). */
export type Condition =
  | { readonly type: 'from'; /** Milliseconds since 1970. */ readonly at: number; /** `YYYY-MM-DD`. */ readonly date: string }
  | { readonly type: 'daily'; /** Seconds of the UTC day. */ readonly from: number; readonly until: number };

export interface PriceVersion {
  /** Null: always. */
  readonly when: Condition | null;
  readonly sheet: RateSheet;
}

/** Versions of a model's prices; of those whose condition holds, the last one counts. Never empty. */
export type Schedule = readonly [PriceVersion, ...PriceVersion[]];

const DAY_SECONDS = 86_400;

/** Whether the condition holds at `at`, milliseconds since 1970. */
export function holdsAt(condition: Condition, at: number): boolean {
  if (condition.type === 'from') return at >= condition.at;
  const second = (((at / 1000) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  const { from, until } = condition;
  return until < from ? second >= from || second < until : second >= from && second < until;
}

/** The version of a schedule that counts at `at`, milliseconds since 1970; the first one when none does. */
export function versionAt<V extends { readonly when: Condition | null }>(versions: readonly [V, ...V[]], at: number): V {
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i];
    if (version !== undefined && (version.when === null || holdsAt(version.when, at))) return version;
  }
  return versions[0];
}
