import type { Clock } from '../core/clock.ts';
import type { Deployment, ModelGroup } from '../core/deployment.ts';
import {
  BudgetExceededError,
  ClientGoneError,
  InvalidRequestError,
  LedgerUnavailableError,
  ModelAccessError,
  ModelBlockedError,
  RateLimitExceededError,
  TimeoutError,
  UnknownGroupError,
} from '../core/errors.ts';
import { ProviderError } from '../core/provider-error.ts';
import type { Choice } from '../router/choice.ts';
import { mayFallBack, type FallbackTarget } from '../router/fallbacks.ts';
import type { Router } from '../router/router.ts';
import type { Timeouts } from '../providers/transport/upstream-exchange.ts';
import { Attempt } from './attempt.ts';
import { OPERATION_PATH, type Call } from './call.ts';
import type { Codec } from './codec.ts';
import { decorated } from './failure-facts.ts';
import { costOfEstimate, estimateOf, type Estimate, type EstimateSettings } from './estimate.ts';
import { Meter, NOTHING_USED, type MeterParts } from './meter.ts';
import { mockedReply } from './mock.ts';
import { lessOwners } from './owners-say.ts';
import type { Proof, Proofs } from './proofs.ts';
import type { Ways } from './question.ts';
import type { Reply } from './reply.ts';
import type { RunningCalls } from './running-calls.ts';
import { noteFailure, round, type Trail } from './trail.ts';
import type { Upstream } from './upstream.ts';

/** Time-outs of the configuration, milliseconds (ruling E3). */
export interface TimeoutSettings {
  /** `router_settings.timeout`, else `litellm_settings.request_timeout`, else 600 s. */
  readonly callMs: number;
  /** `router_settings.stream_timeout`; null: the call's time-out holds until the first event. */
  readonly firstEventMs: number | null;
  /** `stream_idle_timeout`. */
  readonly idleMs: number;
  /** `max_streaming_duration_seconds`; null: a healthy stream runs as long as it likes. */
  readonly streamMs: number | null;
}

export interface JourneySettings extends EstimateSettings {
  readonly timeouts: TimeoutSettings;
}

export interface JourneyParts extends MeterParts {
  readonly clock: Clock;
  readonly router: Router<Upstream>;
  readonly ways: Ways;
  readonly proofs: Proofs;
  readonly running: RunningCalls;
  readonly codecs: Readonly<Record<Call['operation'], Codec>>;
  /** The group of a model that no row names and that this operation knows all the same; null: there is none. */
  readonly unlisted: (call: Call) => ModelGroup<Upstream> | null;
  /** Read anew for each call: a reload holds for the next one. */
  readonly settings: () => JourneySettings;
  /** Waits; rejects when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One model group on the way of a call. */
interface Stop {
  readonly group: ModelGroup<Upstream>;
  readonly byId: boolean;
  readonly overrides: FallbackTarget['overrides'] | null;
}

type Level = readonly Deployment<Upstream>[];

/** A call on its way. */
interface Trip {
  readonly call: Call;
  readonly trail: Trail;
  readonly meter: Meter;
  readonly settings: JourneySettings;
}

const NONE_FAILED: ReadonlySet<Deployment<Upstream>> = new Set();

/** Nobody waits for an answer any more, or the question itself broke off. */
function isOver({ client, upload }: Call, error: unknown): boolean {
  return error instanceof ClientGoneError || client.gone || (upload !== undefined && upload.failure !== null);
}

/** Whether somebody else can be asked: of a large file that was passed on, the beginning is gone (ruling B9). */
function canAskAgain({ upload }: Call): boolean {
  return upload === undefined || upload.again;
}

/**
 * The journey of one call: find the group, reserve, try deployments until one answers, hand the answer over, settle once.
 */
export class Journey {
  readonly #parts: JourneyParts;

  readonly #running: RunningCalls;

  #waiting = 0;

  constructor(parts: JourneyParts) {
    this.#parts = parts;
    this.#running = parts.running;
  }

  /** Calls that hold something and whose answer has not begun. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Resolves when the first piece of an answer is here: until then an error is a true status and another try is possible.
   * The reply's pieces must be taken to their end or be given up (`rest.return()`); the call is settled either way.
   *
   * @param trail filled as the call goes along, also when this rejects
   * @throws the first failure, when nothing answered
   */
  async run(call: Call, trail: Trail): Promise<Reply> {
    const first = this.#stopFor(call.groupName, null) ?? this.#unlisted(call);
    if (!first) throw new UnknownGroupError(OPERATION_PATH[call.operation], call.model);
    this.#checkAccess(call, first.group);
    this.#checkOwnFallbacks(call);
    const settings = this.#parts.settings();
    const meter = new Meter(this.#parts, call, trail, this.#running.ended);
    const estimate = estimateOf(call, first.group, settings);
    await meter.open(first.group.name, this.#dearest(first.group, estimate), estimate);
    this.#running.add(meter);
    const trip = { call, trail, meter, settings };
    this.#waiting++;
    try {
      return await this.#atGroup(trip, first);
    } catch (error) {
      return await this.#elsewhere(trip, first, error);
    } finally {
      this.#waiting--;
    }
  }

  /** The first group failed: its fallbacks are tried. @throws that failure, when none of them answers */
  async #elsewhere(trip: Trip, first: Stop, failure: unknown): Promise<Reply> {
    const { call, trail, meter } = trip;
    try {
      const seen = new Set([first.group.name]);
      const waiting = isOver(call, failure) || !canAskAgain(call) ? [] : [...this.#targets(call, first.group.name, failure)];
      for (let stop = await this.#nextStop(trip, waiting, seen); stop; stop = await this.#nextStop(trip, waiting, seen)) {
        try {
          return await this.#atGroup(trip, stop);
        } catch (error) {
          if (isOver(call, error)) throw error;
          if (!canAskAgain(call)) break;
        }
      }
      throw failure;
    } catch (error) {
      await meter.fail(error, NOTHING_USED);
      throw this.#told(error, call, trail);
    }
  }

  /** Targets after the first group failed: the client's own list, else the configuration's. */
  #targets(call: Call, group: string, error: unknown): readonly FallbackTarget[] {
    if (call.options.fallbacksOff) return [];
    const configured = this.#parts.router.fallbacks(group, error);
    if (call.options.fallbacks === null) return configured;
    return mayFallBack(error) ? call.options.fallbacks : [];
  }

  /** What the client itself names must be its to use, before anything is sent in its name (data-plane 14.7). */
  #checkOwnFallbacks(call: Call): void {
    for (const { model } of call.options.fallbacks ?? []) {
      const group = this.#parts.router.find(model);
      if (group) this.#checkAccess(call, group);
    }
  }

  /** The next target that the caller may use and can pay for. */
  async #nextStop(trip: Trip, waiting: FallbackTarget[], seen: Set<string>): Promise<Stop | null> {
    const { call, trail } = trip;
    while (waiting.length > 0 && trail.fallbacks < this.#parts.router.maxFallbacks) {
      const target = waiting.shift();
      const stop = target ? this.#stopFor(target.model, target.overrides) : null;
      if (!stop || seen.has(stop.group.name) || !call.caller.mayUseModel(stop.group.name, stop.group.accessGroups)) continue;
      seen.add(stop.group.name);
      if (!(await this.#affords(trip, stop))) continue;
      trail.fallbacks++;
      return stop;
    }
    return null;
  }

  /** Reserves for a fallback. What does not allow it is not the call's error: the first failure is. */
  async #affords({ call, meter, settings }: Trip, { group }: Stop): Promise<boolean> {
    try {
      const estimate = estimateOf(call, group, settings);
      await meter.move(group.name, this.#dearest(group, estimate), estimate);
      return true;
    } catch (error) {
      if (error instanceof BudgetExceededError || error instanceof RateLimitExceededError || error instanceof LedgerUnavailableError)
        return false;
      throw error;
    }
  }

  #atGroup(trip: Trip, stop: Stop): Promise<Reply> {
    const { failFirstGroup } = trip.call.options;
    if (failFirstGroup && trip.trail.fallbacks === 0) throw failFirstGroup;
    if (stop.group.levels.length === 0) throw new ModelBlockedError(stop.group.name);
    const [first = [], ...others] = stop.group.levels;
    return others.length === 0 ? this.#atLevel(trip, stop, first) : this.#throughLevels(trip, stop);
  }

  /** Order levels one after another, with retries in each. */
  async #throughLevels(trip: Trip, stop: Stop): Promise<Reply> {
    let failure: unknown = null;
    for (const level of stop.group.levels) {
      if (failure !== null) trip.trail.retries++;
      try {
        return await this.#atLevel(trip, stop, level);
      } catch (error) {
        failure ??= error;
        if (isOver(trip.call, error) || !canAskAgain(trip.call) || !mayFallBack(error)) throw failure;
      }
    }
    throw failure;
  }

  async #atLevel(trip: Trip, stop: Stop, level: Level): Promise<Reply> {
    const { call, trail, settings } = trip;
    const { clock, router } = this.#parts;
    let failed: ReadonlySet<Deployment<Upstream>> = NONE_FAILED;
    let firstError: unknown = null;
    for (let tried = 0; ; tried++) {
      let deployment: Deployment<Upstream>;
      try {
        deployment = router.choose(stop.group, level, failed, stop.byId);
      } catch (error) {
        throw firstError ?? error;
      }
      const timeoutMs = call.options.timeoutMs ?? deployment.timeoutMs ?? settings.timeouts.callMs;
      trail.timeoutMs = timeoutMs;
      trail.maxRetries = call.options.retries ?? deployment.retries ?? router.retries;
      try {
        const choice = router.explain(stop.group, level, failed, stop.byId, deployment);
        const askedAt = clock.elapsed();
        const reply = await this.#attempt(trip, stop, deployment, choice);
        router.succeeded(deployment, clock.elapsed() - askedAt);
        return reply;
      } catch (error) {
        firstError ??= error;
        if (isOver(call, error)) throw error;
        // This attempt failed without an answer: the client owes nothing for it, even when it leaves now.
        trail.sent = false;
        router.failed(stop.group, deployment, error);
        noteRest(trail, router.restOf(deployment));
        failed = new Set([...failed, deployment]);
        const step = router.next(stop.group, level, failed, error, tried, call.options.retries ?? deployment.retries);
        if (!step.retry || !canAskAgain(call) || this.#spentMs(call) + step.waitMs >= timeoutMs) throw firstError;
        if (step.waitMs > 0) await this.#parts.wait(step.waitMs, call.client.signal);
        trail.retries++;
      }
    }
  }

  /** @param again whether it is asked once more with a new token when the old one does not hold any more */
  async #attempt(trip: Trip, stop: Stop, deployment: Deployment<Upstream>, choice: Choice | null, again = true): Promise<Reply> {
    const { call, trail, meter, settings } = trip;
    const { clock, codecs, proofs, router, wait, ways } = this.#parts;
    let proof: Proof | null = null;
    const note = trail.begin(deployment, choice, clock.elapsed() - call.arrivedAt);
    try {
      const mock = call.options.mock ?? deployment.mock;
      if (mock !== undefined) return await mockedReply(mock, call, trail, meter);
      const shownModel = trail.fallbacks > 0 ? deployment.model : call.model;
      const asked = lessOwners(call, deployment, stop.overrides);
      const made = codecs[call.operation].prepare(asked.call, deployment, { shownModel, overrides: asked.overrides });
      const prepared = made instanceof Promise ? await made : made;
      const timeouts = this.#timeouts(call, deployment, settings.timeouts);
      const got = proofs.of(deployment.upstream, () => ({ signal: call.client.signal, ms: timeouts.firstByteMs }));
      proof = got instanceof Promise ? await got : got;
      const attempt = new Attempt({ call, deployment, prepared, proof, trail, note, meter, router, clock, wait }, ways);
      return await attempt.run(proof === got ? timeouts : this.#timeouts(call, deployment, settings.timeouts));
    } catch (error) {
      const renewed = proof !== null && proofs.failed(deployment.upstream, proof, error);
      note.end = round(clock.elapsed() - call.arrivedAt);
      noteFailure(note, error);
      note.status = error instanceof ProviderError ? error.status : error instanceof TimeoutError ? 408 : null;
      if (!renewed || !again || !canAskAgain(call)) throw error;
      trail.retries++;
    }
    return this.#attempt(trip, stop, deployment, choice, false);
  }

  #timeouts(call: Call, deployment: Deployment<Upstream>, configured: TimeoutSettings): Timeouts {
    const callMs = call.options.timeoutMs ?? deployment.timeoutMs ?? configured.callMs;
    const left = Math.max(1, callMs - this.#spentMs(call));
    const spent = callMs - left;
    if (!call.stream) return { firstByteMs: left, totalMs: left, idleMs: left, spentMs: { firstByte: spent, total: spent } };
    const firstEventMs = call.options.streamTimeoutMs ?? deployment.streamTimeoutMs ?? configured.firstEventMs;
    return {
      firstByteMs: firstEventMs ?? left,
      totalMs: configured.streamMs,
      idleMs: configured.idleMs,
      spentMs: { firstByte: firstEventMs === null ? spent : 0, total: 0 },
    };
  }

  /** How long the call has taken; while its file arrives, it is the client who takes time. */
  #spentMs({ arrivedAt, upload }: Call): number {
    const now = this.#parts.clock.elapsed();
    return now - (upload === undefined ? arrivedAt : Math.max(arrivedAt, upload.endedAt ?? now));
  }

  #stopFor(name: string, overrides: FallbackTarget['overrides'] | null): Stop | null {
    const { router } = this.#parts;
    const group = router.find(name);
    return group && { group, byId: router.table.isId(name), overrides: overrides && Object.keys(overrides).length > 0 ? overrides : null };
  }

  #unlisted(call: Call): Stop | null {
    const group = this.#parts.unlisted(call);
    return group && { group, byId: false, overrides: null };
  }

  #checkAccess(call: Call, group: ModelGroup<Upstream>): void {
    if (!call.caller.mayUseModel(group.name, group.accessGroups)) throw new ModelAccessError(group.name);
  }

  /** The dearest deployment of the group is reserved for: any of them may answer. */
  #dearest(group: ModelGroup<Upstream>, { measured }: Estimate): Deployment<Upstream> {
    const [first, ...others] = group.deployments;
    if (!first) throw new InvalidRequestError(`The model group ${group.name} has no deployment.`, 'model');
    const usual = { inputTokens: 1000, outputTokens: 1000, askedOutputTokens: 0, ...(measured && { measured }) };
    let dearest = first;
    for (const other of others) if (costOfEstimate(other.price, usual, 0) > costOfEstimate(dearest.price, usual, 0)) dearest = other;
    return dearest;
  }

  #told(error: unknown, call: Call, trail: Trail): unknown {
    if (!(error instanceof ProviderError)) return error;
    const name = trail.deployment?.upstream.resolved.providerName ?? 'Gateway';
    return decorated(error, name, call.groupName, trail.retries, trail.maxRetries);
  }
}

/** The deployment that was just tried is left alone for a while. */
function noteRest({ attempts }: Trail, restsMs: number): void {
  const note = attempts.at(-1);
  if (note && restsMs > 0) note.restsMs = Math.round(restsMs);
}
