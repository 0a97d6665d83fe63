import { randomBytes } from 'node:crypto';
import { hashOf, macOf } from '../../src/identity/key-hash.ts';
import { VirtualKey, type KeyFields } from '../../src/identity/virtual-key.ts';
import type { PersonRole } from '../../src/core/caller.ts';
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
  | 'key of a user'
  | 'key of a user who may only look'
  | 'key of a viewer'
  | 'key of an administrator'
  | 'session of a user'
  | 'session of a viewer'
  | 'session of an administrator'
  | 'session without the header'
  | 'ended session'
  | 'master';

/** A panel's session, as a browser sends it. */
export interface SessionHeaders {
  readonly cookie: string;
  readonly 'x-requested-with'?: string;
}

/** The credential of each caller; null for none. */
export type Credentials = Readonly<Record<CallerName, string | SessionHeaders | null>>;

/** Makes one of each: keys through the API, and then what only time or another installation would do to them. */
export async function makeCallers(gateway: TestGateway): Promise<Credentials> {
  const expired = await gateway.key({ duration: '1h' });
  change(gateway, expired, { expires: Date.now() - 1000 });
  const otherSalt = await gateway.key();
  change(gateway, otherSalt, { mac: macOf(otherSalt, 'the salt key of another house') });
  const keyOf = async (role: PersonRole): Promise<string> => {
    const answer = await gateway.call('POST', '/user/new', { user_id: role, user_role: role });
    return ((await answer.json()) as { key: string }).key;
  };
  const sessionOf = async (userId: string, method: 'username_password' = 'username_password'): Promise<string> =>
    `llm_gateway_session=${(await gateway.parts.sessions.open(userId, method, 3_600_000)).id}`;
  const panel = { 'x-requested-with': 'llm-gateway' };
  const people = {
    'key of a user': await keyOf('internal_user'),
    'key of a user who may only look': await keyOf('internal_user_viewer'),
    'key of a viewer': await keyOf('proxy_admin_viewer'),
    'key of an administrator': await keyOf('proxy_admin'),
  };
  return {
    ...people,
    'session of a user': { cookie: await sessionOf('internal_user'), ...panel },
    'session of a viewer': { cookie: await sessionOf('proxy_admin_viewer'), ...panel },
    'session of an administrator': { cookie: await sessionOf('proxy_admin'), ...panel },
    'session without the header': { cookie: await sessionOf('proxy_admin') },
    'ended session': { cookie: 'llm_gateway_session=' + 'x'.repeat(43), ...panel },
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
