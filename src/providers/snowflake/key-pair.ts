import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';

/** How long a token holds: Snowflake takes none for longer. */
export const LIFE_S = 3600;

/** Who signs in with a key pair, and by which key. Secret. */
export interface KeyPairUser {
  /** As it stands in addresses: `myorg-myaccount`, `xy12345.eu-central-1`. */
  readonly account: string;
  readonly user: string;
  /** PEM text. */
  readonly privateKey: string;
  /** Empty: the key is not encrypted. */
  readonly passphrase: string;
}

/** @throws {Error} for what is no private RSA key, or not opened by the passphrase */
export function rsaKeyOf({ privateKey, passphrase }: Pick<KeyPairUser, 'privateKey' | 'passphrase'>): KeyObject {
  // One line of a variable often has its line breaks written out.
  const pem = privateKey.replaceAll('\\n', '\n');
  const key = createPrivateKey({ key: pem, ...(passphrase === '' ? {} : { passphrase }) });
  if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  return key;
}

/**
 * What a user of a key pair shows: a JWT that names the user and the public key, signed by the private one (RS256).
 *
 * @param nowMs milliseconds since 1970
 * @throws {Error} as {@link rsaKeyOf}
 * @see https://docs.snowflake.com/en/developer-guide/sql-api/authenticating#using-key-pair-authentication (2026-11-26)
 */
export function keyPairToken(user: KeyPairUser, nowMs: number): string {
  const key = rsaKeyOf(user);
  const subject = `${accountIn(user.account)}.${user.user.toUpperCase()}`;
  const issuedAt = Math.floor(nowMs / 1000);
  const claims = { iss: `${subject}.${fingerprintOf(key)}`, sub: subject, iat: issuedAt, exp: issuedAt + LIFE_S };
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** Region and cloud behind an account's locator are no part of its name here; an organization's name before it is. */
function accountIn(account: string): string {
  return account.replace(/\..*$/, '').toUpperCase();
}

function fingerprintOf(key: KeyObject): string {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
