import { choice, flag, text, type QueryValues } from '../../../router/query.ts';

/** Spans that reach up to now, in minutes. */
export const RANGES = { '15m': 15, '1h': 60, '4h': 240, '24h': 1440, '7d': 10_080, '30d': 43_200 } as const;
export type QuickRange = keyof typeof RANGES;
export const QUICK_RANGES = Object.keys(RANGES) as QuickRange[];

/** What the address of the list says. Other pages link here with these names. */
export const FIELDS = {
  range: choice([...QUICK_RANGES, 'custom'], '15m'),
  /** Moments of a custom range, ISO 8601. */
  from: text(),
  until: text(),
  search: text(),
  /** Public name. */
  model: text(),
  /** Hash. */
  key: text(),
  person: text(),
  provider: text(),
  status: choice(['any', 'success', 'failure'], 'any'),
  /** Code of a failure. */
  error: text(),
  /** Part of a failure's text. */
  words: text(),
  /** US dollars. */
  min: text(),
  max: text(),
  /** Parted by commas. */
  tags: text(),
  session: text(),
  sort: choice(['startTime', 'spend', 'total_tokens', 'request_duration_ms'], 'startTime'),
  order: choice(['desc', 'asc'], 'desc'),
  /** Live is on unless this says otherwise. */
  still: flag(),
};
export type Fields = QueryValues<typeof FIELDS>;

/** Fields that narrow the list beside its span, in the order of their chips. */
export const FILTERS = [
  'search',
  'status',
  'model',
  'key',
  'person',
  'provider',
  'error',
  'words',
  'min',
  'max',
  'tags',
  'session',
] as const;
export type FilterName = (typeof FILTERS)[number];

const OFF = { status: 'any' } as const;

/** Filters in force. */
export function filtersIn(fields: Fields): FilterName[] {
  return FILTERS.filter((name) => fields[name] !== '' && fields[name] !== OFF[name as 'status']);
}

/** The same address without these filters. */
export function without(names: readonly FilterName[]): Partial<Fields> {
  return Object.fromEntries(names.map((name) => [name, name === 'status' ? 'any' : '']));
}
