import type { Clock } from '../../core/clock.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { checkedAddress, replyTo } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';
import { CertificateFault, certificateAssertion } from './certificate.ts';
import type { EntraGrant } from './grant.ts';
import { readToken, tokenForm } from './token-request.ts';

export interface EntraTokensParts {
  readonly clock: Pick<Clock, 'elapsed' | 'now'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Text of a file that holds another issuer's token, or a certificate. */
  readonly readText: (path: string) => Promise<string>;
}

const ISSUER = 'Entra ID';

/** Tokens of Entra ID. */
export class EntraTokens {
  readonly #parts: EntraTokensParts;
  readonly #kept: KeptTokens<EntraGrant>;

  constructor(parts: EntraTokensParts) {
    this.#parts = parts;
    this.#kept = new KeptTokens({ clock: parts.clock, ask: (grant) => this.#fetched(grant) });
  }

  /**
   * A token that holds now; at once when one is kept.
   *
   * @throws {ProviderError} when Entra ID gives none or cannot be asked
   */
  token(grant: EntraGrant): string | Promise<string> {
    return this.#kept.token(grant);
  }

  /** A provider does not believe the token: the next call asks for another, unless this one is new. @returns whether it is not sent any more */
  refused(grant: EntraGrant, token: string): boolean {
    return this.#kept.refused(grant, token);
  }

  async #fetched(grant: EntraGrant): Promise<Token> {
    const { egress, transport } = this.#parts;
    const url = checkedAddress(egress, grant.address, 'provider', ISSUER);
    const body = tokenForm(grant, await this.#assertion(grant));
    return readToken(
      await replyTo({ issuer: ISSUER, url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body }, transport),
    );
  }

  async #assertion({ showing, clientId, address }: EntraGrant): Promise<string> {
    switch (showing.kind) {
      case 'secret':
      case 'password':
        return '';
      case 'file':
        return (await this.#text(showing.path, 'with the token for Entra ID')).trim();
      case 'certificate': {
        const pem = await this.#text(showing.path, 'with the certificate for Entra ID (AZURE_CLIENT_CERTIFICATE_PATH)');
        return asserted(pem, showing.password, { clientId, audience: address, nowMs: this.#parts.clock.now() });
      }
    }
  }

  async #text(path: string, what: string): Promise<string> {
    try {
      return await this.#parts.readText(path);
    } catch (error) {
      throw unusable(`The file ${what} cannot be read.`, error);
    }
  }
}

function asserted(...shown: Parameters<typeof certificateAssertion>): string {
  try {
    return certificateAssertion(...shown);
  } catch (error) {
    if (!(error instanceof CertificateFault)) throw error;
    throw unusable(`The file with the certificate for Entra ID (AZURE_CLIENT_CERTIFICATE_PATH) cannot be used: ${error.message}.`, error);
  }
}

function unusable(message: string, cause: unknown): ProviderError {
  return new ProviderError({ class: 'AuthenticationError', status: 401, message, cause });
}
