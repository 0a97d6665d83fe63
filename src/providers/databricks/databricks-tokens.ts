import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { tokenIn } from '../tokens/token-answer.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';

/** How tokens for a service principal of a Databricks workspace are got. Plain data; secret. */
export interface DatabricksGrant {
  readonly issuer: 'databricks';
  /** The workspace's token endpoint. */
  readonly address: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface DatabricksTokensParts {
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
}

const ISSUER = 'Databricks';
const QUESTION = new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis' }).toString();

/** Tokens of a Databricks workspace for its service principals. */
export class DatabricksTokens {
  readonly #parts: DatabricksTokensParts;
  readonly #kept: KeptTokens<DatabricksGrant>;

  constructor(parts: DatabricksTokensParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when the workspace gives none or cannot be asked
   */
  token(grant: DatabricksGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** The workspace does not believe the token: the next call asks for another, unless this one is new. */
  refused(grant: DatabricksGrant, token: string) {
    return this.#kept.refused(grant, token);
  }

  /** @see https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m (2026-11-26) */
  async #fetched({ address, clientId, clientSecret }: DatabricksGrant): Promise<Token> {
    const { egress, transport } = this.#parts;
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    };
    const url = checkedAddress(egress, address, 'provider', ISSUER);
    return readToken(await replyTo({ issuer: ISSUER, url, headers, body: QUESTION }, transport));
  }
}

/** @throws {ProviderError} with the workspace's own words when it gives no token */
function readToken({ status, headers, body }: TokenReply): Token {
  const answer = parsedBody(body);
  if (status !== 200) throw refusal(status, headers, answer);
  return tokenIn(answer, ISSUER);
}

function refusal(status: number, headers: TokenReply['headers'], answer: unknown): ProviderError {
  const { error, error_description: words } = isObject(answer) ? answer : {};
  const code = wordOf(error);
  const told = wordOf(words) || code || `it answered with status ${status}`;
  const retryAfterMs = retryAfterOf(headers);
  return new ProviderError({
    ...(status === 429
      ? { class: 'RateLimitError', status }
      : status >= 500
        ? { class: 'ServiceUnavailableError', status: 503 }
        : { class: 'AuthenticationError', status: 401 }),
    message: boundedText(maskSecrets(`${ISSUER} gave no token: ${told}`)),
    ...(code === '' ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
