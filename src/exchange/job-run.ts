import type { Clock } from '../core/clock.ts';
import { TimeoutError } from '../core/errors.ts';
import type { Job, JobReply, NextQuestion } from '../core/job.ts';
import { MalformedAnswerError, ProviderError } from '../core/provider-error.ts';
import type { EgressPolicy } from '../providers/egress.ts';
import type { Timeouts, UpstreamExchange } from '../providers/transport/upstream-exchange.ts';
import type { Client } from './client.ts';
import { questionAt, type Question } from './question.ts';
import type { Upstream } from './upstream.ts';

export interface JobRunParts {
  readonly job: Job;
  readonly upstream: Upstream;
  readonly client: Client;
  readonly egress: EgressPolicy;
  readonly clock: Clock;
  /** Waits; rejects when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly timeouts: Timeouts;
  /** `clock.elapsed()` when its first request was made. */
  readonly askedAt: number;
}

/** A reply of a job, all of it. */
export class TakenReply implements JobReply {
  readonly exchange: UpstreamExchange;
  readonly body: Buffer;
  #told: unknown;

  constructor(exchange: UpstreamExchange, body: Buffer) {
    this.exchange = exchange;
    this.body = body;
  }

  get status(): number {
    return this.exchange.status;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.exchange.headers;
  }

  told(): unknown {
    this.#told ??= parsed(this.body);
    return this.#told;
  }
}

/** A question, and whether its answer is the stream. */
export interface JobQuestion extends Question {
  readonly streams: boolean;
}

/** The bounds of every pace: what a reply asks for is a wish. */
const LEAST_WAIT_MS = 50;
const MOST_WAIT_MS = 30_000;
/** Nobody asks more often for one answer. */
const MOST_QUESTIONS = 2000;
/** How often a job whose stream is over is asked what it used, and how long apart. */
const CLOSING_QUESTIONS = 3;
const CLOSING_WAIT_MS = 200;

/** One job from the reply that began it to the one that is its answer, in the time of its attempt. */
export class JobRun {
  readonly #parts: JobRunParts;
  #next: NextQuestion | null = null;
  #asked = 0;

  constructor(parts: JobRunParts) {
    this.#parts = parts;
  }

  /** Whether the first answer belongs to the job. */
  begins({ status, headers }: UpstreamExchange): boolean {
    const { begins } = this.#parts.job;
    return begins === undefined || begins({ status, headers });
  }

  /** The question to ask after this reply, once its time has come; null: the reply is the answer. @throws when there will be none */
  async next(reply: TakenReply): Promise<JobQuestion | null> {
    this.#next = this.#after(reply);
    if (this.#next === null) return null;
    if (this.#asked > MOST_QUESTIONS) throw tooSlow();
    const { at, afterMs, streams = false, accept, send } = this.#next;
    const question = this.#question(at, { accept: streams ? 'text/event-stream' : accept, send });
    await this.#pause(afterMs);
    return { ...question, streams };
  }

  /** What such a question is answered. A provider that is asked too often says when to ask again. */
  async answered<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ProviderError) || error.status !== 429 || ++this.#asked > MOST_QUESTIONS) throw error;
        await this.#pause(error.failure.retryAfterMs ?? this.#next?.afterMs ?? 0);
      }
    }
  }

  /** What is left of the attempt's time for a whole answer. With what was spent it is all of that time, also when none is left. */
  left(): Timeouts {
    const { firstByteMs, totalMs, idleMs, spentMs } = this.#parts.timeouts;
    const bound = totalMs === null ? firstByteMs : Math.min(totalMs, firstByteMs);
    const left = Math.max(1, Math.round(bound - this.#gone()));
    const spent = Math.round(bound + (spentMs?.firstByte ?? 0)) - left;
    return { firstByteMs: left, totalMs: left, idleMs, spentMs: { firstByte: spent, total: spent } };
  }

  /** What a reply says of the job that nobody asks for any more. */
  learn(reply: TakenReply): void {
    try {
      this.#next = this.#after(reply);
    } catch {
      // It came to nothing by itself, or nobody can say what it is.
    }
  }

  /** How its provider hears that nobody waits for the job any more; null: it is over, or cannot be ended. Told once. */
  abandoned(): Question | null {
    const cancel = this.#next?.cancel;
    this.#next = null;
    if (cancel === undefined) return null;
    return this.#question(cancel.at, { method: cancel.method });
  }

  /** The event that tells a stream what its job says at its end; null: it said nothing. */
  async closing(ask: (question: Question) => Promise<TakenReply>): Promise<Buffer | null> {
    const { job, client, wait } = this.#parts;
    const closing = this.#next?.closing;
    if (closing === undefined) return null;
    for (let asked = 0; asked < CLOSING_QUESTIONS; asked++) {
      if (asked > 0) await wait(CLOSING_WAIT_MS, client.signal);
      const reply = await ask(this.#question(closing.at, {}));
      if (job.next(reply, asked) !== null) continue;
      return Buffer.from(`event: ${closing.event}\ndata: ${JSON.stringify(reply.told())}\n\n`);
    }
    return null;
  }

  /** A job that came to nothing needs no end; one that cannot be understood may still run. */
  #after(reply: TakenReply): NextQuestion | null {
    try {
      return this.#parts.job.next(reply, this.#asked++);
    } catch (error) {
      if (!(error instanceof MalformedAnswerError)) this.#next = null;
      throw error;
    }
  }

  #question(at: string, how: Parameters<typeof questionAt>[1]): Question {
    const { upstream, job, egress } = this.#parts;
    return questionAt(at, how, upstream, job, egress);
  }

  #gone(): number {
    return this.#parts.clock.elapsed() - this.#parts.askedAt;
  }

  async #pause(wishedMs: number): Promise<void> {
    const { wait, client, timeouts } = this.#parts;
    if (wishedMs === 0 && this.#next?.streams === true) return;
    const ms = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, wishedMs));
    const { firstByteMs: left, spentMs } = this.left();
    await wait(Math.min(ms, left), client.signal);
    if (ms >= left) throw new TimeoutError(timeouts.totalMs === null ? 'first byte' : 'total', left + (spentMs?.total ?? 0));
  }
}

function tooSlow(): ProviderError {
  return new ProviderError({
    class: 'Timeout',
    status: 504,
    message: `The provider was asked ${MOST_QUESTIONS} times for its answer and has not finished it.`,
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
