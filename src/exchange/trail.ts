import type { Deployment } from '../core/deployment.ts';
import type { HeaderList } from '../core/header-list.ts';
import type { Usd } from '../core/money.ts';
import type { Cost } from '../core/price.ts';
import type { Choice } from '../router/choice.ts';
import { errorFactsOf } from './failure-facts.ts';
import type { Upstream } from './upstream.ts';

/** One attempt, as the spend row explains it (ruling M16). Times are milliseconds since the call arrived. */
export interface AttemptNote {
  readonly deployment: string;
  readonly provider: string;
  readonly model: string;
  /** Its group, where it is not the one that was asked for. */
  readonly group?: string;
  /** Absent: there was nothing to choose. */
  readonly choice?: Choice;
  readonly start: number;
  firstByte: number | null;
  end: number | null;
  status: number | null;
  /** Class of the failure; null while running and on success. */
  error: string | null;
  /** What the failure said, shortened. */
  message?: string;
  /** For how long the deployment rests since this failure. */
  restsMs?: number;
}

/** Attempts kept in a row's explanation; a row holds at most 4 kB of it. */
const MOST_NOTES = 12;

/** Where a call has been: for response headers, errors and the row's explanation. Written by the journey alone. */
export class Trail {
  readonly attempts: AttemptNote[] = [];
  deployment: Deployment<Upstream> | null = null;
  /** Group that answered or failed last. */
  group: string;
  retries = 0;
  maxRetries = 0;
  fallbacks = 0;
  timeoutMs: number | null = null;
  /** Upstream response headers of the last attempt, lower case. */
  upstreamHeaders: Readonly<Record<string, string>> = {};
  /** What the last attempt's provider did not get of what was asked, a line each. */
  leftOut: readonly string[] = [];
  /** Milliseconds spent waiting for providers. */
  upstreamMs = 0;
  /** Whether the last attempt's request left for a provider, and has not failed. */
  sent = false;
  /** Known once booked by the provider's own count; null on streams when their headers leave. */
  cost: Cost | null = null;
  /** The key's spend: before this call, or with it once it is booked. */
  keySpend: Usd | null = null;
  /** `x-ratelimit-*` of the limits that this call counts in. */
  limitHeaders: Readonly<HeaderList> = [];

  readonly #asked: string;

  constructor(group: string) {
    this.group = group;
    this.#asked = group;
  }

  /** @param choice why this deployment; null: there was nothing to choose */
  begin(deployment: Deployment<Upstream>, choice: Choice | null, at: number): AttemptNote {
    this.deployment = deployment;
    this.group = deployment.group;
    const note: AttemptNote = {
      deployment: deployment.id,
      provider: deployment.provider,
      model: deployment.model,
      ...(deployment.group === this.#asked ? {} : { group: deployment.group }),
      ...(choice === null ? {} : { choice }),
      start: round(at),
      firstByte: null,
      end: null,
      status: null,
      error: null,
    };
    if (this.attempts.length >= MOST_NOTES) this.attempts.splice(1, 1);
    this.attempts.push(note);
    return note;
  }
}

/** Characters of a failure's text that an attempt keeps. */
const LONGEST_MESSAGE = 200;

/** Writes down how an attempt failed. Provider texts were masked where they were read. */
export function noteFailure(note: AttemptNote, error: unknown): void {
  const { class: kind, message } = errorFactsOf(error);
  note.error = kind;
  note.message = message.slice(0, LONGEST_MESSAGE);
}

/** Times in a row are shown to a tenth of a millisecond. */
export function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
