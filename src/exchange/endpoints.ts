import { mergeHeaders, urlOf } from '../providers/resolve.ts';
import type { Endpoint, Upstream } from './upstream.ts';

const JSON_BODY: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json',
  'user-agent': 'llm-gateway',
};

/** Endpoints that one deployment remembers: paths may hold a name of the call's own. */
const MOST_ENDPOINTS = 64;

/** The address and headers of `path` (the dialect's own, e.g. `/chat/completions`), remembered for the next call. */
export function endpointOf(upstream: Upstream, path: string, streams = false): Endpoint {
  const { streamPaths } = upstream.resolved;
  const name = streams && streamPaths[path] !== undefined ? `${path} streamed` : path;
  const known = upstream.endpoints.get(name);
  if (known) return known;
  const url = urlOf(upstream.resolved, path, streams);
  const { headers, credentials } = upstream.resolved;
  const endpoint: Endpoint = {
    origin: url.origin,
    path: url.pathname + url.search,
    headers: mergeHeaders(JSON_BODY, headers, credentials),
  };
  if (upstream.endpoints.size < MOST_ENDPOINTS) upstream.endpoints.set(name, endpoint);
  return endpoint;
}

/** Headers of a question without a body; those that prove who asks among them unless it goes to a stranger. Lower case names. */
export function questionHeaders({ resolved }: Upstream, accept: string, isOwn: boolean): Readonly<Record<string, string>> {
  const plain = { accept, 'user-agent': 'llm-gateway' };
  return isOwn ? mergeHeaders(plain, resolved.headers, resolved.credentials) : plain;
}

/** The endpoint's headers with those of the dialect and of the client, less what must not go to this provider. */
export function headersFor(
  upstream: Upstream,
  endpoint: Endpoint,
  dialect: Readonly<Record<string, string>>,
  client: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { dropHeaders, headers, credentials } = upstream.resolved;
  if (isEmpty(dialect) && isEmpty(client) && dropHeaders.length === 0) return endpoint.headers;
  const merged = mergeHeaders(JSON_BODY, dialect, client, headers, credentials);
  if (dropHeaders.length === 0) return merged;
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !dropHeaders.includes(name)));
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
