import { decimalOf, type Decimal } from '../../core/money.ts';
import { numberOf } from '../../core/exact-json.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { decimalOfNumber } from './decimals.ts';
import { FILE_SEARCHES, priceKeyOf, SEARCH_SIZES, type PriceKey } from './price-keys.ts';
import { NO_RATES, type Condition, type RateEntry, type RateSheet, type Schedule } from './rates.ts';

/** Price keys of one model in the LiteLLM vocabulary; numbers as decimal text (numbers are taken by their shortest digits). */
export type PriceEntry = Readonly<Record<string, unknown>>;

export interface ReadEntry {
  readonly schedule: Schedule;
  /** Keys whose value is no price, with the reason. They are left out; the others count. */
  readonly problems: readonly string[];
}

/** Providers whose thresholds include the stated number: xAI bills "200k and above". */
const INCLUSIVE_THRESHOLDS: ReadonlySet<string> = new Set(['xai']);

/** Providers that bill a grounded prompt once, unless the entry says `per_query` (Gemini 3 does). */
const SEARCHES_ONCE: ReadonlySet<string> = new Set(['gemini', 'vertex_ai']);

/** Reads an entry of the price map, or the price keys of a deployment (data-plane 16.2). Never throws. */
export function readPriceEntry(entry: PriceEntry, provider: string): ReadEntry {
  const reader = new EntryReader(provider);
  reader.readKeys(entry);
  reader.readTieredPricing(entry['tiered_pricing']);
  const base = reader.sheet(entry);
  const offPeak = readOffPeak(entry['off_peak_pricing'], base, provider);
  return { schedule: [{ when: null, sheet: base }, ...offPeak.versions], problems: [...reader.problems, ...offPeak.problems] };
}

class EntryReader {
  readonly problems: string[] = [];
  /** By kind, tier and threshold. */
  readonly #found = new Map<string, { entry: RateEntry; rank: number }>();
  readonly #provider: string;

  constructor(provider: string) {
    this.#provider = provider;
  }

  readKeys(entry: PriceEntry): void {
    const less = INCLUSIVE_THRESHOLDS.has(this.#provider) ? 1 : 0;
    for (const [name, value] of Object.entries(entry)) {
      const key = priceKeyOf(name);
      if (key !== null) this.#add(name, value, { ...key, above: key.above === 0 ? 0 : key.above - less });
    }
    this.#add(FILE_SEARCHES, entry[FILE_SEARCHES], { kind: 'file_search', rank: 0, tier: null, above: 0 }, 1000n);
    const sizes = entry['search_context_cost_per_query'];
    if (!isObject(sizes)) return;
    for (const [name, kind] of SEARCH_SIZES) this.#add(name, sizes[name], { kind, rank: 0, tier: null, above: 0 });
  }

  /** `[{"range": [0, 32000], ...prices}]`: a range holds for input beyond its start, up to and with its end. */
  readTieredPricing(ranges: unknown): void {
    if (!Array.isArray(ranges)) return;
    for (const range of ranges) {
      const start = isObject(range) && Array.isArray(range['range']) ? countIn(range['range'][0]) : Number.NaN;
      if (!isObject(range) || !Number.isSafeInteger(start) || start < 0) {
        this.problems.push('tiered_pricing: a row without range');
        continue;
      }
      for (const [name, value] of Object.entries(range)) {
        const key = priceKeyOf(name);
        if (key !== null) this.#add(name, value, { ...key, above: start });
      }
    }
  }

  sheet(entry: PriceEntry): RateSheet {
    return {
      ...NO_RATES,
      entries: [...this.#found.values()].map(({ entry: found }) => found),
      searchesOnce: this.#searchesOnce(entry),
      uplifts: this.#uplifts(entry),
      premiums: this.#premiums(entry['provider_specific_entry']),
    };
  }

  /** @param per how many units cost it */
  #add(name: string, value: unknown, key: PriceKey, per = 1n): void {
    const amount = this.#amount(name, value);
    if (amount === null) return;
    const slot = `${key.kind} ${key.tier ?? ''} ${key.above}`;
    const before = this.#found.get(slot);
    const entry: RateEntry = { kind: key.kind, tier: key.tier, above: key.above, rate: { amount, per } };
    if (before === undefined || outranks({ entry, rank: key.rank }, before)) this.#found.set(slot, { entry, rank: key.rank });
  }

  #amount(name: string, value: unknown): Decimal | null {
    if (value === null || value === undefined) return null;
    const amount = decimalFrom(value);
    if (amount === null) this.problems.push(`${name}: not a price`);
    else if (amount.units < 0n) this.problems.push(`${name}: negative`);
    return amount !== null && amount.units >= 0n ? amount : null;
  }

  #searchesOnce(entry: PriceEntry): boolean {
    const unit = entry['web_search_billing_unit'];
    return typeof unit === 'string' ? unit === 'per_prompt' : SEARCHES_ONCE.has(this.#provider);
  }

  #uplifts(entry: PriceEntry): Readonly<Record<string, Decimal>> {
    const uplifts: Record<string, Decimal> = {};
    for (const region of ['eu', 'us']) {
      const name = `regional_processing_uplift_multiplier_${region}`;
      const factor = this.#amount(name, entry[name]);
      if (factor !== null && factor.units > 0n) uplifts[region] = factor;
    }
    return uplifts;
  }

  /** `{"us": 1.1, "fast": 6.0}`; members that are no numbers mean something else. */
  #premiums(factors: unknown): Readonly<Record<string, Decimal>> {
    if (!isObject(factors)) return {};
    const found = Object.entries(factors).map(([word, value]) => [word, decimalFrom(value)] as const);
    return Object.fromEntries(found.filter(([, factor]) => factor !== null && factor.units > 0n)) as Record<string, Decimal>;
  }
}

type Ranked = { readonly entry: RateEntry; readonly rank: number };

/** A number of tokens, written as a number or as text; NaN for anything else. */
function countIn(value: unknown): number {
  return typeof value === 'string' ? Number(value) : (numberOf(value) ?? Number.NaN);
}

/** A zero never hides a price: some maps give `input_cost_per_pixel` a price and `output_cost_per_pixel` 0. */
function outranks(candidate: Ranked, before: Ranked): boolean {
  const [candidateZero, beforeZero] = [candidate.entry.rate.amount.units === 0n, before.entry.rate.amount.units === 0n];
  return candidateZero === beforeZero ? candidate.rank <= before.rank : beforeZero && candidate.rank !== before.rank;
}

function decimalFrom(value: unknown): Decimal | null {
  try {
    if (typeof value === 'string') return decimalOf(value);
    return typeof value === 'number' ? decimalOfNumber(value) : null;
  } catch {
    return null;
  }
}

const HOURS = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;

/** `{"hours_utc": "16:30-00:30", ...prices}`: these prices in that window, all others as always. */
function readOffPeak(block: unknown, base: RateSheet, provider: string): { versions: Schedule[number][]; problems: readonly string[] } {
  if (!isObject(block)) return { versions: [], problems: [] };
  const when = dailyWindow(block['hours_utc']);
  if (when === null) return { versions: [], problems: ['off_peak_pricing: hours_utc is not HH:MM-HH:MM'] };
  const { off_peak_pricing: _, ...prices } = block satisfies JsonObject;
  const { schedule, problems } = readPriceEntry(prices, provider);
  return { versions: [{ when, sheet: overlay(base, schedule[0].sheet.entries) }], problems };
}

function dailyWindow(hours: unknown): Condition | null {
  const match = typeof hours === 'string' ? HOURS.exec(hours) : null;
  if (match === null) return null;
  const [fromHour, fromMinute, untilHour, untilMinute] = match.slice(1).map(Number) as [number, number, number, number];
  return { type: 'daily', from: fromHour * 3600 + fromMinute * 60, until: untilHour * 3600 + untilMinute * 60 };
}

/** The sheet with all prices of the kinds in `over` replaced by those: a price stated alone holds for every tier and threshold. */
export function overlay(sheet: RateSheet, over: readonly RateEntry[]): RateSheet {
  const replaced = new Set(over.map(({ kind }) => kind));
  return { ...sheet, entries: [...sheet.entries.filter(({ kind }) => !replaced.has(kind)), ...over] };
}
