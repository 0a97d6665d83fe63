import type { Clock } from '../core/clock.ts';
import type { Deployment, ModelGroup } from '../core/deployment.ts';
import {
  BudgetExceededError,
  ClientGoneError,
  InvalidRequestError,
  LedgerUnavailableError,
  ModelAccessError,
  RateLimitExceededError,
  TimeoutError,
  UnknownGroupError,
} from '../core/errors.ts';
import { ProviderError } from '../core/provider-error.ts';
import { mayFallBack, type FallbackTarget } from '../router/fallbacks.ts';
import type { Router } from '../router/router.ts';
import type { Transport } from '../providers/transport/transport.ts';
import type { Timeouts } from '../providers/transport/upstream-exchange.ts';
import { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import type { Codec } from './codec.ts';
import { decorated } from './failure-facts.ts';
import { estimateOf, type EstimateSettings } from './estimate.ts';
import { Meter, NOTHING_USED, type MeterParts } from './meter.ts';
import { mockedReply } from './mock.ts';
import type { Reply } from './reply.ts';
import { round, type Trail } from './trail.ts';
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
  readonly transport: Transport;
  readonly codecs: Readonly<Record<Call['operation'], Codec>>;
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

/**
 * The journey of one call: find the group, reserve, try deployments until one answers, hand the answer over, settle once.
 */
export class Journey {
  readonly #parts: JourneyParts;

  /** Calls that hold something. */
  readonly #running = new Set<Meter>();

  readonly #ended = (meter: Meter): void => {
    this.#running.delete(meter);
  };

  constructor(parts: JourneyParts) {
    this.#parts = parts;
  }

  /**
   * Settles calls that should have ended long ago and did not: no reservation outlives its lease (reliability I4). Every wait
   * of a call has a bound of its own, so whatever is found here is a fault of ours.
   *
   * @param now `clock.elapsed()`
   * @returns how many there were
   */
  sweep(now: number): number {
    const { callMs, idleMs } = this.#parts.settings().timeouts;
    const bound = now - Math.max(callMs, idleMs) - LEASE_GRACE_MS;
    let found = 0;
    for (const meter of this.#running) {
      if (!meter.silentSince(bound)) continue;
      meter.fail(new TimeoutError('total', callMs), NOTHING_USED);
      found++;
    }
    return found;
  }

  /**
   * Resolves when the first piece of an answer is here: until then an error is a true status and another try is possible.
   * The reply's pieces must be taken to their end or be returned (`Reply.close`); the call is settled either way.
   *
   * @param trail filled as the call goes along, also when this rejects
   * @throws the first failure, when nothing answered
   */
  async run(call: Call, trail: Trail): Promise<Reply> {
    const first = this.#stopFor(call.groupName, null);
    if (!first) throw new UnknownGroupError(call.operation === 'chat' ? '/chat/completions' : '/embeddings', call.model);
    this.#checkAccess(call, first.group);
    this.#checkOwnFallbacks(call);
    const settings = this.#parts.settings();
    const meter = new Meter(this.#parts, call, trail, this.#ended);
    meter.open(first.group.name, this.#dearest(first.group), estimateOf(call, first.group, settings));
    this.#running.add(meter);
    try {
      return await this.#viaFallbacks(call, first, trail, meter, settings);
    } catch (error) {
      meter.fail(error, NOTHING_USED);
      throw this.#told(error, call, trail);
    }
  }

  async #viaFallbacks(call: Call, first: Stop, trail: Trail, meter: Meter, settings: JourneySettings): Promise<Reply> {
    const seen = new Set<string>([first.group.name]);
    let waiting: FallbackTarget[] = [];
    let firstError: unknown = null;
    for (let stop: Stop | null = first; stop;) {
      try {
        return await this.#atGroup(call, stop, trail, meter, settings);
      } catch (error) {
        firstError ??= error;
        if (error instanceof ClientGoneError || call.signal.aborted) throw error;
        if (trail.fallbacks === 0) waiting = [...this.#targets(call, stop.group.name, error)];
        stop = this.#nextStop(call, waiting, seen, trail, meter, settings);
        if (!stop) throw firstError;
      }
    }
    throw firstError;
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
  #nextStop(call: Call, waiting: FallbackTarget[], seen: Set<string>, trail: Trail, meter: Meter, settings: JourneySettings): Stop | null {
    while (waiting.length > 0 && trail.fallbacks < this.#parts.router.maxFallbacks) {
      const target = waiting.shift();
      const stop = target ? this.#stopFor(target.model, target.overrides) : null;
      if (!stop || seen.has(stop.group.name) || !call.caller.mayUseModel(stop.group.name, stop.group.accessGroups)) continue;
      seen.add(stop.group.name);
      if (!this.#affords(call, stop, meter, settings)) continue;
      trail.fallbacks++;
      return stop;
    }
    return null;
  }

  /** Reserves for a fallback. What does not allow it is not the call's error: the first failure is. */
  #affords(call: Call, { group }: Stop, meter: Meter, settings: JourneySettings): boolean {
    try {
      meter.move(group.name, this.#dearest(group), estimateOf(call, group, settings));
      return true;
    } catch (error) {
      if (error instanceof BudgetExceededError || error instanceof RateLimitExceededError || error instanceof LedgerUnavailableError)
        return false;
      throw error;
    }
  }

  /** Order levels one after another, with retries in each. */
  async #atGroup(call: Call, stop: Stop, trail: Trail, meter: Meter, settings: JourneySettings): Promise<Reply> {
    let failure: unknown = null;
    if (call.options.failFirstGroup && trail.fallbacks === 0) throw call.options.failFirstGroup;
    const levels = this.#parts.router.levels(stop.group);
    for (const level of levels) {
      if (failure !== null) trail.retries++;
      try {
        return await this.#atLevel(call, stop, level, trail, meter, settings);
      } catch (error) {
        failure ??= error;
        if (error instanceof ClientGoneError || !mayFallBack(error)) throw failure;
      }
    }
    throw failure;
  }

  async #atLevel(
    call: Call,
    stop: Stop,
    level: readonly Deployment<Upstream>[],
    trail: Trail,
    meter: Meter,
    settings: JourneySettings,
  ): Promise<Reply> {
    const { clock, router } = this.#parts;
    const failed = new Set<Deployment<Upstream>>();
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
        const reply = await this.#attempt(call, stop, deployment, trail, meter, settings);
        router.succeeded(deployment);
        return reply;
      } catch (error) {
        firstError ??= error;
        if (error instanceof ClientGoneError || call.signal.aborted) throw error;
        // This attempt failed without an answer: the client owes nothing for it, even when it leaves now.
        trail.sent = false;
        router.failed(stop.group, deployment, error);
        failed.add(deployment);
        const step = router.next(stop.group, level, failed, error, tried, call.options.retries ?? deployment.retries);
        if (!step.retry || clock.elapsed() - call.arrivedAt + step.waitMs >= timeoutMs) throw firstError;
        if (step.waitMs > 0) await this.#parts.wait(step.waitMs, call.signal);
        trail.retries++;
      }
    }
  }

  async #attempt(
    call: Call,
    stop: Stop,
    deployment: Deployment<Upstream>,
    trail: Trail,
    meter: Meter,
    settings: JourneySettings,
  ): Promise<Reply> {
    const { clock, codecs, transport } = this.#parts;
    const note = trail.begin(deployment, clock.elapsed() - call.arrivedAt);
    try {
      const mock = call.options.mock ?? deployment.mock;
      if (mock !== undefined) return mockedReply(mock, call, trail, meter);
      const shownModel = trail.fallbacks > 0 ? deployment.model : call.model;
      const prepared = await codecs[call.operation].prepare(call, deployment, { shownModel, overrides: stop.overrides });
      return await new Attempt({ call, deployment, prepared, trail, note, meter, clock }).run(
        transport,
        this.#timeouts(call, deployment, settings.timeouts),
      );
    } catch (error) {
      note.end = round(clock.elapsed() - call.arrivedAt);
      note.error = error instanceof ProviderError ? error.failure.class : error instanceof Error ? error.name : 'Error';
      note.status = error instanceof ProviderError ? error.status : error instanceof TimeoutError ? 408 : null;
      throw error;
    }
  }

  #timeouts(call: Call, deployment: Deployment<Upstream>, configured: TimeoutSettings): Timeouts {
    const callMs = call.options.timeoutMs ?? deployment.timeoutMs ?? configured.callMs;
    const left = Math.max(1, callMs - (this.#parts.clock.elapsed() - call.arrivedAt));
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

  #stopFor(name: string, overrides: FallbackTarget['overrides'] | null): Stop | null {
    const { router } = this.#parts;
    const group = router.find(name);
    return group && { group, byId: router.table.isId(name), overrides: overrides && Object.keys(overrides).length > 0 ? overrides : null };
  }

  #checkAccess(call: Call, group: ModelGroup<Upstream>): void {
    if (!call.caller.mayUseModel(group.name, group.accessGroups)) throw new ModelAccessError(group.name);
  }

  /** The dearest deployment of the group is reserved for: any of them may answer. */
  #dearest(group: ModelGroup<Upstream>): Deployment<Upstream> {
    const [first, ...others] = group.deployments;
    if (!first) throw new InvalidRequestError(`The model group ${group.name} has no deployment.`, 'model');
    let dearest = first;
    for (const other of others) if (other.price.estimate(1000, 1000, 0) > dearest.price.estimate(1000, 1000, 0)) dearest = other;
    return dearest;
  }

  #told(error: unknown, call: Call, trail: Trail): unknown {
    if (!(error instanceof ProviderError)) return error;
    const name = trail.deployment?.upstream.resolved.providerName ?? 'Gateway';
    return decorated(error, name, call.groupName, trail.retries, trail.maxRetries);
  }
}

/** What a call may be late before its reservation is taken from it, milliseconds. */
const LEASE_GRACE_MS = 60_000;
