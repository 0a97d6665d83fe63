import { sign } from 'node:crypto';
import type { ServiceAccount } from './credential.ts';

/** How long an assertion may be shown, and how long the token lives that it is shown for. */
const LIFE_S = 3600;

/**
 * What a service account shows to get a token: a JWT signed by its own key (RS256).
 *
 * @param nowMs milliseconds since 1970
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests (2026-11-26)
 */
export function assertionOf(account: ServiceAccount, scope: string, nowMs: number): string {
  const { client_email: issuer, token_uri: audience, private_key: key, private_key_id: keyId } = account;
  const issuedAt = Math.floor(nowMs / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const claims = { iss: issuer, scope, aud: audience, iat: issuedAt, exp: issuedAt + LIFE_S };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
