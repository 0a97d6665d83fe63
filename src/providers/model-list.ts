import type { DialectName } from '../core/dialect.ts';
import { isObject } from '../core/json-object.ts';
import { modelNamesOf } from '../dialects/gemini/models.ts';
import { modelFactsOf, modelsOf, type OllamaModelFacts } from '../dialects/ollama/models.ts';
import type { Resolved } from './resolve.ts';
import { mergeHeaders, urlOf } from './resolve.ts';
import type { TlsCheck, Transport } from './transport/transport.ts';

/** Where each dialect lists its models, in as few pages as it can; null: at another address than it is called. */
const LIST_PATH: Readonly<Record<DialectName, string | null>> = {
  openai: '/models',
  responses: '/models',
  anthropic: '/v1/models?limit=1000',
  ollama: '/api/tags',
  cohere: '/v1/models?page_size=1000',
  gemini: '/v1beta/models?pageSize=1000',
  bedrock: null,
  vectors: null,
  pictures: null,
  watsonx: null,
  prompted: null,
  oci: null,
  a2a: null,
  coze: null,
  dify: null,
  langflow: null,
  langgraph: null,
  replicate: null,
  gigachat: null,
  sap: null,
  voices: null,
};

const TIMEOUT_MS = 15_000;
const LARGEST = 8_388_608;
/** Names taken from one list. */
const MOST_NAMES = 5000;

/** The provider's own names of its models; null when it does not tell. Only ever asked in the background (ruling B2). */
export async function fetchModelNames(transport: Transport, resolved: Resolved, tls: TlsCheck): Promise<readonly string[] | null> {
  const path = LIST_PATH[resolved.dialect];
  if (path === null || !resolved.listsModels) return null;
  const names = namesIn(await asked(transport, resolved, tls, path, null), resolved.dialect);
  return names.length === 0 ? null : names.slice(0, MOST_NAMES);
}

/** What an Ollama server says its model can do; null when it does not tell. */
export async function fetchOllamaFacts(transport: Transport, resolved: Resolved, tls: TlsCheck): Promise<OllamaModelFacts | null> {
  const body = await asked(transport, resolved, tls, '/api/show', Buffer.from(JSON.stringify({ model: resolved.model })));
  return body === null ? null : modelFactsOf(body);
}

/** One small question in the background. Null when the provider is away, refuses, or answers something else than JSON. */
async function asked(transport: Transport, resolved: Resolved, tls: TlsCheck, path: string, body: Buffer | null): Promise<unknown> {
  const [plain = path, query] = path.split('?');
  const url = urlOf(resolved, plain);
  const dialect = resolved.dialect === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
  const exchange = transport.send({
    method: body === null ? 'GET' : 'POST',
    origin: url.origin,
    path: url.pathname + (query === undefined ? url.search : `?${query}`),
    headers: mergeHeaders(
      { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'llm-gateway' },
      dialect,
      resolved.headers,
      resolved.credentials,
    ),
    body,
    timeouts: { firstByteMs: TIMEOUT_MS, totalMs: TIMEOUT_MS, idleMs: TIMEOUT_MS },
    tls,
  });
  try {
    await exchange.opened();
    if (exchange.status === 200) return JSON.parse((await exchange.whole(LARGEST)).toString('utf8')) as unknown;
  } catch {
    // Nothing depends on it: the catalogue's facts stand.
  }
  exchange.abort();
  return null;
}

function namesIn(body: unknown, dialect: Resolved['dialect']): string[] {
  if (dialect === 'ollama') return modelsOf(body).map(({ name }) => name);
  if (dialect === 'gemini') return modelNamesOf(body);
  const [list, name] = dialect === 'cohere' ? (['models', 'name'] as const) : (['data', 'id'] as const);
  const entries: unknown = isObject(body) ? body[list] : body;
  if (!Array.isArray(entries)) return [];
  return entries
    .map((entry: unknown) => (isObject(entry) ? entry[name] : entry))
    .filter((id): id is string => typeof id === 'string' && id !== '');
}
