import type { JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from '../resolve/environment.ts';
import type { IdentityGrant } from './managed-identity.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';

/** What an application shows Entra ID to get a token. Secret. */
export type Showing =
  | { readonly kind: 'secret'; readonly secret: string }
  /** A token of another issuer, which stands in a file and is renewed there by somebody else. */
  | { readonly kind: 'file'; readonly path: string }
  /** A certificate and its key, which stand in one file. */
  | { readonly kind: 'certificate'; readonly path: string; readonly password: string | null }
  | { readonly kind: 'password'; readonly username: string; readonly password: string; readonly secret: string | null };

/** How tokens for one application are got. Plain data; secret. */
export interface EntraGrant {
  readonly issuer: 'entra';
  /** The token endpoint of the tenant. */
  readonly address: string;
  readonly clientId: string;
  readonly scope: string;
  readonly showing: Showing;
}

export type EntraProof = { readonly token: string } | { readonly grant: EntraGrant | IdentityGrant };

const SAID = ['tenant_id', 'client_id', 'client_secret', 'azure_username', 'azure_password'];

/** `azure_ad_token` that stands in a file and is exchanged. */
const IN_A_FILE = 'oidc/file/';
const AUTHORITY = 'https://login.microsoftonline.com';

/**
 * What a row itself says of Entra ID; null: nothing. What it leaves open comes from the variables.
 *
 * @throws {UnresolvedDeployment} when it says a part and the rest is nowhere
 */
export function entraFromParams(row: ProviderRow, scope: string, params: JsonObject, env: Environment): EntraProof | null {
  const token = textOf(params['azure_ad_token']);
  if (token !== null) return byToken(row, scope, token, params, env);
  const says = SAID.filter((name) => textOf(params[name]) !== null);
  const showing = showingOf(params, env);
  const clientId = textOf(params['client_id']);
  // A client alone, without anything to show: an identity that Azure gives this machine.
  if (clientId !== null && says.length === 1 && showing === null && firstSet(env, ['AZURE_TENANT_ID']) === null)
    return { grant: identityGrant(scope, clientId, params, env) };
  return says.length > 0 ? { grant: grantOf(row, scope, params, env, showing) } : null;
}

/** What the variables alone say; null when they do not say enough. */
export function entraFromEnvironment(row: ProviderRow, scope: string, params: JsonObject, env: Environment): EntraProof | null {
  const token = firstSet(env, ['AZURE_AD_TOKEN']);
  if (token !== null) return byToken(row, scope, token, params, env);
  const showing = showingOf(params, env);
  const isWhole = showing !== null && firstSet(env, ['AZURE_TENANT_ID']) !== null && firstSet(env, ['AZURE_CLIENT_ID']) !== null;
  return isWhole ? { grant: grantOf(row, scope, params, env, showing) } : null;
}

/** Where nothing is named, on hosts of Azure alone: the identity of the machine, or the one that `AZURE_CLIENT_ID` says. */
export function entraOfMachine(base: string, scope: string, params: JsonObject, env: Environment): EntraProof | null {
  return ON_AZURE.test(new URL(base).hostname) ? { grant: identityGrant(scope, firstSet(env, ['AZURE_CLIENT_ID']), params, env) } : null;
}

const ON_AZURE = /\.(?:azure\.(?:com|us|cn)|azure-api\.net)$/;

function identityGrant(scope: string, clientId: string | null, params: JsonObject, env: Environment): IdentityGrant {
  const [address, secret] = [firstSet(env, ['IDENTITY_ENDPOINT']), firstSet(env, ['IDENTITY_HEADER'])];
  return {
    issuer: 'azure_identity',
    clientId,
    resource: (said(params, env, 'azure_scope', 'AZURE_SCOPE') ?? scope).replace(/\/\.default$/, ''),
    server: address === null || secret === null ? null : { address, secret },
  };
}

/** What the row says, else the variable. */
function said(params: JsonObject, env: Environment, param: string, variable: string): string | null {
  return textOf(params[param]) ?? firstSet(env, [variable]);
}

/** Texts of a grant that must not be shown. */
export function secretsOfEntra({ showing }: EntraGrant): readonly string[] {
  switch (showing.kind) {
    case 'secret':
      return [showing.secret];
    case 'password':
      return [showing.password, ...(showing.secret === null ? [] : [showing.secret])];
    case 'certificate':
      return showing.password === null ? [] : [showing.password];
    case 'file':
      return [];
  }
}

function byToken(row: ProviderRow, scope: string, token: string, params: JsonObject, env: Environment): EntraProof {
  if (token.startsWith(IN_A_FILE))
    return { grant: grantOf(row, scope, params, env, { kind: 'file', path: `/${token.slice(IN_A_FILE.length).replace(/^\/+/, '')}` }) };
  if (token.startsWith('oidc/'))
    throw new UnresolvedDeployment(`azure_ad_token can be exchanged from a file alone: ${IN_A_FILE}<path>.`, { param: 'azure_ad_token' });
  if (/[\r\n\0]/.test(token)) throw new UnresolvedDeployment('azure_ad_token holds a line break.', { param: 'azure_ad_token' });
  return { token };
}

function grantOf(row: ProviderRow, scope: string, params: JsonObject, env: Environment, showing: Showing | null): EntraGrant {
  const tenant = said(params, env, 'tenant_id', 'AZURE_TENANT_ID');
  const clientId = said(params, env, 'client_id', 'AZURE_CLIENT_ID');
  if (tenant === null) throw lacking(row, 'tenant_id', 'AZURE_TENANT_ID');
  if (clientId === null) throw lacking(row, 'client_id', 'AZURE_CLIENT_ID');
  if (showing === null) throw lacking(row, 'client_secret', 'AZURE_CLIENT_SECRET');
  if (!/^[\w.-]+$/.test(tenant)) throw new UnresolvedDeployment('tenant_id is neither an ID nor a domain.', { param: 'tenant_id' });
  return {
    issuer: 'entra',
    address: addressOf(tenant, env),
    clientId,
    scope: said(params, env, 'azure_scope', 'AZURE_SCOPE') ?? scope,
    showing,
  };
}

/** Clouds of their own (government, China) have another authority. */
function addressOf(tenant: string, env: Environment): string {
  const authority = firstSet(env, ['AZURE_AUTHORITY_HOST']) ?? AUTHORITY;
  const url = URL.parse(/^https?:\/\//i.test(authority) ? authority : `https://${authority}`);
  if (!url) throw new UnresolvedDeployment('AZURE_AUTHORITY_HOST is no address.');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/${tenant}/oauth2/v2.0/token`;
}

/** A person's name that the row itself gives counts first, then the secret of the application. */
function showingOf(params: JsonObject, env: Environment): Showing | null {
  const secret = said(params, env, 'client_secret', 'AZURE_CLIENT_SECRET');
  const username = said(params, env, 'azure_username', 'AZURE_USERNAME');
  const password = said(params, env, 'azure_password', 'AZURE_PASSWORD');
  const isPerson = username !== null && password !== null;
  if (isPerson && (secret === null || textOf(params['azure_username']) !== null)) return { kind: 'password', username, password, secret };
  if (secret !== null) return { kind: 'secret', secret };
  const certificate = firstSet(env, ['AZURE_CLIENT_CERTIFICATE_PATH']);
  if (certificate !== null)
    return { kind: 'certificate', path: certificate, password: firstSet(env, ['AZURE_CLIENT_CERTIFICATE_PASSWORD']) };
  const path = firstSet(env, ['AZURE_FEDERATED_TOKEN_FILE']);
  return path === null ? null : { kind: 'file', path };
}

function lacking(row: ProviderRow, param: string, variable: string): UnresolvedDeployment {
  return new UnresolvedDeployment(`${row.name} is to be asked with a token of Entra ID: set ${param} or ${variable} too.`, { param });
}
