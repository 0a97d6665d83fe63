import type { IdentityGrant } from '../entra/managed-identity.ts';
import type { DatabricksGrant } from '../databricks/databricks-tokens.ts';
import type { CopilotGrant } from '../copilot/copilot-tokens.ts';
import { secretsOfEntra, type EntraGrant } from '../entra/grant.ts';
import { secretsOfGoogle, type GoogleGrant } from '../google/grant.ts';
import { secretsOfAws, type AwsGrant } from '../aws/grant.ts';
import type { GigaChatGrant } from '../gigachat/gigachat-tokens.ts';
import type { IamGrant } from '../ibm/iam-tokens.ts';
import type { SapGrant } from '../sap/sap-access.ts';
import type { SnowflakeGrant } from '../snowflake/snowflake-tokens.ts';
import type { Proof } from './proof.ts';

/** What a token is asked for with, and whom. Plain data; secret. */
export type Grant =
  | AwsGrant
  | CopilotGrant
  | DatabricksGrant
  | EntraGrant
  | IdentityGrant
  | GoogleGrant
  | IamGrant
  | GigaChatGrant
  | SapGrant
  | SnowflakeGrant;

/** What an issuer gives: a token that goes as a bearer, or what else proves who asks. Secret. */
export type Issued = string | Proof;

/** Gives tokens for grants of its own. */
export interface TokenIssuer<Own extends Grant = Grant> {
  /** At once when one is kept. @throws {ProviderError} when there is none to be had */
  token(grant: Own): Issued | Promise<Issued>;
  /**
   * A provider does not believe the token: the next call asks for another, unless this one is new.
   *
   * @param token of a proof, the first of its secrets
   * @returns whether it is not sent any more
   */
  refused(grant: Own, token: string): boolean;
  /**
   * There is nothing at the place that a proof names: the next call asks again, unless it was told just now.
   *
   * @returns whether it is not asked any more
   */
  gone?(grant: Own, place: string): boolean;
}

export type TokenIssuers = { readonly [Name in Grant['issuer']]: TokenIssuer<Extract<Grant, { issuer: Name }>> };

/** Texts of a grant that must not be shown. */
export function secretsOfGrant(grant: Grant | null): readonly string[] {
  switch (grant?.issuer) {
    case 'aws':
      return secretsOfAws(grant);
    case 'azure_identity':
      return grant.server === null ? [] : [grant.server.secret];
    case 'databricks':
      return [grant.clientSecret];
    case 'copilot':
      return [grant.token];
    case 'entra':
      return secretsOfEntra(grant);
    case 'google':
      return secretsOfGoogle(grant);
    case 'ibm':
      return [grant.apiKey];
    case 'snowflake':
      return [grant.privateKey, grant.passphrase].filter((text) => text !== '');
    case 'gigachat':
      return [grant.credentials];
    case 'sap':
      return [grant.clientSecret];
    case undefined:
      return [];
  }
}
