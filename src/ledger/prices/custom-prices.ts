import { NO_RATES, type PriceVersion, type RateEntry, type RateKind, type RateSheet, type Schedule } from './rates.ts';
import { overlay, readPriceEntry, type PriceEntry } from './price-entry.ts';

/** The whole that a kind is a part of. */
const PARENTS: Readonly<Partial<Record<RateKind, RateKind>>> = {
  cache_read: 'input',
  cache_read_audio: 'input',
  cache_read_image: 'input',
  cache_write: 'input',
  cache_write_1h: 'input',
  audio_input: 'input',
  image_input: 'input',
  video_input: 'input',
  reasoning: 'output',
  audio_output: 'output',
  image_output: 'output',
};

const NOT_TOKENS: ReadonlySet<RateKind> = new Set([
  'seconds',
  'characters',
  'image',
  'pixel',
  'query',
  'request',
  'web_search',
  'web_search_low',
  'web_search_high',
  'file_search',
  'code_session',
]);

/** Prices set for a deployment. `schedule` is null when none of the keys is a price. */
export interface CustomPrices {
  readonly schedule: Schedule | null;
  readonly problems: readonly string[];
}

/**
 * The prices that a deployment sets itself, completed from the table where they are partial: whoever sets input and
 * output keeps the table's cache prices (data-plane 16.3). Nothing is completed below a price of 0: a deployment that is
 * free stays free.
 */
export function customPrices(custom: PriceEntry, provider: string, table: Schedule | null): CustomPrices {
  const { schedule, problems } = readPriceEntry(custom, provider);
  const own = schedule[0].sheet.entries;
  if (own.length === 0) return { schedule: null, problems };
  const [first, ...rest] = table ?? [{ when: null, sheet: NO_RATES }];
  const complete = ({ when, sheet }: PriceVersion): PriceVersion => ({ when, sheet: completed(schedule[0].sheet, own, sheet) });
  const offPeak = schedule.slice(1).map(({ when, sheet }): PriceVersion => ({ when, sheet: completed(sheet, sheet.entries, first.sheet) }));
  return { schedule: [complete(first), ...rest.map(complete), ...offPeak], problems };
}

function completed(custom: RateSheet, own: readonly RateEntry[], table: RateSheet): RateSheet {
  const wanted = table.entries.filter((entry) => mayComplete(entry.kind, own));
  return overlay(
    {
      ...custom,
      entries: wanted,
      minimumSeconds: table.minimumSeconds,
      uplifts: { ...table.uplifts, ...custom.uplifts },
      premiums: { ...table.premiums, ...custom.premiums },
    },
    own,
  );
}

function mayComplete(kind: RateKind, own: readonly RateEntry[]): boolean {
  if (own.every((entry) => NOT_TOKENS.has(entry.kind))) return false;
  if (NOT_TOKENS.has(kind)) return own.some(costs);
  const parents = own.filter((entry) => entry.kind === PARENTS[kind]);
  return parents.length === 0 || parents.some(costs);
}

function costs({ rate }: RateEntry): boolean {
  return rate.amount.units > 0n;
}
