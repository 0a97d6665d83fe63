import { USD_DECIMALS, type Decimal } from '../../core/money.ts';
import type { PriceOrigin } from '../../core/price.ts';
import { decimalText } from './decimals.ts';
import type { Rate, RateEntry, RateKind, RateSheet, Tier } from './rates.ts';

/** The price of one unit, ready to be multiplied. */
export interface UnitPrice {
  /** `quantity * units / divisor` of the tariff is the cost in units of 10^-15 US dollars. */
  readonly units: bigint;
  /** US dollars for one unit. */
  readonly text: string;
}

/** The unit prices that one call is billed by: tier and threshold chosen, missing kinds filled in. */
export interface Tariff {
  readonly prices: Readonly<Partial<Record<RateKind, UnitPrice>>>;
  readonly divisor: bigint;
  /** Whether input or output tokens have a price; if not, calls are billed by time, characters or images. */
  readonly byTokens: boolean;
  readonly searchesOnce: boolean;
  readonly minimumSeconds: number;
  readonly uplifts: Readonly<Record<string, Decimal>>;
  readonly premiums: Readonly<Record<string, Decimal>>;
  readonly origin: PriceOrigin;
  /** The dearest that an input token and an output token can be, for reservations. */
  readonly dearestInput: bigint;
  readonly dearestOutput: bigint;
}

/** All tariffs of a sheet. */
export interface TariffTable {
  /** Thresholds, ascending; the first is 0. */
  readonly thresholds: readonly number[];
  /** By tier, one tariff for each threshold. `null` is the base. */
  readonly tiers: ReadonlyMap<Tier | null, readonly Tariff[]>;
}

/** Kind whose price a missing kind takes (data-plane 16.4), in an order in which each source is settled before it is used. */
const FALLBACKS: readonly (readonly [RateKind, RateKind])[] = [
  ['cache_read', 'input'],
  ['cache_read_audio', 'cache_read'],
  ['cache_read_image', 'cache_read'],
  ['cache_write', 'input'],
  ['cache_write_1h', 'cache_write'],
  ['audio_input', 'input'],
  ['image_input', 'input'],
  ['video_input', 'input'],
  ['reasoning', 'output'],
  ['audio_output', 'output'],
  ['image_output', 'output'],
  ['web_search', 'web_search_low'],
  ['web_search_low', 'web_search'],
  ['web_search_high', 'web_search'],
];

/** Digits of a price per hour that are shown for one second, where its decimals never end. */
const SHOWN_DECIMALS = 30;

/** Turns the rates of a sheet into integers, for every tier and threshold. */
export function tariffTableOf(sheet: RateSheet, origin: PriceOrigin): TariffTable {
  const thresholds = [...new Set([0, ...sheet.entries.map(({ above }) => above)])].sort((a, b) => a - b);
  const tiers = new Set<Tier | null>([null, ...sheet.entries.map(({ tier }) => tier)]);
  const tariffs = (tier: Tier | null) => thresholds.map((threshold) => tariffOf(sheet, tier, threshold, origin));
  return { thresholds, tiers: new Map([...tiers].map((tier) => [tier, tariffs(tier)])) };
}

/** The tariff for a call of this tier with this many input tokens; a tier without prices of its own is the base. */
export function tariffFor(table: TariffTable, tier: Tier | null, inputTokens: number): Tariff {
  const tariffs = table.tiers.get(tier) ?? table.tiers.get(null) ?? [];
  let index = 0;
  while (index + 1 < tariffs.length && inputTokens > (table.thresholds[index + 1] ?? Infinity)) index++;
  return tariffs[index] as Tariff;
}

function tariffOf(sheet: RateSheet, tier: Tier | null, threshold: number, origin: PriceOrigin): Tariff {
  const rates = withFallbacks(ratesAt(sheet.entries, tier, threshold));
  const scale = Math.max(USD_DECIMALS, ...[...rates.values()].map(({ amount }) => amount.scale));
  const per = [...rates.values()].reduce((common, rate) => (rate.per > common ? rate.per : common), 1n);
  const prices: Partial<Record<RateKind, UnitPrice>> = {};
  for (const [kind, rate] of rates) {
    prices[kind] = { units: rate.amount.units * 10n ** BigInt(scale - rate.amount.scale) * (per / rate.per), text: rateText(rate) };
  }
  return {
    prices,
    divisor: 10n ** BigInt(scale - USD_DECIMALS) * per,
    byTokens: rates.has('input') || rates.has('output'),
    searchesOnce: sheet.searchesOnce,
    minimumSeconds: sheet.minimumSeconds,
    uplifts: sheet.uplifts,
    premiums: sheet.premiums,
    origin: { ...origin, rule: origin.rule + suffixOf(tier, threshold) },
    dearestInput: dearest(prices, ['input', 'cache_write']),
    dearestOutput: dearest(prices, ['output', 'reasoning']),
  };
}

/** For each kind: the highest threshold reached, and there the tier's own price before the base. */
function ratesAt(entries: readonly RateEntry[], tier: Tier | null, threshold: number): Map<RateKind, Rate> {
  const best = new Map<RateKind, RateEntry>();
  for (const entry of entries) {
    if (entry.above > threshold || (entry.tier !== null && entry.tier !== tier)) continue;
    const before = best.get(entry.kind);
    if (before === undefined || entry.above > before.above || (entry.above === before.above && entry.tier !== null))
      best.set(entry.kind, entry);
  }
  return new Map([...best].map(([kind, { rate }]) => [kind, rate]));
}

function withFallbacks(rates: Map<RateKind, Rate>): Map<RateKind, Rate> {
  for (const [kind, source] of FALLBACKS) {
    const rate = rates.get(source);
    if (rate !== undefined && !rates.has(kind)) rates.set(kind, rate);
  }
  return rates;
}

function rateText({ amount, per }: Rate): string {
  if (per === 1n) return decimalText(amount);
  const more = Math.max(0, SHOWN_DECIMALS - amount.scale);
  return decimalText({ units: (amount.units * 10n ** BigInt(more) + per / 2n) / per, scale: amount.scale + more });
}

function dearest(prices: Tariff['prices'], kinds: readonly RateKind[]): bigint {
  return kinds.reduce((most, kind) => ((prices[kind]?.units ?? 0n) > most ? (prices[kind]?.units ?? 0n) : most), 0n);
}

/** ` above_200k`, ` from_272k` (a threshold stated as "272,000 and more"), ` flex`. */
function suffixOf(tier: Tier | null, threshold: number): string {
  const thousands = (tokens: number) => (tokens % 1000 === 0 ? `${tokens / 1000}k` : String(tokens));
  const part = threshold === 0 ? '' : threshold % 1000 === 999 ? ` from_${thousands(threshold + 1)}` : ` above_${thousands(threshold)}`;
  return part + (tier === null ? '' : ` ${tier}`);
}
