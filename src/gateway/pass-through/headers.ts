import type { IncomingHttpHeaders } from 'node:http';

type Headers = Readonly<Record<string, string>>;

/** Belong to one connection. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'] as const; // prettier-ignore

/** May carry the caller's key, or its session. */
const CREDENTIALS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'ocp-apim-subscription-key', 'cookie', 'x-litellm-api-key', 'x-amz-security-token', 'x-amz-date', 'x-amz-content-sha256'] as const; // prettier-ignore

const NEVER_SENT: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP, ...CREDENTIALS, 'host', 'content-length', 'content-encoding', 'expect', 'accept-encoding', 'origin', 'referer', 'forwarded', 'via', 'x-real-ip', 'x-ingress-path', 'x-hass-source',
]); // prettier-ignore
const NEVER_SENT_START = /^(?:x-litellm-|x-forwarded-|x-remote-user-|sec-|access-control-|cf-|x-pass-)/;

/**
 * The client's headers for the provider, without what proves who it is here and what tells where it comes from.
 *
 * @param keyHeaders further names that carry the caller's key, lower case
 */
export function headersOnward(headers: IncomingHttpHeaders, keyHeaders: readonly (string | null)[]): Headers {
  const named = connectionNames(headers.connection);
  const onward: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || NEVER_SENT.has(name) || NEVER_SENT_START.test(name) || named.includes(name) || keyHeaders.includes(name))
      continue;
    onward[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  for (const name in headers) {
    const bare = name.startsWith('x-pass-') ? name.slice('x-pass-'.length) : '';
    const value = headers[name];
    if (bare !== '' && typeof value === 'string' && !NEVER_SENT.has(bare)) onward[bare] = value;
  }
  return onward;
}

/** Of a target outside the catalogue: what says what the body is, and which answer is wanted. */
export function headersOfContent(headers: IncomingHttpHeaders): Headers {
  return Object.fromEntries(
    (['content-type', 'accept', 'accept-language'] as const).flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const NEVER_RETURNED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'x-litellm-call-id',
]);
const NEVER_RETURNED_START = /^(?:access-control-|x-litellm-)/;

/** The provider's headers for the client, name and value in turn. */
export function headersBack(raw: readonly string[], secrets: readonly string[]): string[] {
  const back: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const [name = '', value = ''] = [raw[at]?.toLowerCase(), raw[at + 1]];
    if (NEVER_RETURNED.has(name) || NEVER_RETURNED_START.test(name) || secrets.some((secret) => value.includes(secret))) continue;
    back.push(name, value);
  }
  return back;
}

function connectionNames(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',').map((name) => name.trim().toLowerCase()); // prettier-ignore
}
