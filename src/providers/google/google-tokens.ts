import type { Clock } from '../../core/clock.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { checkedAddress, replyTo, type TokenReply } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';
import { assertionOf } from './assertion.ts';
import { CredentialFault, readCredential, secretsOfCredential, type GoogleCredential } from './credential.ts';
import type { GoogleGrant } from './grant.ts';
import { exchangeQuestion, impersonationQuestion, jwtForm, refreshForm, type Impersonation } from './questions.ts';
import { subjectToken, type Ask } from './subject-token.ts';
import { ADVICE, readImpersonated, readToken, type Reading } from './token-answers.ts';

export interface GoogleTokensParts {
  readonly clock: Pick<Clock, 'elapsed' | 'now'>;
  /** Reaches whatever an operator may name. */
  readonly transport: Transport;
  /** Reaches public addresses alone, also after a name was looked up. */
  readonly publicTransport: Transport;
  readonly egress: EgressPolicy;
  /** Text of a small file of this machine. */
  readonly readText: (path: string) => string;
  /** Origin of the metadata server, which no configuration can name. */
  readonly metadata: string;
}

const ISSUER = 'Google';
const METADATA_TOKEN = '/computeMetadata/v1/instance/service-accounts/default/token';
/** It is on the same machine, or nowhere. */
const METADATA_MS = 3000;
const NO_CREDENTIALS =
  'There are no credentials for Google Cloud: set vertex_credentials or GOOGLE_APPLICATION_CREDENTIALS to the JSON file of a service account. (gcloud has no user signed in on this machine, and no metadata server of Google Cloud answers.)';

/** Tokens of Google Cloud, for every kind of credential that it knows. */
export class GoogleTokens {
  readonly #parts: GoogleTokensParts;
  readonly #kept: KeptTokens<GoogleGrant>;

  constructor(parts: GoogleTokensParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when the credential is none, or Google gives no token for it
   */
  token(grant: GoogleGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** Vertex does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: GoogleGrant, token: string): boolean {
    return this.#kept.refused(grant, token);
  }

  async #fetched(grant: GoogleGrant): Promise<Token> {
    const credential = this.#credential(grant);
    return credential === null ? this.#fromMetadata(grant.scope) : this.#tokenFor(credential, grant);
  }

  /** Null: this machine's own. */
  #credential({ source }: GoogleGrant): GoogleCredential | null {
    try {
      switch (source.kind) {
        case 'text':
          return readCredential(source.text, source.place);
        case 'file':
          return readCredential(this.#text(source.path, source.place), source.place);
        case 'machine': {
          const text = source.gcloud === null ? null : this.#textIfThere(source.gcloud);
          return text === null ? null : readCredential(text, "gcloud's credential file");
        }
      }
    } catch (error) {
      throw error instanceof CredentialFault ? unusable(error.message, error) : error;
    }
  }

  #text(path: string, place: string): string {
    try {
      return this.#parts.readText(path);
    } catch (error) {
      throw unusable(`The file that ${place} names cannot be read.`, error);
    }
  }

  #textIfThere(path: string): string | null {
    try {
      return this.#parts.readText(path);
    } catch {
      return null;
    }
  }

  async #tokenFor(credential: GoogleCredential, grant: GoogleGrant): Promise<Token> {
    const ask = this.#asking(grant);
    const reading: Reading = { advice: ADVICE[credential.type], secrets: secretsOfCredential(credential) };
    switch (credential.type) {
      case 'service_account': {
        const assertion = assertionOf(credential, grant.scope, this.#parts.clock.now());
        return readToken(await ask(credential.token_uri, FORM, jwtForm(assertion)), reading);
      }
      case 'authorized_user':
        return readToken(await ask(credential.token_uri, FORM, refreshForm(credential)), reading);
      case 'external_account': {
        const shown = await subjectToken(credential, { ask, reach: grant.reach, readText: this.#parts.readText });
        const { headers, form } = exchangeQuestion(credential, shown, grant.scope);
        const own = readToken(await ask(credential.token_url, { ...FORM, ...headers }, form), reading);
        const { service_account_impersonation_url: url, service_account_impersonation: wish } = credential;
        return url === undefined ? own : this.#actingAs({ url, lifeS: wish?.token_lifetime_seconds }, own, grant, reading);
      }
      case 'impersonated_service_account': {
        const { service_account_impersonation_url: url, delegates, source_credentials: source } = credential;
        return this.#actingAs({ url, delegates }, await this.#tokenFor(source, grant), grant, reading);
      }
    }
  }

  /** A token of the service account that another token may act as. */
  async #actingAs(impersonation: Impersonation, own: Token, grant: GoogleGrant, reading: Reading): Promise<Token> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${own.text}` };
    const reply = await this.#asking(grant)(impersonation.url, headers, impersonationQuestion(impersonation, grant.scope));
    return readImpersonated(reply, { ...reading, secrets: [...reading.secrets, own.text] }, this.#parts.clock.now());
  }

  #asking({ reach }: GoogleGrant): Ask {
    const { egress, transport, publicTransport } = this.#parts;
    return (address, headers, body) => {
      const url = checkedAddress(egress, address, reach, ISSUER);
      return replyTo({ issuer: ISSUER, url, headers, body }, reach === 'provider' ? transport : publicTransport);
    };
  }

  /**
   * The one address that the egress policy refuses everybody else: nobody can name it, its path is fixed, and what it gives goes
   * to the provider alone.
   */
  async #fromMetadata(scope: string): Promise<Token> {
    const url = new URL(METADATA_TOKEN, this.#parts.metadata);
    url.searchParams.set('scopes', scope);
    const headers = { 'metadata-flavor': 'Google' };
    const reply = await this.#metadataReply({ issuer: ISSUER, url, headers, body: null, timeoutMs: METADATA_MS });
    return readToken(reply, { advice: ADVICE.metadata, secrets: [] });
  }

  async #metadataReply(question: Parameters<typeof replyTo>[0]): Promise<TokenReply> {
    try {
      const reply = await replyTo(question, this.#parts.transport);
      // Other clouds have another server at the same address.
      if (reply.headers['metadata-flavor'] === 'Google') return reply;
    } catch (error) {
      throw unusable(NO_CREDENTIALS, error);
    }
    throw unusable(NO_CREDENTIALS, null);
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function unusable(message: string, cause: unknown): ProviderError {
  return new ProviderError({ class: 'AuthenticationError', status: 401, message, cause });
}
