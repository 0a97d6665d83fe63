import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf } from '../../core/json-object.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { tokenRefusal } from '../tokens/refusal.ts';
import { tokenIn } from '../tokens/token-answer.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';

/** How tokens for one API key of IBM Cloud are got. Plain data; secret. */
export interface IamGrant {
  readonly issuer: 'ibm';
  /** The token endpoint. */
  readonly address: string;
  readonly apiKey: string;
}

export interface IamTokensParts {
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
}

const ISSUER = 'IBM Cloud IAM';
const GRANT_TYPE = 'urn:ibm:params:oauth:grant-type:apikey';

/** Tokens of IBM Cloud's IAM, got for an API key. */
export class IamTokens {
  readonly #parts: IamTokensParts;
  readonly #kept: KeptTokens<IamGrant>;

  constructor(parts: IamTokensParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when IAM gives none or cannot be asked
   */
  token(grant: IamGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** A provider does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: IamGrant, token: string): boolean {
    return this.#kept.refused(grant, token);
  }

  /** @see https://cloud.ibm.com/docs/account?topic=account-iamtoken_from_apikey (2026-11-26) */
  async #fetched({ address, apiKey }: IamGrant): Promise<Token> {
    const { egress, transport } = this.#parts;
    const url = checkedAddress(egress, address, 'provider', ISSUER);
    const body = new URLSearchParams({ grant_type: GRANT_TYPE, apikey: apiKey }).toString();
    return readToken(
      await replyTo({ issuer: ISSUER, url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }, transport),
    );
  }
}

/** @throws {ProviderError} with IAM's own words when it gives no token */
function readToken(reply: TokenReply): Token {
  const answer = parsedBody(reply.body);
  if (reply.status === 200) return tokenIn(answer, ISSUER);
  const { errorCode: code, errorMessage: message } = isObject(answer) ? answer : {};
  throw tokenRefusal(ISSUER, reply, { message: wordOf(message) || undefined, code: wordOf(code) || undefined });
}
