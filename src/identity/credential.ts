import type { IncomingHttpHeaders } from 'node:http';

/** Where a credential may stand, in order; the first that is not empty wins (data-plane 5.1). */
const PLACES = ['x-litellm-api-key', 'authorization', 'api-key', 'x-api-key', 'x-goog-api-key', 'ocp-apim-subscription-key'] as const;

/**
 * The credential of a request, without its scheme.
 *
 * @param customHeader `general_settings.litellm_key_header_name`, lower case, when set
 */
export function credentialOf(headers: IncomingHttpHeaders, customHeader: string | null): string | null {
  // Nearly every client sends this one; the others are looked at when it is absent.
  const usual = headers.authorization;
  if (customHeader === null && usual !== undefined && headers['x-litellm-api-key'] === undefined) {
    const bare = withoutScheme(usual);
    if (bare !== '') return bare;
  }
  for (const place of customHeader === null ? PLACES : [customHeader, ...PLACES]) {
    const value = headers[place];
    if (typeof value !== 'string') continue;
    const bare = withoutScheme(value);
    if (bare !== '') return bare;
  }
  return null;
}

/**
 * The query `key` of Google's API, where no header bears a credential: put where Google's clients may send it as well, so that
 * nothing behind this looks at a query for it (data-plane 5.1).
 */
export function takeKeyOf(query: string, headers: IncomingHttpHeaders): void {
  if (!query.includes('key=') || headers['x-goog-api-key'] !== undefined) return;
  const key = new URLSearchParams(query).get('key');
  if (key !== null && key !== '') headers['x-goog-api-key'] = key;
}

function withoutScheme(value: string): string {
  if (value.startsWith('Bearer ') || value.startsWith('bearer ')) return value.slice(7).trim();
  if (/^basic /i.test(value)) return passwordOf(value.slice(6).trim());
  if (value.startsWith('AWS4-HMAC')) return /Credential=Bearer (sk-[^/,\s]+)/.exec(value)?.[1] ?? '';
  return value.trim();
}

/** Langfuse-style clients send the key as the password. */
function passwordOf(encoded: string): string {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
