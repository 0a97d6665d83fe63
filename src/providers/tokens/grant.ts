import { secretsOfEntra, type EntraGrant } from '../entra/grant.ts';
import { secretsOfGoogle, type GoogleGrant } from '../google/grant.ts';
import type { IamGrant } from '../ibm/iam-tokens.ts';

/** What a token is asked for with, and whom. Plain data; secret. */
export type Grant = EntraGrant | GoogleGrant | IamGrant;

/** Gives tokens for grants of its own. */
export interface TokenIssuer<Own extends Grant = Grant> {
  /** At once when one is kept. @throws {ProviderError} when there is none to be had */
  token(grant: Own): string | Promise<string>;
  /** A provider does not believe the token: the next call asks for another, unless this one is new. */
  refused(grant: Own, token: string): void;
}

export type TokenIssuers = { readonly [Name in Grant['issuer']]: TokenIssuer<Extract<Grant, { issuer: Name }>> };

/** Texts of a grant that must not be shown. */
export function secretsOfGrant(grant: Grant | null): readonly string[] {
  switch (grant?.issuer) {
    case 'entra':
      return secretsOfEntra(grant);
    case 'google':
      return secretsOfGoogle(grant);
    case 'ibm':
      return [grant.apiKey];
    case undefined:
      return [];
  }
}
