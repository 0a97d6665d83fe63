import type { Clock } from '../core/clock.ts';
import type { Deployment } from '../core/deployment.ts';
import { ClientGoneError } from '../core/errors.ts';
import { NO_USD, usdText, type Usd } from '../core/money.ts';
import { NO_USAGE, type Usage } from '../core/usage.ts';
import { homePersonOf } from '../identity/managed-key.ts';
import type { People } from '../identity/people.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CountJob } from '../ledger/tokens/counter.ts';
import type { CallFacts, HoldRecord, ServedBy } from '../ledger/hold-record.ts';
import { spendRecordOf, type Marks } from '../ledger/spend-row.ts';
import type { Ask, Hold, Limits } from '../limits/limits.ts';
import type { BookedCall } from './call.ts';
import { callTypeOf } from './call.ts';
import { costOfEstimate, type Estimate } from './estimate.ts';
import { inputJobOf } from './input-job.ts';
import { errorFactsOf } from './failure-facts.ts';
import type { Refusals } from './refusals.ts';
import type { Trail } from './trail.ts';
import { withUntoldSearch } from './untold-search.ts';
import type { Upstream } from './upstream.ts';
import { VainAnswers } from './vain-answers.ts';

/** Counts tokens when a provider did not; off the call's path. */
export interface CallCounter {
  count(jobs: readonly CountJob[]): Promise<number>;
}

export interface MeterParts {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly counter: CallCounter;
  readonly refusals: Refusals;
  readonly people: Pick<People, 'get'>;
}

/** What is known of a call's use when it ends. */
export interface Used {
  /** As the provider reported it; null: it did not. */
  readonly usage: Usage | null;
  /** Stands in, marked, where the price asks for what the usage does not tell; absent: tokens are counted. */
  readonly guess?: Usage;
  /** What the provider counted before the end: its input counts, its output is not final. */
  readonly early?: Usage | null;
  /** Bytes of output that came through. */
  readonly outputBytes: number;
  /** How many of them stand in the text; absent: all. */
  readonly keptBytes?: number;
  /** The output, for counting. */
  readonly text: () => string;
}

/** Nothing came back. */
export const NOTHING_USED: Used = { usage: null, outputBytes: 0, text: () => '' };

/** English prose and code come to about this many bytes a token; only for marks and crashes, never instead of counting. */
const BYTES_PER_TOKEN = 4;

/**
 * The money of one call, from reservation to booking. Settles exactly once: on success, on failure, and when the client
 * leaves; what is called afterwards does nothing.
 */
export class Meter {
  readonly #parts: MeterParts;
  readonly #call: BookedCall;
  readonly #trail: Trail;
  readonly #facts: CallFacts;
  readonly #onSettled: (meter: Meter) => void;
  #estimate: Estimate = { inputTokens: 0, outputTokens: 0, askedOutputTokens: 0 };
  #hold: Hold | null = null;
  /** What was reserved for: stands in the row when the call never got as far as a deployment. */
  #planned: Deployment<Upstream> | null = null;
  /** What was set aside for the call when it was last admitted. */
  #reserved: Usd = NO_USD;
  #settled = false;
  readonly #vain = new VainAnswers();
  #firstTokenAt: number | null = null;
  /** `clock.elapsed()` of the last sign of life. */
  #aliveAt = 0;

  /** @param onSettled told once, when the call holds nothing any more */
  constructor(parts: MeterParts, call: BookedCall, trail: Trail, onSettled: (meter: Meter) => void) {
    this.#parts = parts;
    this.#onSettled = onSettled;
    this.#call = call;
    this.#trail = trail;
    this.#facts = callFactsOf(call);
  }

  /**
   * Reserves over every limit and budget that applies and writes the call down.
   *
   * @throws {RateLimitExceededError | BudgetExceededError | LedgerUnavailableError} and then nothing is held
   */
  async open(group: string, deployment: Deployment<Upstream>, estimate: Estimate): Promise<void> {
    const { limits, ledger } = this.#parts;
    const ask = this.#ask(group, deployment, estimate);
    const hold = this.#admitted(ask);
    try {
      await ledger.open(this.#holdRecord(hold, deployment, estimate), deployment.price.free);
    } catch (error) {
      limits.release(hold);
      throw error;
    }
    this.#holding(hold, deployment, estimate, ask);
  }

  #admitted(ask: Ask): Hold {
    const { limits, refusals } = this.#parts;
    try {
      return limits.admit(ask);
    } catch (error) {
      refusals.note(this.#facts, ask.model, this.#call.stream, error);
      throw error;
    }
  }

  /**
   * Exchanges the reservation for one of the group that the call falls back to: its budgets and prices are others.
   *
   * @throws {RateLimitExceededError | BudgetExceededError | LedgerUnavailableError} and then what was held is still held
   */
  async move(group: string, deployment: Deployment<Upstream>, estimate: Estimate): Promise<void> {
    if (!this.#hold || this.#settled) return;
    const { limits, ledger } = this.#parts;
    const { price } = deployment;
    // A call that was paid for finishes, whatever the journal does (ruling M15).
    if (!price.free && this.#planned?.price.free === true) ledger.need();
    const ask = this.#ask(group, deployment, estimate);
    const hold = limits.move(this.#hold, ask);
    this.#holding(hold, deployment, estimate, ask);
    await ledger.open(this.#holdRecord(hold, deployment, estimate), true);
  }

  /** The first piece of the answer is here. */
  firstToken(): void {
    this.#firstTokenAt ??= this.#parts.clock.now();
  }

  /** What the call will cost, where that is known before its end: for the headers of an answer that streams. */
  quote({ usage }: Pick<Used, 'usage'>): void {
    if (usage === null || this.#trail.deployment === null) return;
    const cost = this.#trail.deployment.price.costOf(usage, this.#call.startedAt);
    if (!cost.unpriced) this.#trail.cost = cost;
  }

  progress(outputBytes: number): void {
    this.#aliveAt = this.#parts.clock.elapsed();
    this.#parts.ledger.progress(this.#call.requestId, Math.ceil(outputBytes / BYTES_PER_TOKEN), this.#aliveAt);
  }

  /** Answers were made that nobody gets, because a further request of the same attempt failed: the call pays for them, however it ends. */
  inVain({ price }: Deployment<Upstream>, usages: readonly Usage[]): void {
    for (const usage of usages) this.#vain.note({ usage, cost: price.costOf(usage, this.#call.startedAt) });
  }

  /** Still open, without a sign of life since then (`clock.elapsed()`). */
  silentSince(elapsed: number): boolean {
    return !this.#settled && Math.max(this.#aliveAt, this.#call.arrivedAt) < elapsed;
  }

  /** Books a call that was answered. Its last byte may leave when this resolves (ruling M2). */
  succeed(used: Used): Promise<void> {
    this.#settle('success', used, null);
    return this.#parts.ledger.written();
  }

  /** Books a call that failed or whose client left (ruling M4). */
  fail(error: unknown, used: Used): Promise<void> {
    this.#settle(error instanceof ClientGoneError ? 'success' : 'failure', used, error);
    return this.#parts.ledger.written();
  }

  #settle(status: 'success' | 'failure', used: Used, error: unknown): void {
    if (this.#settled || !this.#hold) return;
    this.#settled = true;
    this.#onSettled(this);
    const left = error instanceof ClientGoneError;
    const nothing = !this.#trail.sent || (status === 'failure' && used.outputBytes === 0);
    const measured = used.usage || used.guess ? used : nothing ? undefined : this.#estimate.measured;
    if (measured?.guess) {
      const { usage, marks } = this.#billable(measured.usage, measured.guess);
      this.#book(status, usage, marks, error);
    } else if (measured?.usage) {
      this.#book(status, measured.usage, {}, error);
    } else if (nothing) {
      this.#book(status, NO_USAGE, {}, error);
    } else {
      this.#parts.ledger.ended(this.#call.requestId, Math.ceil(used.outputBytes / BYTES_PER_TOKEN), status, left);
      void this.#count(status, used, error);
    }
  }

  /** What was told, where the price can be multiplied with it; else the guess. */
  #billable(told: Usage | null, guess: Usage): { readonly usage: Usage; readonly marks: Marks } {
    const price = (this.#trail.deployment ?? this.#planned)?.price;
    const at = this.#call.startedAt;
    const exact = told !== null && (price === undefined || !price.costOf(told, at).unpriced || price.costOf(guess, at).unpriced);
    return exact ? { usage: told, marks: {} } : { usage: guess, marks: { usage_estimated: true } };
  }

  async #count(status: 'success' | 'failure', used: Used, error: unknown): Promise<void> {
    const { counter } = this.#parts;
    const model = this.#trail.deployment?.model ?? this.#call.model;
    const beyond = Math.ceil((used.outputBytes - (used.keptBytes ?? used.outputBytes)) / BYTES_PER_TOKEN);
    const text = used.outputBytes === 0 ? '' : used.text();
    const [input, written] = await Promise.all([
      used.early ?? this.#inputUsage(model),
      text === '' ? 0 : counter.count([{ model, texts: [text] }]),
    ]);
    this.#book(status, { ...input, outputTokens: Math.max(input.outputTokens, written + beyond) }, { usage_estimated: true }, error);
  }

  /** The input as we count it. */
  async #inputUsage(model: string): Promise<Usage> {
    const job = inputJobOf(this.#call, model);
    return { inputTokens: job === null ? this.#estimate.inputTokens : await this.#parts.counter.count([job]), outputTokens: 0 };
  }

  #book(status: 'success' | 'failure', own: Usage, marks: Marks, error: unknown): void {
    const { clock, limits, ledger } = this.#parts;
    const hold = this.#hold;
    const deployment = this.#trail.deployment ?? this.#planned;
    if (!hold || !deployment) return;
    const told = own === NO_USAGE ? own : withUntoldSearch(own, this.#call.body, deployment);
    const { usage, cost } = this.#vain.with({ usage: told, cost: deployment.price.costOf(told, this.#call.startedAt) });
    this.#trail.cost = cost;
    const charges = limits.settle(hold, cost.total, { input: usage.inputTokens, output: usage.outputTokens });
    this.#trail.keySpend = limits.spendOf(this.#call.caller.keyHash);
    ledger.settle(
      spendRecordOf(this.#facts, servedByOf(deployment), charges, {
        status,
        usage,
        cost,
        marks: {
          ...marks,
          ...(cost.unpriced && usage !== NO_USAGE ? { unpriced: true } : {}),
          ...(this.#vain.any ? { answered_in_vain: true } : {}),
          ...(error instanceof ClientGoneError ? { client_left: true } : {}),
        },
        endedAt: clock.now(),
        firstTokenAt: this.#firstTokenAt,
        attempts: this.#trail.attempts,
        retries: this.#trail.retries,
        fallbacks: this.#trail.fallbacks,
        streamed: this.#call.stream,
        reserved: this.#reserved === NO_USD ? null : usdText(this.#reserved),
        error: error === null || error instanceof ClientGoneError ? null : errorFactsOf(error),
      }),
    );
  }

  #ask(model: string, { price }: Deployment<Upstream>, estimate: Estimate): Ask {
    const { caller, startedAt } = this.#call;
    const { userId } = this.#facts;
    const { inputTokens, outputTokens } = estimate;
    return {
      policy: caller.policy,
      person: userId !== null && userId !== caller.userId ? (this.#parts.people.get(userId)?.policy ?? null) : null,
      model,
      estimate: { cost: costOfEstimate(price, estimate, startedAt), inputTokens, outputTokens },
      free: price.free,
    };
  }

  #holding(hold: Hold, deployment: Deployment<Upstream>, estimate: Estimate, ask: Ask): void {
    const { limits } = this.#parts;
    this.#hold = hold;
    this.#planned = deployment;
    this.#estimate = estimate;
    this.#reserved = ask.estimate.cost;
    this.#trail.limitHeaders = limits.headersOf(hold);
    this.#trail.keySpend = limits.spendOf(this.#call.caller.keyHash);
  }

  #holdRecord(hold: Hold, deployment: Deployment<Upstream>, estimate: Estimate): HoldRecord {
    const { price } = deployment;
    const { inputTokens, askedOutputTokens } = estimate;
    return {
      kind: 'hold',
      facts: this.#facts,
      servedBy: servedByOf(deployment),
      charges: hold.charges,
      promptTokens: inputTokens,
      outputTokens: this.#call.stream ? 0 : askedOutputTokens,
      promptCost: usdText(costOfEstimate(price, { ...estimate, outputTokens: 0 }, this.#call.startedAt)),
      millionOutputCost: usdText(price.estimate(0, 1_000_000, this.#call.startedAt)),
    };
  }
}

function servedByOf(deployment: Deployment<Upstream>): ServedBy {
  return {
    model: deployment.model,
    deploymentId: deployment.id,
    group: deployment.group,
    provider: deployment.provider,
    apiBase: deployment.upstream.shownBase,
  };
}

function callFactsOf(call: BookedCall): CallFacts {
  const { caller, origin } = call;
  return {
    requestId: call.requestId,
    callId: call.callId === call.requestId ? null : call.callId,
    callType: callTypeOf(call),
    keyHash: caller.keyHash,
    keyAlias: caller.keyAlias,
    userId: caller.userId ?? homePersonOf(caller, origin.endUser),
    teamId: caller.teamId,
    organizationId: caller.organizationId,
    endUser: origin.endUser,
    sessionId: origin.sessionId,
    tags: origin.tags,
    address: origin.address,
    notes: origin.notes,
    route: origin.route,
    startedAt: call.startedAt,
    modelGroup: call.groupName,
  };
}
