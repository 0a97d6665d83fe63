import type { IncomingMessage } from 'node:http';

export interface CorsSettings {
  /** Origins that may read answers; null: all. */
  readonly origins: readonly string[] | null;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/**
 * CORS for browsers; a request without `Origin` gets none. Requested headers are reflected: browsers do not count
 * `Authorization` under `*` (ruling B3).
 */
export function corsHeaders(request: IncomingMessage, { origins }: CorsSettings): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  if (origin === undefined) return NO_HEADERS;
  const allowed = origins === null ? '*' : origins.includes(origin) ? origin : null;
  if (allowed === null) return NO_HEADERS;
  return {
    'access-control-allow-origin': allowed,
    'access-control-expose-headers': '*',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD',
    'access-control-allow-headers': headerList(request.headers['access-control-request-headers']),
    'access-control-max-age': '600',
    ...(allowed === '*' ? {} : { vary: 'Origin' }),
  };
}

function headerList(asked: string | undefined): string {
  return asked !== undefined && /^[\w\-, ]{1,1000}$/.test(asked) ? asked : '*';
}
