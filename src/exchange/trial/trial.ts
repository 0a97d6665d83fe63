import { randomUUIDv7 } from 'node:crypto';
import type { Caller } from '../../core/caller.ts';
import type { Clock } from '../../core/clock.ts';
import type { Deployment } from '../../core/deployment.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { Attempt, type AttemptParts, type Booking } from '../attempt.ts';
import type { Call, Operation } from '../call.ts';
import type { Client } from '../client.ts';
import type { Codec } from '../codec.ts';
import { Trail } from '../trail.ts';
import { placedPath, type Proofs } from '../proofs.ts';
import type { Ways } from '../question.ts';
import type { Upstream } from '../upstream.ts';
import { shownRequest, type ShownRequest } from './shown-request.ts';
import { tinyCall } from './tiny-call.ts';

export interface TrialParts {
  readonly clock: Clock;
  readonly ways: Ways;
  readonly proofs: Proofs;
  readonly codecs: Readonly<Record<Operation, Codec>>;
  readonly wait: AttemptParts['wait'];
}

export interface TrialCall {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly client: Client;
  readonly route: string;
}

/** How a trial went. */
export interface TrialResult {
  /** What went wrong; null: the model answered. */
  readonly error: unknown;
  readonly elapsedMs: number;
  /** Null when nothing was sent. */
  readonly request: ShownRequest | null;
  /** Status of the provider's answer; null when none came. */
  readonly status: number | null;
  /** Headers of the provider's answer, lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the owner should know although it went well. */
  readonly notes?: readonly string[];
}

const TIMEOUT_MS = 60_000;
/** Enough for a model that thinks before it speaks to begin, too little to cost anything. */
const MAX_TOKENS = 16;

/** Nor does a trial say anything of a deployment that is called. */
const UNTOLD = { broke: () => undefined };

/** Nothing is booked: no key, no budget and no row knows of a trial. */
const UNBOOKED: Booking = {
  firstToken: () => undefined,
  quote: () => undefined,
  inVain: () => undefined,
  progress: () => undefined,
  succeed: () => Promise.resolve(),
  fail: () => Promise.resolve(),
};

/**
 * One tiny real call to a deployment that no table holds: the codec, transport, time-outs and egress policy of every call,
 * and neither limits nor a spend row.
 */
export class Trials {
  readonly #parts: TrialParts;

  constructor(parts: TrialParts) {
    this.#parts = parts;
  }

  /** Never rejects. Takes at most 60 s, or the deployment's own time-out. */
  async run(deployment: Deployment<Upstream>, asked: TrialCall): Promise<TrialResult> {
    const { clock, ways, proofs, codecs, wait } = this.#parts;
    const call = this.#call(deployment, asked);
    const trail = new Trail(deployment.group);
    const note = trail.begin(deployment, null, 0);
    let request: ShownRequest | null = null;
    let error: unknown = null;
    if (deployment.mock !== undefined) return { error, elapsedMs: 0, request, status: null, headers: {} };
    try {
      const prepared = await codecs[asked.operation].prepare(call, deployment, { shownModel: deployment.model, overrides: null });
      request = shownRequest(prepared, deployment.upstream.secrets);
      const ms = call.options.timeoutMs ?? TIMEOUT_MS;
      const proof = await proofs.of(deployment.upstream, () => ({ signal: call.client.signal, ms }));
      request = { ...request, url: placedPath(request.url, proof), headers: { ...request.headers, ...hidden(proof.headers) } };
      const attempt = new Attempt({ call, deployment, prepared, proof, trail, note, meter: UNBOOKED, router: UNTOLD, clock, wait }, ways);
      const reply = await attempt.run({ firstByteMs: ms, totalMs: ms, idleMs: ms });
      if (reply.kind === 'stream') for await (const _ of reply.rest);
    } catch (thrown) {
      error = isTooShort(thrown) ? null : thrown;
    }
    const elapsedMs = Math.round(clock.elapsed() - call.arrivedAt);
    return { error, elapsedMs, request, status: note.status, headers: trail.upstreamHeaders };
  }

  #call(deployment: Deployment<Upstream>, { operation, caller, client, route }: TrialCall): Call {
    const { clock } = this.#parts;
    const requestId = randomUUIDv7();
    return {
      requestId,
      callId: requestId,
      ...tinyCall(deployment, operation, MAX_TOKENS),
      caller,
      model: deployment.group,
      groupName: deployment.group,
      options: {
        timeoutMs: deployment.timeoutMs ?? TIMEOUT_MS,
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
      origin: { endUser: null, sessionId: null, tags: [], notes: null, address: null, userAgent: null, route },
      startedAt: clock.now(),
      arrivedAt: clock.elapsed(),
      client,
    };
  }
}

/** Names of headers that prove who asks. */
function hidden(headers: ShownRequest['headers']): ShownRequest['headers'] {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '***']));
}

/** OpenAI's thinking models refuse to end in the middle of a thought: a model that says so has answered. */
function isTooShort(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 400 && /max_tokens or model output limit was reached/i.test(error.message);
}
