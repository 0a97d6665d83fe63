import { isObject } from '../core/json-object.ts';
import { modelsOf } from '../dialects/ollama/models.ts';
import type { Resolved } from './resolve.ts';
import { mergeHeaders, urlOf } from './resolve.ts';
import type { TlsCheck, Transport } from './transport/transport.ts';

/** Where each dialect lists its models. */
const LIST_PATH = { openai: '/models', anthropic: '/v1/models', ollama: '/api/tags' } as const;

const TIMEOUT_MS = 15_000;
const LARGEST = 8_388_608;
/** Names taken from one list. */
const MOST_NAMES = 5000;

/** The provider's own names of its models; null when it does not tell. Only ever asked in the background (ruling B2). */
export async function fetchModelNames(transport: Transport, resolved: Resolved, tls: TlsCheck): Promise<readonly string[] | null> {
  const url = urlOf(resolved, LIST_PATH[resolved.dialect]);
  const version = resolved.dialect === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
  const exchange = transport.send({
    method: 'GET',
    origin: url.origin,
    path: `${url.pathname}${resolved.dialect === 'anthropic' ? '?limit=1000' : url.search}`,
    headers: mergeHeaders({ accept: 'application/json', 'user-agent': 'llm-gateway' }, version, resolved.headers, resolved.credentials),
    body: null,
    timeouts: { firstByteMs: TIMEOUT_MS, totalMs: TIMEOUT_MS, idleMs: TIMEOUT_MS },
    tls,
  });
  try {
    await exchange.opened();
    if (exchange.status !== 200) {
      exchange.abort();
      return null;
    }
    const names = namesIn(JSON.parse((await exchange.whole(LARGEST)).toString('utf8')), resolved.dialect);
    return names.length === 0 ? null : names.slice(0, MOST_NAMES);
  } catch {
    exchange.abort();
    return null;
  }
}

function namesIn(body: unknown, dialect: Resolved['dialect']): string[] {
  if (dialect === 'ollama') return modelsOf(body).map(({ name }) => name);
  const list: unknown = isObject(body) ? body['data'] : body;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => (isObject(entry) ? entry['id'] : entry)).filter((id): id is string => typeof id === 'string' && id !== '');
}
