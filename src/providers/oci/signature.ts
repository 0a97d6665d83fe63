import { createHash, sign, type KeyObject } from 'node:crypto';
import type { UnsignedRequest } from '../transport/signer.ts';

type Headers = Readonly<Record<string, string>>;

export interface OciKey {
  /** `tenancy/user/fingerprint`: which key it is. */
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * The request's headers with Oracle's signature of version 1: over method, path and query, date and host, and of a body over its
 * digest, type and length. It holds for five minutes, and for these bytes only.
 *
 * @param now milliseconds since 1970
 * @see https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm (2026-11-26)
 */
export function signed(request: UnsignedRequest, { id, key }: OciKey, now: number): Headers {
  const { method, origin, path, body } = request;
  const own = ownHeaders(request, now);
  const covered: readonly (readonly [name: string, value: string])[] = [
    ['(request-target)', `${method.toLowerCase()} ${path}`],
    ['date', own['date'] ?? ''],
    ['host', new URL(origin).host],
    ...(hasBody(method)
      ? ([
          ['x-content-sha256', own['x-content-sha256'] ?? ''],
          ['content-type', own['content-type'] ?? ''],
          ['content-length', String(body.length)],
        ] as const)
      : []),
  ];
  const text = covered.map(([name, value]) => `${name}: ${value}`).join('\n');
  const names = covered.map(([name]) => name).join(' ');
  const signature = sign('sha256', Buffer.from(text), key).toString('base64');
  return {
    ...own,
    authorization: `Signature version="1",keyId="${id}",algorithm="rsa-sha256",headers="${names}",signature="${signature}"`,
  };
}

/** The length is set by whoever sends the body. */
function ownHeaders({ method, headers, body }: UnsignedRequest, now: number): Headers {
  const dated = { ...headers, date: new Date(now).toUTCString() };
  if (!hasBody(method)) return dated;
  return {
    'content-type': 'application/json',
    ...dated,
    'x-content-sha256': createHash('sha256').update(body).digest('base64'),
  };
}

function hasBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}
