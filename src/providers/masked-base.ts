/** A base URL as it may be shown: no user, no password, no query. */
export function maskedBase(base: string): string {
  const url = new URL(base);
  return `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
}
