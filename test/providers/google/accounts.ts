import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import type { SeenRequest } from '../../support/fake-provider.ts';

/** A service account with a key pair of its own, and what Google would know of it. */
export interface TestAccount {
  /** As its JSON file tells it. */
  readonly file: Readonly<Record<string, unknown>>;
  readonly publicKey: KeyObject;
}

export function serviceAccount(tokenUri: string, more: Readonly<Record<string, unknown>> = {}): TestAccount {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = {
    type: 'service_account',
    project_id: 'house-project',
    private_key_id: 'key-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'gateway@house-project.iam.gserviceaccount.com',
    client_id: '100000000000000000001',
    token_uri: tokenUri,
    ...more,
  };
  return { file, publicKey };
}

export interface ShownAssertion {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  /** Whether the signature is the account's. */
  readonly holds: boolean;
}

/** The JWT that a request to the token endpoint shows, verified as Google would. */
export function assertionIn({ body }: SeenRequest, publicKey: KeyObject): ShownAssertion {
  const [header = '', claims = '', signature = ''] = (new URLSearchParams(body.toString()).get('assertion') ?? '').split('.');
  const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return {
    header: read(header),
    claims: read(claims),
    holds: verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
  };
}
