import type { Clock } from '../../core/clock.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody } from '../../dialects/error-body.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { tokenOf } from '../tokens/token-answer.ts';
import { checkedAddress, replyTo, type TokenQuestion, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';

/** How tokens for what Azure calls a managed identity are got: from a server of the machine itself. Plain data; secret. */
export interface IdentityGrant {
  readonly issuer: 'azure_identity';
  /** One that was assigned by its owner; null: the machine's own. */
  readonly clientId: string | null;
  /** What the token is for, without `/.default`. */
  readonly resource: string;
  /** The server of App Service, Functions and Container Apps; null: the metadata server of a virtual machine. */
  readonly server: { readonly address: string; readonly secret: string } | null;
}

export interface ManagedIdentityParts {
  readonly clock: Pick<Clock, 'elapsed' | 'now'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Origin of the metadata server, which no configuration can name. */
  readonly metadata: string;
}

const ISSUER = 'The managed identity of Azure';
/** It is on the same machine, or nowhere. */
const TIMEOUT_MS = 3000;
const NO_CREDENTIALS =
  'There are no credentials for Azure: set api_key, or tenant_id, client_id and client_secret. (No metadata server of Azure answers on this machine.)';

/** Tokens for the identity that Azure gives a machine. */
export class ManagedIdentity {
  readonly #parts: ManagedIdentityParts;
  readonly #kept: KeptTokens<IdentityGrant>;

  constructor(parts: ManagedIdentityParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when the machine has none
   */
  token(grant: IdentityGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** A provider does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: IdentityGrant, token: string): boolean {
    return this.#kept.refused(grant, token);
  }

  async #fetched(grant: IdentityGrant): Promise<Token> {
    const reply = grant.server === null ? await this.#ofMetadata(grant) : await this.#ofServer(grant, grant.server);
    return readToken(reply, this.#parts.clock.now());
  }

  /** @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference (2026-11-26) */
  #ofServer(grant: IdentityGrant, { address, secret }: NonNullable<IdentityGrant['server']>): Promise<TokenReply> {
    const url = isOfAppService(address) ? new URL(address) : checkedAddress(this.#parts.egress, address, 'provider', ISSUER);
    const headers = { 'x-identity-header': secret };
    return replyTo(question(url, '2019-08-01', headers, grant), this.#parts.transport);
  }

  /**
   * An address that the egress policy refuses everybody else: nobody can name it, its path is fixed, and what it gives goes to
   * Azure alone.
   *
   * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token (2026-11-26)
   */
  async #ofMetadata(grant: IdentityGrant): Promise<TokenReply> {
    const url = new URL('/metadata/identity/oauth2/token', this.#parts.metadata);
    let reply: TokenReply;
    try {
      reply = await replyTo(question(url, '2018-02-01', { metadata: 'true' }, grant), this.#parts.transport);
    } catch (error) {
      throw refused(NO_CREDENTIALS, 401, error);
    }
    // Other clouds have another server at the same address, which says it in other words.
    if (reply.status === 404 && !isObject(parsedBody(reply.body))) throw refused(NO_CREDENTIALS, 401);
    return reply;
  }
}

/** App Service has its server at a link-local address, which is none of the metadata services. */
function isOfAppService(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'http:' && /^169\.254\.(?!169\.|170\.)\d+\.\d+$/.test(url.hostname) && url.pathname === '/msi/token';
}

function question(url: URL, version: string, headers: TokenQuestion['headers'], { resource, clientId }: IdentityGrant): TokenQuestion {
  url.searchParams.set('api-version', version);
  url.searchParams.set('resource', resource);
  if (clientId !== null) url.searchParams.set('client_id', clientId);
  return { issuer: ISSUER, url, headers, body: null, timeoutMs: TIMEOUT_MS };
}

/** `{access_token, expires_on}`: seconds since 1970, as text or number. */
function readToken(reply: TokenReply, nowMs: number): Token {
  const parsed = parsedBody(reply.body);
  const answer = isObject(parsed) ? parsed : {};
  if (reply.status !== 200) throw refusal(reply, answer);
  const endsAt = Number(answer['expires_on'] ?? Number.NaN) * 1000;
  return tokenOf(answer['access_token'], Number.isNaN(endsAt) ? 0 : endsAt - nowMs, ISSUER);
}

function refusal({ status, headers }: TokenReply, answer: JsonObject): ProviderError {
  const words = wordOf(answer['error_description']) || wordOf(answer['message']) || wordOf(answer['error']);
  const told = words === '' ? `it answered with status ${status}` : (words.split(/\r?\n/)[0] ?? words);
  const retryAfterMs = retryAfterOf(headers);
  const message = boundedText(maskSecrets(`${ISSUER} gave no token: ${told}`));
  return refused(message, status, null, retryAfterMs);
}

function refused(message: string, status: number, cause: unknown = null, retryAfterMs?: number): ProviderError {
  return new ProviderError({
    ...(status === 429
      ? { class: 'RateLimitError', status }
      : // 410: the metadata server is being renewed, for at most 70 seconds.
        status >= 500 || status === 410
        ? { class: 'ServiceUnavailableError', status: 503 }
        : { class: 'AuthenticationError', status: 401 }),
    message,
    ...(cause === null ? {} : { cause }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
