/** Ends of a URL that name an operation: a base that has one is a whole address and is used as it stands. */
const OPERATIONS = [
  '/chat/completions',
  '/completions',
  '/embeddings',
  '/moderations',
  '/rerank',
  '/messages',
  '/responses',
  '/audio/speech',
  '/audio/transcriptions',
  '/images/generations',
  '/images/edits',
  '/api/chat',
  '/api/generate',
  '/api/embed',
  '/v2/chat',
  '/v2/embed',
];

/**
 * The URL of an operation.
 *
 * - `https://host/v1` and `/chat/completions` → `https://host/v1/chat/completions`
 * - `https://host/v1` and `/v1/messages` → `https://host/v1/messages`: a version that both have stands once, the base's
 * - `https://host/.../chat/completions?api-version=1`: a base that is a whole address stays as it is
 *
 * @param base http(s) URL, maybe with a query, which is kept
 * @param path path below the base, with its leading slash and maybe a query
 * @param query further parameters
 */
export function endpointUrl(base: string, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(base);
  const below = url.pathname.replace(/\/+$/, '');
  const [plain = path, asked = ''] = path.split('?');
  if (!OPERATIONS.some((operation) => below.endsWith(operation))) url.pathname = joined(below, plain);
  const own = new URLSearchParams(asked);
  // What the path asks wins over the base, and may repeat.
  for (const name of new Set(own.keys())) url.searchParams.delete(name);
  for (const [name, value] of own) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** Segments that people write at the end of a base although the dialect's path begins with them. */
const VERSION = /^v\d+\w*$/;

function joined(below: string, path: string): string {
  const first = path.split('/')[1] ?? '';
  const last = below.slice(below.lastIndexOf('/') + 1);
  const stands = VERSION.test(first) ? VERSION.test(last) : first === 'api' && last === 'api';
  return stands ? below + path.slice(first.length + 1) : below + path;
}
