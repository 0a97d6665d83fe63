import { createHash, createHmac } from 'node:crypto';
import type { UnsignedRequest } from '../transport/signer.ts';

type Headers = Readonly<Record<string, string>>;

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken: string | null;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
}

/**
 * The request's headers with AWS's Signature Version 4 over method, path, query, body, host, content type and all `x-amz-`
 * headers. It holds for five minutes, and for these bytes only.
 *
 * @param now milliseconds since 1970
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (2026-11-26)
 */
export function signed(request: UnsignedRequest, keys: AwsKeys, { region, service }: SigningScope, now: number): Headers {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': time,
    ...(keys.sessionToken === null ? {} : { 'x-amz-security-token': keys.sessionToken }),
  };
  const covered = coveredHeaders(headers, new URL(request.origin).host);
  const names = covered.map(([name]) => name).join(';');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonicalRequest(request, covered, names))}`;
  const signature = hmac(signingKey(keys.secretAccessKey, date, region, service), text).toString('hex');
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

type Header = readonly [name: string, value: string];

/** Others may be changed on the way. */
function coveredHeaders(headers: Headers, host: string): Header[] {
  const covered = Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('x-amz-'));
  const all: Header[] = [...covered, ['host', host]];
  return all.map(([name, value]): Header => [name, value.trim().replaceAll(/ +/g, ' ')]).sort(byName);
}

function canonicalRequest({ method, path, body }: UnsignedRequest, covered: readonly Header[], names: string): string {
  const [plain = '/', query = ''] = path.split('?', 2);
  const lines = covered.map(([name, value]) => `${name}:${value}\n`).join('');
  return [method, canonicalPath(plain), canonicalQuery(query), lines, names, sha256(body)].join('\n');
}

/** Each segment as it is sent, encoded once more: every service but S3 wants it so. */
function canonicalPath(path: string): string {
  return path.split('/').map(encoded).join('/') || '/';
}

function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query)].map(([name, value]): Header => [encoded(name), encoded(value)]);
  return pairs
    .sort((a, b) => byName(a, b) || order(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Everything but letters, digits, `-`, `.`, `_` and `~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function byName([a]: Header, [b]: Header): number {
  return order(a, b);
}

/** By code, not by the rules of a language. */
function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function signingKey(secret: string, ...scope: readonly string[]): Uint8Array {
  return [...scope, 'aws4_request'].reduce<Uint8Array>((key, word) => hmac(key, word), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
