import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError, type ProviderFailure } from '../../core/provider-error.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import type { Proof } from '../tokens/proof.ts';
import { tokenOf } from '../tokens/token-answer.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';

/** How tokens for GitHub Copilot are got for the token of a GitHub account. Plain data; secret. */
export interface CopilotGrant {
  readonly issuer: 'copilot';
  /** Where they are got. */
  readonly address: string;
  readonly token: string;
  /** Names of the program that asks, which GitHub wants. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address that GitHub names is called in place of the usual one: nobody set another. */
  readonly follows: boolean;
}

/** A token, and the origin that takes it; null: the usual one. */
interface Held {
  readonly token: string;
  readonly origin: string | null;
}

export interface CopilotTokensParts {
  readonly clock: Pick<Clock, 'elapsed' | 'now'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
}

const ISSUER = 'GitHub';

/** Tokens of GitHub Copilot. They hold for some 25 minutes, and their answer says at which address. */
export class CopilotTokens {
  readonly #parts: CopilotTokensParts;
  readonly #kept: KeptTokens<CopilotGrant, Held>;

  constructor(parts: CopilotTokensParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant), nameOf: ({ token }) => token });
  }

  /**
   * What proves who asks now; at once when it is kept.
   *
   * @throws {ProviderError} when GitHub gives none or cannot be asked
   */
  token(grant: CopilotGrant): Proof | Promise<Proof> {
    const held = this.#kept.token(grant);
    return held instanceof Promise ? held.then(proofBy) : proofBy(held);
  }

  /** Copilot does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: CopilotGrant, token: string): boolean {
    return this.#kept.refused(grant, token);
  }

  async #fetched(grant: CopilotGrant): Promise<Token<Held>> {
    const { egress, transport, clock } = this.#parts;
    const url = checkedAddress(egress, grant.address, 'provider', ISSUER);
    const headers = { ...grant.headers, authorization: `token ${grant.token}` };
    const reply = await replyTo({ issuer: ISSUER, url, headers, body: null }, transport);
    const parsed = parsedBody(reply.body);
    const answer = isObject(parsed) ? parsed : {};
    if (reply.status !== 200) throw refusal(reply, answer);
    const endsAt = Number(answer['expires_at'] ?? Number.NaN) * 1000;
    const { text, lifeMs } = tokenOf(answer['token'], Number.isNaN(endsAt) ? USUAL_LIFE_MS : endsAt - clock.now(), ISSUER);
    return { text: { token: text, origin: grant.follows ? originIn(answer, url) : null }, lifeMs };
  }
}

const USUAL_LIFE_MS = 1_500_000;

function proofBy({ token, origin }: Held): Proof {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token], ...(origin === null ? {} : { origin }) };
}

/** `endpoints.api`, where it is an address of GitHub's own: the token goes nowhere else. */
function originIn({ endpoints }: JsonObject, asked: URL): string | null {
  const url = URL.parse(isObject(endpoints) ? wordOf(endpoints['api']) : '');
  if (url === null || url.pathname !== '/' || url.protocol !== asked.protocol) return null;
  return url.hostname === asked.hostname || isOfGitHub(url.hostname) ? url.origin : null;
}

/** Of everybody, or of a company whose data stay in one place. */
function isOfGitHub(host: string): boolean {
  return /(?:^|\.)(?:githubcopilot\.com|ghe\.com)$/.test(host);
}

function refusal({ status, headers }: TokenReply, answer: JsonObject): ProviderError {
  const details = isObject(answer['error_details']) ? answer['error_details'] : {};
  const told = wordOf(details['message']) || wordOf(answer['message']) || `it answered with status ${status}`;
  const retryAfterMs = retryAfterOf(headers);
  return new ProviderError({
    ...judgedBy(status),
    message: boundedText(maskSecrets(`GitHub gave no token for Copilot: ${told}${status < 429 ? ` ${ADVICE}` : ''}`)),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const ADVICE = '(Sign in again, with an account that has Copilot.)';

function judgedBy(status: number): Pick<ProviderFailure, 'class' | 'status'> {
  if (status === 429) return { class: 'RateLimitError', status };
  return status >= 500 ? { class: 'ServiceUnavailableError', status: 503 } : { class: 'AuthenticationError', status: 401 };
}
