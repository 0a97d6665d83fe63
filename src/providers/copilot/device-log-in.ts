import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError, ProviderError } from '../../core/provider-error.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import { boundedText } from '../../dialects/provider-errors.ts';
import type { EgressPolicy } from '../egress.ts';
import { firstSet, type Environment } from '../resolve/environment.ts';
import { checkedAddress, replyTo } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';

export interface DeviceLogInParts {
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Addresses of GitHub, and the program's ID, may be others. */
  readonly env: Environment;
}

/** What a person needs to sign in. */
export interface StartedLogIn {
  /** Names the log-in when it is asked for. */
  readonly id: string;
  /** To be entered at {@link address}. */
  readonly code: string;
  readonly address: string;
  readonly expiresInS: number;
  /** How long to wait between two questions. */
  readonly intervalS: number;
}

/** How a log-in stands. The token is secret. */
export type LogInState =
  | { readonly state: 'authorization_pending' | 'slow_down'; readonly intervalS: number }
  | { readonly state: 'expired_token' | 'access_denied' }
  | { readonly state: 'done'; readonly token: string };

interface Pending {
  readonly deviceCode: string;
  /** `clock.elapsed()` */
  readonly endsAt: number;
  intervalS: number;
  /** `clock.elapsed()` before which GitHub is not asked again. */
  nextAt: number;
}

const ISSUER = 'GitHub';
/** The program by which editors sign in to Copilot. */
const CLIENT_ID = 'Iv1.b507a08c87ecfe98';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const USUAL_INTERVAL_S = 5;
const LONGEST_LIFE_S = 1800;
/** Log-ins under way at once: more are somebody's mistake, and the oldest are forgotten. */
const MOST = 20;

/**
 * Signs a person in to GitHub by a code that is entered in a browser. What is under way is in memory alone.
 *
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow (2026-11-26)
 */
export class DeviceLogIn {
  readonly #parts: DeviceLogInParts;
  readonly #pending = new Map<string, Pending>();

  constructor(parts: DeviceLogInParts) {
    this.#parts = parts;
  }

  /** @throws {ProviderError} when GitHub gives no code */
  async start(): Promise<StartedLogIn> {
    const answer = await this.#asked('GITHUB_COPILOT_DEVICE_CODE_URL', 'https://github.com/login/device/code', { scope: 'read:user' });
    const [deviceCode, code, address] = ['device_code', 'user_code', 'verification_uri'].map((name) => wordOf(answer[name]));
    if (!deviceCode || !code || !isWebAddress(address)) throw refused(answer);
    const expiresInS = Math.min(secondsIn(answer['expires_in'], 900), LONGEST_LIFE_S);
    const intervalS = secondsIn(answer['interval'], USUAL_INTERVAL_S);
    const id = randomUUID();
    const now = this.#parts.clock.elapsed();
    this.#forgetOld(now);
    this.#pending.set(id, { deviceCode, endsAt: now + expiresInS * 1000, intervalS, nextAt: now + intervalS * 1000 });
    return { id, code, address, expiresInS, intervalS };
  }

  /** GitHub is asked at its own pace, however often this is. @returns null: no such log-in is under way @throws {ProviderError} */
  async state(id: string): Promise<LogInState | null> {
    const pending = this.#pending.get(id);
    if (pending === undefined) return null;
    const now = this.#parts.clock.elapsed();
    if (now >= pending.endsAt) return this.#ended(id, { state: 'expired_token' });
    if (now < pending.nextAt) return { state: 'authorization_pending', intervalS: pending.intervalS };
    pending.nextAt = now + pending.intervalS * 1000;
    const answer = await this.#asked('GITHUB_COPILOT_ACCESS_TOKEN_URL', 'https://github.com/login/oauth/access_token', {
      device_code: pending.deviceCode,
      grant_type: GRANT,
    });
    return this.#told(id, pending, answer);
  }

  #told(id: string, pending: Pending, answer: JsonObject): LogInState {
    const token = wordOf(answer['access_token']);
    if (token !== '') return this.#ended(id, { state: 'done', token });
    switch (answer['error']) {
      case 'authorization_pending':
        return { state: 'authorization_pending', intervalS: pending.intervalS };
      case 'slow_down':
        pending.intervalS = Math.max(secondsIn(answer['interval'], 0), pending.intervalS + 5);
        pending.nextAt = this.#parts.clock.elapsed() + pending.intervalS * 1000;
        return { state: 'slow_down', intervalS: pending.intervalS };
      case 'expired_token':
      case 'access_denied':
        return this.#ended(id, { state: answer['error'] });
      default:
        throw refused(answer);
    }
  }

  #ended(id: string, state: LogInState): LogInState {
    this.#pending.delete(id);
    return state;
  }

  #forgetOld(now: number): void {
    for (const [id, { endsAt }] of this.#pending) if (now >= endsAt || this.#pending.size >= MOST) this.#pending.delete(id);
  }

  async #asked(variable: string, usual: string, form: Readonly<Record<string, string>>): Promise<JsonObject> {
    const { egress, transport, env } = this.#parts;
    const url = checkedAddress(egress, firstSet(env, [variable]) ?? usual, 'provider', ISSUER);
    const body = new URLSearchParams({ client_id: firstSet(env, ['GITHUB_COPILOT_CLIENT_ID']) ?? CLIENT_ID, ...form }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = parsedBody((await replyTo({ issuer: ISSUER, url, headers, body }, transport)).body);
    if (!isObject(answer)) throw new MalformedAnswerError('GitHub answered a log-in with something else than JSON.', 'shape');
    return answer;
  }
}

/** A person is sent there. */
function isWebAddress(text: string | undefined): text is string {
  return /^https?:$/.test(URL.parse(text ?? '')?.protocol ?? '');
}

function secondsIn(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? Math.ceil(value) : otherwise;
}

function refused(answer: JsonObject): ProviderError {
  const told = wordOf(answer['error_description']) || wordOf(answer['error']) || wordOf(answer['message']) || 'it answered without a code';
  return new ProviderError({ class: 'APIConnectionError', status: 502, message: boundedText(`GitHub began no log-in: ${told}`) });
}
