/** Units of a duration; `mo` is a calendar month. */
export type DurationUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo';

export interface Duration {
  /** At least 1. */
  readonly amount: number;
  readonly unit: DurationUnit;
}

const GRAMMAR = /^(\d{1,9})(s|m|h|d|w|mo)$/;

/** Words that older dashboards stored. */
const WORDS: Readonly<Record<string, Duration>> = {
  hourly: { amount: 1, unit: 'h' },
  daily: { amount: 1, unit: 'd' },
  weekly: { amount: 1, unit: 'w' },
  monthly: { amount: 1, unit: 'mo' },
  yearly: { amount: 12, unit: 'mo' },
};

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Latest moment a JavaScript date can hold, milliseconds since 1970. */
const LATEST = 8_640_000_000_000_000;

/** Reads `30s`, `5m`, `24h`, `7d`, `2w`, `1mo` or a word such as `monthly` (control-plane 1.4). @returns null when it is none of these */
export function parseDuration(text: string): Duration | null {
  const match = GRAMMAR.exec(text);
  if (!match) return Object.hasOwn(WORDS, text) ? (WORDS[text] ?? null) : null;
  const amount = Number(match[1]);
  return amount > 0 ? { amount, unit: match[2] as DurationUnit } : null;
}

/** Length in milliseconds, a day being 24 hours; null for months, which have no fixed length. */
export function durationMs({ amount, unit }: Duration): number | null {
  return unit === 'mo' ? null : amount * UNIT_MS[unit];
}

/**
 * The moment an exact offset after `from`: what `duration` and `rotation_interval` of a key mean. A month later is the same
 * day of that month in UTC, or its last day. Budget windows follow the calendar instead and belong to `limits/`.
 *
 * @param from milliseconds since 1970
 * @returns milliseconds since 1970, null when it lies beyond the dates that can be written down
 */
export function addDuration(from: number, duration: Duration): number | null {
  const ms = durationMs(duration);
  const until = ms === null ? addMonths(from, duration.amount) : from + ms;
  return until === null || until > LATEST ? null : until;
}

/** The moment a duration before `until`; null when it lies beyond the dates that can be written down. */
export function durationBefore(until: number, duration: Duration): number | null {
  const ms = durationMs(duration);
  const from = ms === null ? addMonths(until, -duration.amount) : until - ms;
  return from === null || from < -LATEST ? null : from;
}

function addMonths(from: number, months: number): number | null {
  if (Math.abs(months) > 3_000_000) return null;
  const start = new Date(from);
  const day = start.getUTCDate();
  const moved = new Date(from);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(day, lastDay));
  const until = moved.getTime();
  return Number.isNaN(until) ? null : until;
}
