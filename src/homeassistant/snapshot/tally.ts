import type { SpendRecord } from '../../core/spend-record.ts';
import { usdOf, type Usd } from '../../core/money.ts';
import { NOTHING_COUNTED, type Counted, type SubjectSum, type SumSubject } from '../../ledger/sums/subject-sums.ts';
import { Durations } from './durations.ts';
import { windowsAt, type Windows } from './windows.ts';

/** What one subject did, changed in place: a call adds to a handful of them. */
class Sums {
  total: Counted;
  day: Counted;
  week: Counted;
  month: Counted;
  /** When the newest call began, milliseconds since 1970; 0: none since the start. */
  lastAt = 0;

  constructor({ total, day, week, month }: Pick<SubjectSum, 'total' | 'day' | 'week' | 'month'> = NOTHING) {
    this.total = total;
    this.day = day;
    this.week = week;
    this.month = month;
  }

  add(call: Counted, at: number, windows: Windows): void {
    this.total = added(this.total, call);
    if (at >= windows.day) this.day = added(this.day, call);
    if (at >= windows.week) this.week = added(this.week, call);
    if (at >= windows.month) this.month = added(this.month, call);
    this.lastAt = Math.max(this.lastAt, at);
  }

  turn(from: Windows, to: Windows): void {
    if (to.day !== from.day) this.day = NOTHING_COUNTED;
    if (to.week !== from.week) this.week = NOTHING_COUNTED;
    if (to.month !== from.month) this.month = NOTHING_COUNTED;
  }
}

export type SubjectNow = Readonly<Sums>;

const NOTHING = { total: NOTHING_COUNTED, day: NOTHING_COUNTED, week: NOTHING_COUNTED, month: NOTHING_COUNTED };
const NEVER: SubjectNow = new Sums();

/** Sums as the database had them. */
export interface TallyStart {
  readonly sums: readonly SubjectSum[];
  /** Newest first. */
  readonly durations: readonly { readonly provider: string; readonly ms: number }[];
  /** When keys were last used, by public id; under the empty name the newest call of all. */
  readonly newest: readonly { readonly name: string; readonly at: number }[];
}

/** Which subjects a call belongs to. */
export type KeyIdOf = (keyHash: string) => string | null;

/**
 * Sums of everything that Home Assistant shows, kept in memory: the database is read once, and each call that is booked is
 * added. Windows turn over at local midnight, Monday and the first of the month.
 */
export class Tally {
  readonly zone: string;
  readonly durations = new Durations();
  readonly #keyIdOf: KeyIdOf;
  readonly #sums = new Map<string, Sums>();
  #windows: Windows;

  constructor(zone: string, now: number, keyIdOf: KeyIdOf) {
    this.zone = zone;
    this.#keyIdOf = keyIdOf;
    this.#windows = windowsAt(now, zone);
  }

  get windows(): Windows {
    return this.#windows;
  }

  load({ sums, durations, newest }: TallyStart): void {
    for (const sum of sums) this.#sums.set(keyOf(sum.subject, sum.name), new Sums(sum));
    for (const { provider, ms } of durations.toReversed()) this.durations.add(provider, ms);
    for (const { name, at } of newest) this.#of(name === '' ? 'all' : 'key', name).lastAt = at;
  }

  /** @returns whether a window turned over */
  turn(now: number): boolean {
    if (now < this.#windows.dayEnd && now >= this.#windows.day) return false;
    const next = windowsAt(now, this.zone);
    for (const sums of this.#sums.values()) sums.turn(this.#windows, next);
    this.#windows = next;
    return true;
  }

  add(record: SpendRecord): void {
    const call = countedOf(record);
    const subjects: (readonly [SumSubject, string | null])[] = [
      ['all', ''],
      ['provider', record.custom_llm_provider],
      ['model', record.model_group],
      ['person', record.user_id?.startsWith('ha:') ? record.user_id : null],
      ['key', this.#keyIdOf(record.api_key)],
    ];
    for (const [subject, name] of subjects) {
      if (name === null || (name === '' && subject !== 'all')) continue;
      this.#of(subject, name).add(call, record.start_time, this.#windows);
    }
    if (record.status === 'success') this.durations.add(record.custom_llm_provider, record.request_duration_ms);
  }

  of(subject: SumSubject, name = ''): SubjectNow {
    return this.#sums.get(keyOf(subject, name)) ?? NEVER;
  }

  /** Names of a kind that did something. */
  names(subject: SumSubject): string[] {
    const prefix = `${subject} `;
    return [...this.#sums.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  #of(subject: SumSubject, name: string): Sums {
    const key = keyOf(subject, name);
    let sums = this.#sums.get(key);
    if (!sums) {
      sums = new Sums();
      this.#sums.set(key, sums);
    }
    return sums;
  }
}

function keyOf(subject: SumSubject, name: string): string {
  return `${subject} ${name}`;
}

function countedOf(record: SpendRecord): Counted {
  return {
    spend: usdOf(record.spend),
    requests: 1,
    errors: record.status === 'failure' ? 1 : 0,
    inputTokens: record.prompt_tokens,
    outputTokens: record.completion_tokens,
    cachedTokens: record.cache_read_tokens,
  };
}

function added(a: Counted, b: Counted): Counted {
  return {
    spend: (a.spend + b.spend) as Usd,
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
  };
}
