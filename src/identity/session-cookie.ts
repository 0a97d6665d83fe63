import type { IncomingHttpHeaders } from 'node:http';

/** Name of the panel's cookie (ruling K8). */
export const SESSION_COOKIE = 'llm_gateway_session';

/** The session id in a request's cookies, or null. */
export function sessionIdOf({ cookie }: IncomingHttpHeaders): string | null {
  if (cookie === undefined || !cookie.includes(SESSION_COOKIE)) return null;
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === SESSION_COOKIE) {
      const id = pair.slice(at + 1).trim();
      return /^[\w-]{20,200}$/.test(id) ? id : null;
    }
  }
  return null;
}

/**
 * `Set-Cookie` for a session.
 *
 * @param id null: the cookie is taken away
 * @param path root path of the server; `''` for none
 * @param secure the request came over TLS
 */
export function sessionCookie(id: string | null, path: string, secure: boolean, lifetimeMs: number): string {
  const age = id === null ? 0 : Math.floor(lifetimeMs / 1000);
  return `${SESSION_COOKIE}=${id ?? ''}; Path=${path === '' ? '/' : path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}
