import type { Clock } from '../../core/clock.ts';
import { ProviderError } from '../../core/provider-error.ts';
import type { EgressPolicy } from '../egress.ts';
import { KeptTokens, type Token } from '../tokens/kept-tokens.ts';
import { checkedAddress, replyTo } from '../tokens/token-question.ts';
import type { Transport } from '../transport/transport.ts';
import type { EntraGrant } from './grant.ts';
import { readToken, tokenForm } from './token-request.ts';

export interface EntraTokensParts {
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly transport: Transport;
  readonly egress: EgressPolicy;
  /** Text of a file that holds another issuer's token. */
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

  async #assertion({ showing }: EntraGrant): Promise<string> {
    if (showing.kind !== 'file') return '';
    try {
      return (await this.#parts.readText(showing.path)).trim();
    } catch (error) {
      throw new ProviderError({
        class: 'AuthenticationError',
        status: 401,
        message: 'The file with the token for Entra ID cannot be read.',
        cause: error,
      });
    }
  }
}
