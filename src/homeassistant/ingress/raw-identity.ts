import { IngressRefusal } from './ingress-refusal.ts';

/** What Home Assistant says of a request: who it is from, and where the panel stands. */
export interface RawIdentity {
  /** Id of the user in Home Assistant, 32 hex digits. */
  readonly userId: string;
  readonly displayName: string | null;
  /** `/api/hassio_ingress/<token>` */
  readonly ingressPath: string;
}

const GENUINE = ['X-Remote-User-Id', 'X-Remote-User-Name', 'X-Remote-User-Display-Name', 'X-Ingress-Path', 'X-Hass-Source'] as const;
const BY_LOWER_CASE = new Map<string, (typeof GENUINE)[number]>(GENUINE.map((name) => [name.toLowerCase(), name]));

const USER_ID = /^[0-9a-f]{32}$/;
const INGRESS_PATH = /^\/api\/hassio_ingress\/[A-Za-z0-9_-]{20,128}$/;
const SOURCE = 'core.ingress';

/**
 * Reads who calls from the headers as they were written.
 *
 * The Supervisor takes copies of these headers away only in the exact spelling; one in another spelling replaces the genuine header on its
 * way, so that one header arrives with the value of whoever sent it. Only the spelling tells (supervisor-lab 1).
 *
 * @param rawHeaders names and values in turn, `IncomingMessage.rawHeaders`
 * @throws {IngressRefusal} `forged` for another spelling or a second header, `nobody` without a user
 */
export function rawIdentityOf(rawHeaders: readonly string[]): RawIdentity {
  const found = new Map<(typeof GENUINE)[number], string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const written = rawHeaders[index] ?? '';
    const name = BY_LOWER_CASE.get(written.toLowerCase());
    if (name === undefined) continue;
    if (name !== written || found.has(name)) throw new IngressRefusal('forged');
    found.set(name, rawHeaders[index + 1] ?? '');
  }
  const userId = found.get('X-Remote-User-Id') ?? '';
  const ingressPath = found.get('X-Ingress-Path') ?? '';
  if (!USER_ID.test(userId) || found.get('X-Hass-Source') !== SOURCE || !INGRESS_PATH.test(ingressPath)) throw new IngressRefusal('nobody');
  const name = found.get('X-Remote-User-Display-Name') ?? found.get('X-Remote-User-Name');
  return { userId, displayName: name ? decoded(name) : null, ingressPath };
}

/** Header bytes are read as Latin-1; names are UTF-8. */
function decoded(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8').slice(0, 255);
}
