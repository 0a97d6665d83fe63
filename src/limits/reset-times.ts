import { spanOf, type Span } from './duration.ts';

export interface ZoneSettings {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timezone: string;
  /** Wall-clock time at which days begin for budgets: `HH:MM` or `HH:MM:SS`. */
  readonly resetTime: string;
}

/** `start <= t < end`, milliseconds since 1970. */
export interface ResetWindow {
  readonly start: number;
  readonly end: number;
}

type Wall = Temporal.PlainDateTime;

interface Step {
  readonly days: number;
  readonly months: number;
}

const NEVER_BEFORE = 0;

/**
 * Where budget windows begin and end, in local time (control-plane 10.4).
 *
 * A wall-clock time that the clocks skip counts from the skip; one that comes twice, for windows of a day and more, the
 * first time.
 */
export class ResetCalendar {
  /** What was wrong with the settings, for the log; empty when nothing was. */
  readonly warnings: readonly string[];
  readonly #zone: string;
  readonly #resetTime: Temporal.PlainTime;
  /** Windows in force that every account of a duration shares: a hot call finds its window here. */
  readonly #current = new Map<string, ResetWindow>();

  constructor({ timezone, resetTime }: ZoneSettings) {
    const zone = knownZoneOf(timezone);
    const time = timeOf(resetTime);
    this.warnings = [
      ...(zone === null ? [`unknown time zone ${JSON.stringify(timezone)}: budgets reset in UTC`] : []),
      ...(time === null ? [`budget_reset_time ${JSON.stringify(resetTime)} is no HH:MM time: budgets reset at 00:00`] : []),
    ];
    this.#zone = zone ?? 'UTC';
    this.#resetTime = time ?? new Temporal.PlainTime();
  }

  /** The next boundary strictly after `at`, for something whose budget begins now; null when `duration` is none. */
  nextReset(duration: string, at: number): number | null {
    return this.windowAt(duration, at)?.end ?? null;
  }

  /**
   * The window that holds `at`.
   *
   * @param lastStart when the account was last reset, not after `at`; 0 for never. Windows of `3d` or `2mo` follow on it,
   *   and a reset that was not on the calendar's own boundary still begins a window.
   * @returns null when `duration` is no duration
   */
  windowAt(duration: string, at: number, lastStart = NEVER_BEFORE): ResetWindow | null {
    const shared = this.#current.get(duration);
    if (shared && shared.start <= at && at < shared.end) return lastStart <= shared.start ? shared : { start: lastStart, end: shared.end };
    const span = spanOf(duration);
    if (!span) return null;
    if ('count' in span) return this.#follow(span, at, lastStart);
    const window = around(this.#boundariesNear(span, at), at);
    this.#current.set(duration, window);
    return { start: Math.max(window.start, lastStart), end: window.end };
  }

  /** Boundaries of the calendar's own on both sides of `at`. */
  #boundariesNear(span: Exclude<Span, { count: number }>, at: number): number[] {
    if (span.unit === 'part_of_day') return this.#partsNear(span.seconds, at);
    const { date, step } = calendarUnitOf(span.unit, this.#localDate(at));
    return [-1, 0, 1].map((n) => this.#firstInstantOf(date.add(times(step, n)).toPlainDateTime(this.#resetTime)));
  }

  /** The windows after the one that began at `lastStart`, each `count` days or months long. */
  #follow({ unit, count }: Extract<Span, { count: number }>, at: number, lastStart: number): ResetWindow {
    const today = this.#localDate(at);
    const from = lastStart === NEVER_BEFORE ? today : this.#localDate(lastStart);
    const first = unit === 'days' ? from : from.with({ day: 1 });
    const passed = Math.floor(first.until(today, { largestUnit: unit })[unit] / count);
    const following = [passed - 1, passed, passed + 1, passed + 2]
      .filter((n) => n > 0)
      .map((n) => this.#firstInstantOf(first.add({ [unit]: n * count }).toPlainDateTime(this.#resetTime)));
    const start = lastStart === NEVER_BEFORE ? this.#firstInstantOf(first.toPlainDateTime()) : lastStart;
    return around([start, ...following], at);
  }

  /**
   * Multiples of `seconds` in the day near `at`. Taken from the wall clock before, at and after it, because around a
   * change of the clocks the next boundary may show an earlier time.
   */
  #partsNear(seconds: number, at: number): number[] {
    const walls = [at - seconds * 1000, at, at + seconds * 1000].flatMap((ms) => multiplesNear(this.#local(ms).toPlainDateTime(), seconds));
    return walls.flatMap((wall) => [this.#firstInstantOf(wall), this.#lastInstantOf(wall)]);
  }

  #local(ms: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.#zone);
  }

  #localDate(ms: number): Temporal.PlainDate {
    return this.#local(ms).toPlainDate();
  }

  #firstInstantOf(wall: Wall): number {
    const instant = wall.toZonedDateTime(this.#zone, { disambiguation: 'earlier' });
    if (instant.toPlainDateTime().equals(wall)) return instant.epochMilliseconds;
    return instant.getTimeZoneTransition('next')?.epochMilliseconds ?? instant.epochMilliseconds; // the clocks skip it
  }

  #lastInstantOf(wall: Wall): number {
    const instant = wall.toZonedDateTime(this.#zone, { disambiguation: 'later' });
    return instant.toPlainDateTime().equals(wall) ? instant.epochMilliseconds : this.#firstInstantOf(wall);
  }
}

function around(boundaries: readonly number[], at: number): ResetWindow {
  return {
    start: Math.max(...boundaries.filter((boundary) => boundary <= at)),
    end: Math.min(...boundaries.filter((boundary) => boundary > at)),
  };
}

/** The unit's first day that is not after `today`, and its length. */
function calendarUnitOf(unit: 'day' | 'week' | 'month', today: Temporal.PlainDate): { date: Temporal.PlainDate; step: Step } {
  if (unit === 'day') return { date: today, step: { days: 1, months: 0 } };
  if (unit === 'week') return { date: today.subtract({ days: today.dayOfWeek - 1 }), step: { days: 7, months: 0 } };
  return { date: today.with({ day: 1 }), step: { days: 0, months: 1 } };
}

function times({ days, months }: Step, n: number): Step {
  return { days: days * n, months: months * n };
}

/** Wall-clock times at multiples of `seconds` in the day of `wall`: two before it, two after, and both midnights. */
function multiplesNear(wall: Wall, seconds: number): Wall[] {
  const midnight = wall.withPlainTime();
  const passed = Math.floor(midnight.until(wall).total({ unit: 'seconds' }) / seconds);
  return [passed - 1, passed, passed + 1, passed + 2]
    .map((n) => n * seconds)
    .filter((second) => second > 0 && second < 86_400)
    .map((second) => midnight.add({ seconds: second }))
    .concat([midnight, midnight.add({ days: 1 })]);
}

function knownZoneOf(timezone: string): string | null {
  try {
    return Temporal.Now.instant().toZonedDateTimeISO(timezone).timeZoneId;
  } catch {
    return null;
  }
}

function timeOf(text: string): Temporal.PlainTime | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text.trim());
  return match ? new Temporal.PlainTime(Number(match[1]), Number(match[2]), Number(match[3] ?? 0)) : null;
}
