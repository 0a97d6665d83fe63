import { locale } from '../i18n/locale.ts';
import { t } from '../i18n/texts.ts';
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

/** `2:06:31 PM` */
export function exactClock(moment: Moment): string {
  return written(moment, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

/** `Nov 24, 2026, 2:06:31 PM` */
export function dateTime(moment: Moment): string {
  return written(moment, { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

/** Symbols of units are the same in every language; a space that does not break stands before them. */
type Unit = 'ms' | 's' | 'min' | 'h';

function inUnit(value: number, unit: Unit, digits = 0): string {
  return `${decimal(value, digits)}\u00a0${unit}`;
}

const STEPS = [
  { unit: 's', length: 1 },
  { unit: 'min', length: 60 },
  { unit: 'h', length: 3600 },
] as const satisfies readonly { unit: Unit; length: number }[];

/** `13 s ago`, `in 2 h` below one day; the day from then on. Give `dateTime` in the tooltip beside it. */
export function relative(moment: Moment, now: Moment = Date.now()): string {
  const seconds = Math.round((new Date(moment).getTime() - new Date(now).getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size >= 86_400) return day(moment, now);
  if (size === 0) return t('words.now');
  const { unit, length } = STEPS.findLast((step) => size >= step.length) ?? STEPS[0];
  return t(seconds < 0 ? 'words.ago' : 'words.in_time', { time: inUnit(Math.trunc(size / length), unit) });
}

/** How long something took: `4 ms`, `0.48 s`, `2.3 s`, `15 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 100) return inUnit(Math.round(milliseconds), 'ms');
  const seconds = milliseconds / 1000;
  if (seconds < 0.995) return inUnit(seconds, 's', 2);
  if (seconds < 9.95) return inUnit(seconds, 's', 1);
  const whole = Math.round(seconds);
  if (whole < 60) return inUnit(whole, 's');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return joined(inUnit(minutes, 'min'), whole % 60 === 0 ? null : inUnit(whole % 60, 's'));
  return joined(inUnit(Math.floor(minutes / 60), 'h'), minutes % 60 === 0 ? null : inUnit(minutes % 60, 'min'));
}

const joined = (...parts: (string | null)[]) => parts.filter((part) => part !== null).join(' ');

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

/** The beginning of a day of the reader's, `2026-11-25`, in milliseconds since 1970. */
export const midnight = (date: string): number => new Date(`${date}T00:00:00`).getTime();

/** `2026-11-25T14:32` in the reader's zone, for a field of day and time. */
export function localText(moment: Moment): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: locale.timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(moment));
  return `${isoDay(moment)}T${time}`;
}

/** The moment that a field of day and time means in the reader's zone, milliseconds since 1970; null when it is not one. */
export function localMoment(text: string): number | null {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return null;
  // Where the clocks stand at that moment is only known once the moment is: two steps find it.
  const shift = (at: number) => wanted - Date.parse(`${localText(at)}Z`);
  const near = wanted + shift(wanted);
  return near + shift(near);
}
