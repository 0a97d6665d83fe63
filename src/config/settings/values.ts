import { z } from 'zod';
import { isObject } from '../../core/json-object.ts';
import { usdOf } from '../../core/money.ts';
import type { Usd } from '../../core/money.ts';
import { durationMs, parseDuration } from '../duration.ts';
import type { Duration } from '../duration.ts';
import { decimalText, numberFromText } from '../yaml/scalar.ts';

/**
 * The kinds of values that settings have. Each reads what YAML or an environment variable gives (so numbers and booleans may
 * come as text) and yields our own units. Messages say what is wanted and never quote what was found.
 */

/** What a kind of value is called, where settings are listed for people and programs. */
export interface ValueKind {
  /** The reference's word for the type. */
  readonly type: 'Boolean' | 'Integer' | 'Float' | 'String' | 'Dictionary' | 'List';
  /** Units of the file, where the code has others. */
  readonly unit?: 'seconds' | 'megabytes' | 'USD' | 'duration' | 'time of day';
  /** A number of any length, which a double would spoil. */
  readonly exact?: boolean;
  /** The words that can be chosen. */
  readonly options?: readonly string[];
}

/** The start of a schema: takes anything, and knows what it is called. */
export function valueOf(kind: ValueKind) {
  return z.unknown().meta({ kind });
}

const FLAG_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/** A switch: boolean, or text such as `true`, `no`, `on`, `0`. */
export const flag = valueOf({ type: 'Boolean' }).transform((value, context): boolean => {
  if (typeof value === 'boolean') return value;
  const word = wordIn(value).trim();
  const meant = Object.hasOwn(FLAG_WORDS, word) ? FLAG_WORDS[word] : undefined;
  if (meant !== undefined) return meant;
  context.addIssue({ code: 'custom', message: 'must be true or false' });
  return z.NEVER;
});

/** A scalar as a word in lower case; nothing else is one. */
function wordIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).toLowerCase() : '';
}

function numeric(kind: ValueKind, accept: (value: number) => boolean, message: string) {
  return valueOf(kind).transform((value, context): number => {
    const number = typeof value === 'number' ? value : typeof value === 'string' ? numberFromText(value) : null;
    if (number !== null && Number.isFinite(number) && accept(number)) return number;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** A whole number from 0. */
export const count = numeric(
  { type: 'Integer' },
  (value) => Number.isSafeInteger(value) && value >= 0,
  'must be a whole number, 0 or more',
);

/** A whole number from 1. */
export const positiveCount = numeric(
  { type: 'Integer' },
  (value) => Number.isSafeInteger(value) && value > 0,
  'must be a whole number, 1 or more',
);

/** Longest wait a timer of the runtime can hold. */
const MAX_TIMER_SECONDS = 2_147_483;

/** Seconds in the file (fractions allowed), milliseconds in the code. */
export const seconds = numeric(
  { type: 'Float', unit: 'seconds' },
  (value) => value >= 0 && value <= MAX_TIMER_SECONDS,
  `must be a number of seconds from 0 to ${MAX_TIMER_SECONDS.toLocaleString('en')}`,
).transform((value) => Math.round(value * 1000));

/** Whole seconds from 1 in the file, milliseconds in the code. */
export const wholeSeconds = numeric(
  { type: 'Integer', unit: 'seconds' },
  (value) => Number.isSafeInteger(value) && value > 0,
  'must be a whole number, 1 or more',
).transform((value) => value * 1000);

/** A time-out in seconds. 0 is how the reference's users say "none of my own": the value is then the one given here. */
export function timeout<T extends number | null>(otherwise: T) {
  return seconds
    .transform((ms): number | T => (ms === 0 ? otherwise : ms))
    .nullish()
    .transform((ms): number | T => ms ?? otherwise);
}

/** Megabytes (of 1,048,576 bytes) in the file, bytes in the code. */
export const megabytes = numeric({ type: 'Float', unit: 'megabytes' }, (value) => value >= 0, 'must be a number, 0 or more').transform(
  (value) => Math.round(value * 1_048_576),
);

/** US dollars, every digit. */
export const amount = valueOf({ type: 'Float', unit: 'USD', exact: true }).transform((value, context): Usd => {
  const text = typeof value === 'number' || typeof value === 'string' ? decimalText(String(value)) : null;
  if (text !== null && !text.startsWith('-')) return usdOf(text);
  context.addIssue({ code: 'custom', message: 'must be an amount in US dollars, 0 or more' });
  return z.NEVER;
});

/** A rate of exchange, every digit: decimal text above 0. */
export const rate = valueOf({ type: 'Float', exact: true }).transform((value, context): string => {
  const text = typeof value === 'number' || typeof value === 'string' ? decimalText(String(value)) : null;
  if (text !== null && !text.startsWith('-') && /[1-9]/.test(text.replace(/e.*$/i, ''))) return text;
  context.addIssue({ code: 'custom', message: 'must be a number above 0' });
  return z.NEVER;
});

function textOf(kind: ValueKind) {
  return valueOf(kind)
    .refine((value) => (typeof value === 'string' && value.trim() !== '') || typeof value === 'number', 'must be a text')
    .transform((value) => String(value));
}

/** Text that is not empty; a number is taken as its digits. */
export const text = textOf({ type: 'String' });

/** `30s`, `24h`, `7d`, `1mo`, `daily` ...; kept as text because its reset follows the calendar. */
export const budgetDuration = textOf({ type: 'String', unit: 'duration' }).refine(
  (value) => parseDuration(value) !== null,
  'must be a duration such as 30m, 24h, 7d or 1mo',
);

/** How long something is kept: a duration; `never` and a duration of 0 mean that it is never deleted: null. */
export const retention = textOf({ type: 'String', unit: 'duration' }).transform((value, context): Duration | null => {
  if (/^(?:never|0[a-z]{0,2})$/i.test(value.trim())) return null;
  const duration = parseDuration(value.trim());
  if (duration !== null) return duration;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 30d, 12w or 6mo, or never' });
  return z.NEVER;
});

/** A length of time such as `24h`, in milliseconds; months have none. */
export const lengthOfTime = textOf({ type: 'String', unit: 'duration' }).transform((value, context): number => {
  const duration = parseDuration(value);
  const length = duration && durationMs(duration);
  if (length) return length;
  context.addIssue({ code: 'custom', message: 'must be a length of time such as 30m, 24h or 7d' });
  return z.NEVER;
});

/** Time of day as `HH:MM` or `HH:MM:SS`. */
export const timeOfDay = textOf({ type: 'String', unit: 'time of day' }).refine(
  (value) => /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(value),
  'must be a time of day such as 00:00 or 06:30',
);

/** A map with any members. */
export const freeMap = valueOf({ type: 'Dictionary' }).transform((value, context): Readonly<Record<string, unknown>> => {
  if (isObject(value)) return value;
  context.addIssue({ code: 'custom', message: 'must be a map (name: value)' });
  return z.NEVER;
});

/** One of the given words, upper and lower case alike. */
export function oneOf<const W extends string>(words: readonly W[]) {
  return valueOf({ type: 'String', options: words }).transform((value, context): W => {
    const word = words.find((candidate) => candidate === wordIn(value));
    if (word !== undefined) return word;
    context.addIssue({ code: 'custom', message: `must be one of: ${words.join(', ')}` });
    return z.NEVER;
  });
}

/** The setting may be absent; null then. */
export function optional<S extends z.ZodType>(schema: S) {
  return schema.nullable().default(null);
}
