import { constants, createHash, createPrivateKey, randomUUID, sign, X509Certificate, type KeyObject } from 'node:crypto';

/** How long an assertion may be shown. */
const LIFE_S = 600;

/** What is wrong with a certificate, in one plain sentence that shows nothing of it. */
export class CertificateFault extends Error {
  override readonly name = 'CertificateFault';
}

export interface CertificateClaims {
  readonly clientId: string;
  /** The token endpoint. */
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * What an application shows Entra ID in place of a secret: a JWT signed by the key of its certificate (PS256).
 *
 * @param pem the certificate and its RSA key, in one text
 * @param password of the key; null: it has none
 * @throws {CertificateFault}
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials (2026-11-26)
 */
export function certificateAssertion(pem: string, password: string | null, { clientId, audience, nowMs }: CertificateClaims): string {
  const thumbprint = createHash('sha256').update(certificateIn(pem).raw).digest('base64url');
  const issuedAt = Math.floor(nowMs / 1000);
  const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint };
  const claims = { aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), nbf: issuedAt, iat: issuedAt, exp: issuedAt + LIFE_S };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const key = { key: keyIn(pem, password), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function certificateIn(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem.slice(Math.max(0, pem.indexOf('-----BEGIN CERTIFICATE-----'))));
  } catch {
    throw new CertificateFault('it holds no certificate in PEM form');
  }
}

function keyIn(pem: string, password: string | null): KeyObject {
  const text = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/.exec(pem)?.[0] ?? '';
  let key: KeyObject;
  try {
    key = createPrivateKey(password === null ? text : { key: text, passphrase: password });
  } catch {
    // What OpenSSL says of it helps nobody.
    throw new CertificateFault(
      'it holds no private key in PEM form that can be read, with AZURE_CLIENT_CERTIFICATE_PASSWORD where it needs one',
    );
  }
  if (key.asymmetricKeyType !== 'rsa') throw new CertificateFault('its private key is no RSA key');
  return key;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
