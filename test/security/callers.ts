import { randomBytes } from 'node:crypto';
import { hashOf, macOf } from '../../src/identity/key-hash.ts';
import { VirtualKey, type KeyFields } from '../../src/identity/virtual-key.ts';
import type { TestGateway } from '../support/gateway.ts';

/** Every kind of caller that the gateway tells apart. */
export type CallerName =
  | 'anonymous'
  | 'malformed'
  | 'unknown'
  | 'blocked'
  | 'expired'
  | 'other salt'
  | 'ownerless'
  | 'llm key'
  | 'read-only key'
  | 'management key'
  | 'one-route key'
  | 'master';

/** The credential of each caller; null for none. */
export type Credentials = Readonly<Record<CallerName, string | null>>;

/** Makes one of each: keys through the API, and then what only time or another installation would do to them. */
export async function makeCallers(gateway: TestGateway): Promise<Credentials> {
  const expired = await gateway.key({ duration: '1h' });
  change(gateway, expired, { expires: Date.now() - 1000 });
  const otherSalt = await gateway.key();
  change(gateway, otherSalt, { mac: macOf(otherSalt, 'the salt key of another house') });
  return {
    anonymous: null,
    malformed: 'not-a-key-of-this-gateway',
    unknown: `sk-${randomBytes(16).toString('base64url')}`,
    blocked: await gateway.key({ blocked: true }),
    expired,
    'other salt': otherSalt,
    ownerless: await gateway.key(),
    'llm key': await gateway.key({ key_type: 'llm_api' }),
    'read-only key': await gateway.key({ key_type: 'read_only' }),
    'management key': await gateway.key({ key_type: 'management' }),
    'one-route key': await gateway.key({ allowed_routes: ['/v1/chat/completions'] }),
    master: gateway.masterKey,
  };
}

function change({ parts }: TestGateway, key: string, fields: Partial<KeyFields>): void {
  const old = parts.ring.get(hashOf(key));
  if (!old) throw new Error('no such key');
  parts.ring.put(new VirtualKey({ ...old.fields, ...fields }));
}
