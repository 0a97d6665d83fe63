import { locale } from '../i18n/locale.ts';
import { decimal } from './number.ts';

/** A moment as the server writes it, or as we have it. */
export type Moment = string | number | Date;

function written(moment: Moment, options: Intl.DateTimeFormatOptions): string {
  const clock = locale.hour12 === null ? {} : { hour12: locale.hour12 };
  return new Intl.DateTimeFormat(locale.language, {
    timeZone: locale.timeZone,
    ...(options.timeStyle || options.hour ? clock : {}),
    ...options,
  }).format(new Date(moment));
}

const yearOf = (moment: Moment) => written(moment, { year: 'numeric' });

/** `Dec 1`, with the year when it is not this one. */
export function day(moment: Moment, now: Moment = Date.now()): string {
  const year = yearOf(moment) === yearOf(now) ? {} : ({ year: 'numeric' } as const);
  return written(moment, { month: 'short', day: 'numeric', ...year });
}

/** `Thursday, Nov 26` */
export function weekday(moment: Moment): string {
  return written(moment, { weekday: 'long', month: 'short', day: 'numeric' });
}

/** `November` */
export function month(moment: Moment): string {
  return written(moment, { month: 'long' });
}

/** `2:06 PM` */
export function clock(moment: Moment): string {
  return written(moment, { hour: 'numeric', minute: '2-digit' });
}

/** `Nov 24, 2026, 2:06:31 PM` */
export function dateTime(moment: Moment): string {
  return written(moment, { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

const STEPS = [
  { unit: 'second', length: 1 },
  { unit: 'minute', length: 60 },
  { unit: 'hour', length: 3600 },
] as const;

/** `13 s ago`, `in 2 h` below one day; the day from then on. Give `dateTime` in the tooltip beside it. */
export function relative(moment: Moment, now: Moment = Date.now()): string {
  const seconds = Math.round((new Date(moment).getTime() - new Date(now).getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size >= 86_400) return day(moment, now);
  const { unit, length } = STEPS.findLast((step) => size >= step.length) ?? STEPS[0];
  return new Intl.RelativeTimeFormat(locale.language, { style: 'narrow', numeric: 'auto' }).format(Math.trunc(seconds / length), unit);
}

function inUnit(value: number, unit: 'millisecond' | 'second' | 'minute' | 'hour' | 'day', digits = 0): string {
  return new Intl.NumberFormat(locale.numbers, {
    style: 'unit',
    unit,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** How long something took: `4 ms`, `0.48 s`, `2.3 s`, `15 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return inUnit(Math.round(milliseconds), 'millisecond');
  const seconds = milliseconds / 1000;
  if (seconds < 1) return inUnit(seconds, 'second', 2);
  if (seconds < 9.95) return inUnit(seconds, 'second', 1);
  if (seconds < 60) return inUnit(Math.round(seconds), 'second');
  const whole = Math.round(seconds);
  if (whole < 3600) return joined([inUnit(Math.floor(whole / 60), 'minute'), whole % 60 && inUnit(whole % 60, 'second')]);
  return joined([
    inUnit(Math.floor(whole / 3600), 'hour'),
    Math.floor((whole % 3600) / 60) && inUnit(Math.floor((whole % 3600) / 60), 'minute'),
  ]);
}

const joined = (parts: (string | number)[]) => parts.filter(Boolean).join(' ');

/** Seconds as a bare figure, for a tile that sets the unit apart: `0.64`, `2.1`. */
export function seconds(milliseconds: number): string {
  return decimal(milliseconds / 1000, milliseconds < 1000 ? 2 : 1);
}

/** `2026-11-25` in the reader's zone. */
export function isoDay(moment: Moment): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: locale.timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(moment),
  );
}
