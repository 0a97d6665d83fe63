import { randomUUIDv7 } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Caller } from '../core/caller.ts';
import type { Deployment } from '../core/deployment.ts';
import { AuthError } from '../core/errors.ts';
import type { RouteCall } from '../core/route.ts';
import type { Call, Operation } from '../exchange/call.ts';
import { Client } from '../exchange/client.ts';
import type { Journey } from '../exchange/journey.ts';
import { Trail } from '../exchange/trail.ts';
import { DEAR_MODES, TRIED_MODES, tinyCall } from '../exchange/trial/tiny-call.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { modeOfName } from '../providers/model-mode.ts';
import { isBlocked } from '../router/model-table.ts';
import type { Router } from '../router/router.ts';

export interface HealthChecksParts {
  readonly clock: Clock;
  readonly journey: Journey;
  readonly router: Router<Upstream>;
  /** Rows that cannot be called, with the reason. */
  readonly refused: () => readonly { readonly modelName: string; readonly reason: string }[];
}

/** What a check found out about one deployment. */
export interface CheckResult {
  readonly model: string;
  readonly model_id: string;
  readonly model_name: string;
  readonly api_base: string;
  /** Absent when the deployment answered. */
  readonly error?: string;
}

/** Checks that run at the same time. */
const AT_ONCE = 8;
const TIMEOUT_MS = 60_000;
/** Enough for a model to begin. */
const FEW_TOKENS = 5;

/**
 * Tries deployments with a tiny real call each. They travel the road of every call: limits, prices, a spend row marked with
 * the tag `health-check`.
 */
export class HealthChecks {
  readonly #parts: HealthChecksParts;

  constructor(parts: HealthChecksParts) {
    this.#parts = parts;
  }

  /** @param only a group or a deployment id; nulls: everything the caller may use, less what costs real money */
  async run(
    { caller, request, path }: RouteCall,
    only: { readonly model: string | null; readonly modelId: string | null },
  ): Promise<CheckResult[]> {
    if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
    const waiting = this.#chosen(caller, only);
    const running = new Set<Client>();
    request.on('close', () => {
      waiting.length = 0;
      for (const client of running) client.leave();
    });
    const results: CheckResult[] = only.modelId === null ? this.#left(caller, only.model) : [];
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, waiting.length) }, async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await this.#check(next, caller, path, running));
      }),
    );
    return results.sort((a, b) => (a.model_name < b.model_name ? -1 : 1));
  }

  /** Those that nobody can ask are as unhealthy as those that do not answer. */
  #left(caller: Caller, model: string | null): CheckResult[] {
    return this.#parts
      .refused()
      .filter(({ modelName }) => (model === null || modelName === model) && caller.mayUseModel(modelName, []))
      .map(({ modelName, reason }) => ({ model: modelName, model_id: '', model_name: modelName, api_base: '', error: reason }));
  }

  #chosen(caller: Caller, { model, modelId }: { readonly model: string | null; readonly modelId: string | null }): Deployment<Upstream>[] {
    const chosen: Deployment<Upstream>[] = [];
    for (const group of this.#parts.router.table.groups()) {
      if (!caller.mayUseModel(group.name, group.accessGroups)) continue;
      for (const deployment of group.deployments) {
        if (isBlocked(deployment)) continue;
        if (model === null && modelId === null && DEAR_MODES.has(modeOf(deployment))) continue;
        if (model !== null && group.name !== model && deployment.model !== model) continue;
        if (modelId === null || deployment.id === modelId) chosen.push(deployment);
      }
    }
    return chosen;
  }

  async #check(deployment: Deployment<Upstream>, caller: Caller, path: string, running: Set<Client>): Promise<CheckResult> {
    const facts = {
      model: `${deployment.provider}/${deployment.model}`,
      model_id: deployment.id,
      model_name: deployment.group,
      api_base: deployment.upstream.shownBase,
    };
    const mode = modeOf(deployment);
    const operation = Object.hasOwn(TRIED_MODES, mode) ? TRIED_MODES[mode] : undefined;
    if (!operation) return { ...facts, error: `models of mode ${mode} are not checked` };
    const call = this.#call(deployment, operation, caller, path);
    running.add(call.client);
    try {
      const reply = await this.#parts.journey.run(call, new Trail(deployment.group));
      if (reply.kind === 'stream') for await (const _ of reply.rest);
      return facts;
    } catch (error) {
      return { ...facts, error: error instanceof Error ? error.message.slice(0, 1000) : 'failed' };
    } finally {
      running.delete(call.client);
    }
  }

  #call(deployment: Deployment<Upstream>, operation: Operation, caller: Caller, path: string): Call {
    const { clock } = this.#parts;
    const requestId = randomUUIDv7();
    const timeout = Number(deployment.info['health_check_timeout']);
    return {
      requestId,
      callId: requestId,
      ...tinyCall(deployment, operation, FEW_TOKENS),
      caller,
      // By id: a deployment that rests is tried all the same.
      model: deployment.id,
      groupName: deployment.id,
      options: {
        timeoutMs: timeout > 0 ? timeout * 1000 : TIMEOUT_MS,
        streamTimeoutMs: null,
        retries: 0,
        fallbacks: null,
        fallbacksOff: true,
        dropParams: true,
        additionalDropParams: [],
        allowedParams: [],
        mock: undefined,
        failFirstGroup: null,
        upstreamHeaders: {},
        includeUsage: false,
      },
      origin: { endUser: null, sessionId: null, tags: ['health-check'], notes: null, address: null, userAgent: null, route: path },
      startedAt: clock.now(),
      arrivedAt: clock.elapsed(),
      client: new Client(),
    };
  }
}

/** What its row says that it is for, else its name. */
function modeOf({ info, model, dialect }: Deployment<Upstream>): string {
  return typeof info['mode'] === 'string' ? info['mode'] : modeOfName(model, dialect);
}
