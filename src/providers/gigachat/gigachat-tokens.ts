import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf } from '../../core/json-object.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { tokenRefusal } from '../tokens/refusal.ts';
import { tokenOf } from '../tokens/token-answer.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { TlsCheck, Transport } from '../transport/transport.ts';

/** How tokens for one authorization key of GigaChat are got. Plain data; secret. */
export interface GigaChatGrant {
  readonly issuer: 'gigachat';
  /** The token endpoint. */
  readonly address: string;
  /** Base64 of client id and secret, as Sber hands it out. */
  readonly credentials: string;
  /** `GIGACHAT_API_PERS` for persons; companies have others. */
  readonly scope: string;
  /** Issuer and API are signed by the same authority, which few machines know. */
  readonly tls: TlsCheck;
}

export interface GigaChatTokensParts {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
}

const ISSUER = "Sber's authorization";
/** What its tokens live, and the most that is believed: its clock may differ from ours. */
const LIFE_MS = 1_800_000;
/** Seconds since 1970 are smaller for another thousand years, milliseconds have been larger since 1973. */
const SMALLEST_MS = 100_000_000_000;

/** Tokens of GigaChat, got for an authorization key. */
export class GigaChatTokens {
  readonly #parts: GigaChatTokensParts;
  readonly #kept: KeptTokens<GigaChatGrant>;

  constructor(parts: GigaChatTokensParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when none is given or nobody can be asked
   */
  token(grant: GigaChatGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** A provider does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: GigaChatGrant, token: string): boolean {
    return this.#kept.refused(grant, token);
  }

  /** @see https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/post-token (2026-11-26) */
  async #fetched({ address, credentials, scope, tls }: GigaChatGrant): Promise<Token> {
    const { clock, egress, transport } = this.#parts;
    const url = checkedAddress(egress, address, 'provider', ISSUER);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${credentials}`,
      rquid: randomUUID(),
    };
    const reply = await replyTo({ issuer: ISSUER, url, headers, body: new URLSearchParams({ scope }).toString(), tls }, transport);
    return readToken(reply, clock.now());
  }
}

/**
 * `{access_token, expires_at}`, or `{tok, exp}` as installations of one's own answer.
 *
 * @throws {ProviderError} with the issuer's own words when it gives no token
 */
function readToken(reply: TokenReply, now: number): Token {
  const answer = parsedBody(reply.body);
  const told = isObject(answer) ? answer : {};
  if (reply.status !== 200) throw tokenRefusal(ISSUER, reply, { message: wordOf(told['message']) || undefined });
  const lifeMs = endOf(told['expires_at'] ?? told['exp']) - now;
  return tokenOf(told['access_token'] ?? told['tok'], lifeMs > 0 && lifeMs < LIFE_MS ? lifeMs : LIFE_MS, ISSUER);
}

/** Milliseconds since 1970; 0 for what is no time. */
function endOf(value: unknown): number {
  const end = Number(value);
  if (!Number.isFinite(end)) return 0;
  return end < SMALLEST_MS ? end * 1000 : end;
}
