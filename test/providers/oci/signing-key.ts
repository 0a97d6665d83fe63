import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A pair made for one test file: Oracle has the public half. */
export interface SigningKey {
  readonly pem: string;
  readonly publicKey: KeyObject;
}

export function newSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }), publicKey };
}

/** The members of an `Authorization: Signature ...` header. */
export function membersIn(authorization: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}
