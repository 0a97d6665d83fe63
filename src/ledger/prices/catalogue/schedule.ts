import { decimalOf } from '../../../core/money.ts';
import { decimalOfNumber, shiftDown } from '../decimals.ts';
import {
  NO_RATES,
  type Condition,
  type PriceVersion,
  type Rate,
  type RateEntry,
  type RateKind,
  type RateSheet,
  type Schedule,
} from '../rates.ts';
import type { CatalogueHit } from './catalogue.ts';
import type { CatalogueConstraint, CataloguePrices, CatalogueVersion } from './catalogue-types.ts';

/** What a price key of the bundled data is charged on, and for how many units: `10^places`, or an hour of seconds. */
interface Unit {
  readonly kind: RateKind;
  readonly places: number;
  readonly per?: bigint;
}

/**
 * Keys of the data that a call of ours can be billed by. Left out: text messages, which no usage that we read reports,
 * OCR pages, and citation tokens.
 */
const UNITS: Readonly<Record<string, Unit>> = {
  input_mtok: { kind: 'input', places: 6 },
  cache_read_mtok: { kind: 'cache_read', places: 6 },
  cache_audio_read_mtok: { kind: 'cache_read_audio', places: 6 },
  cache_image_read_mtok: { kind: 'cache_read_image', places: 6 },
  cache_write_mtok: { kind: 'cache_write', places: 6 },
  cache_write_1h_mtok: { kind: 'cache_write_1h', places: 6 },
  input_audio_mtok: { kind: 'audio_input', places: 6 },
  input_image_mtok: { kind: 'image_input', places: 6 },
  input_video_mtok: { kind: 'video_input', places: 6 },
  output_mtok: { kind: 'output', places: 6 },
  output_reasoning_mtok: { kind: 'reasoning', places: 6 },
  output_audio_mtok: { kind: 'audio_output', places: 6 },
  output_image_mtok: { kind: 'image_output', places: 6 },
  audio_hours: { kind: 'seconds', places: 0, per: 3600n },
  input_audio_hours: { kind: 'seconds', places: 0, per: 3600n },
  web_searches_kcount: { kind: 'web_search', places: 3 },
  storage_searches_kcount: { kind: 'file_search', places: 3 },
  requests_kcount: { kind: 'request', places: 3 },
};

/** Groq bills at least ten seconds of audio: https://groq.com/pricing (the package knows it too). */
const MINIMUM_SECONDS: readonly { readonly provider: string; readonly models: RegExp; readonly seconds: number }[] = [
  { provider: 'groq', models: /^whisper-large-v3(-turbo)?$/, seconds: 10 },
];

/**
 * What the package does not know of Claude: fast mode, and models that may run in one country alone.
 *
 * @see https://platform.claude.com/docs/en/about-claude/pricing (2026-11-27)
 */
const PREMIUMS: readonly { readonly models: RegExp; readonly premiums: RateSheet['premiums'] }[] = [
  { models: /claude-opus-4[-.][67]/, premiums: { fast: decimalOf('6'), us: decimalOf('1.1') } },
  {
    models: /claude-(?:opus-4[-.][89]|sonnet-4[-.][6-9]|(?:opus|sonnet|haiku|fable|mythos)-[5-9])/,
    premiums: { fast: decimalOf('2'), us: decimalOf('1.1') },
  },
];

/** Providers (our ids) for whom a row without any price means "free of charge"; elsewhere only names ending in `:free`. */
const FREE_WITHOUT_RATES: ReadonlySet<string> = new Set(['gemini', 'github_copilot', 'openai']);

/**
 * The prices of a model of the bundled data.
 *
 * @param provider our id of the provider that is called
 * @returns null when the row has no price that we can bill by
 */
export function catalogueSchedule({ provider: owner, model }: CatalogueHit, provider: string): Schedule | null {
  const free = model.id.endsWith(':free') || FREE_WITHOUT_RATES.has(provider);
  const premiums = PREMIUMS.find(({ models }) => models.test(model.id))?.premiums ?? {};
  const minimumSeconds = MINIMUM_SECONDS.find((rule) => rule.provider === owner && rule.models.test(model.id))?.seconds ?? 0;
  const versions = versionsOf(model.prices).map(({ constraint, prices }): PriceVersion => ({
    when: constraint === undefined ? null : conditionOf(constraint),
    sheet: { ...sheetOf(prices, free, minimumSeconds), premiums },
  }));
  const [first, ...rest] = versions;
  return first === undefined || versions.every(({ sheet }) => sheet.entries.length === 0) ? null : [first, ...rest];
}

function versionsOf(prices: CataloguePrices | readonly CatalogueVersion[]): readonly CatalogueVersion[] {
  return isVersionList(prices) ? prices : [{ prices }];
}

function isVersionList(prices: CataloguePrices | readonly CatalogueVersion[]): prices is readonly CatalogueVersion[] {
  return Array.isArray(prices);
}

function conditionOf(constraint: CatalogueConstraint): Condition {
  if (constraint.type === 'start_date') return { type: 'from', at: Date.parse(constraint.start_date), date: constraint.start_date };
  return { type: 'daily', from: secondOfDay(constraint.start_time), until: secondOfDay(constraint.end_time) };
}

/** Reads `16:30:00Z` (or with an offset, `+08:00`) as seconds of the UTC day. */
function secondOfDay(time: string): number {
  return (Date.parse(`1970-01-02T${time}`) / 1000) % 86_400;
}

function sheetOf(prices: CataloguePrices, free: boolean, minimumSeconds: number): RateSheet {
  const entries = new Map<string, RateEntry>();
  for (const [key, price] of Object.entries(prices)) {
    const unit = UNITS[key];
    if (unit === undefined || price === undefined) continue;
    const [base, tiers] = typeof price === 'number' ? [price, []] : [price.base, price.tiers];
    for (const { start, price: amount } of [{ start: 0, price: base }, ...tiers]) {
      entries.set(`${unit.kind} ${start}`, { kind: unit.kind, tier: null, above: start, rate: rateOf(amount, unit) });
    }
  }
  if (entries.size === 0 && free) return { ...NO_RATES, entries: FREE };
  return { ...NO_RATES, entries: [...entries.values()], minimumSeconds };
}

function rateOf(amount: number, { places, per }: Unit): Rate {
  return { amount: shiftDown(decimalOfNumber(amount), places), per: per ?? 1n };
}

const NOTHING: Rate = { amount: { units: 0n, scale: 0 }, per: 1n };

/** Rates of a model that costs nothing. */
export const FREE: readonly RateEntry[] = [
  { kind: 'input', tier: null, above: 0, rate: NOTHING },
  { kind: 'output', tier: null, above: 0, rate: NOTHING },
];
