import { t } from '../i18n/texts.ts';

/** What the server refused, or why it could not be reached. `message` is fit to be shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The field a form should mark, as the server names it (`max_budget`). */
  readonly param: string | null;
  readonly type: string | null;
  readonly code: string | null;
  /** Seconds after which another try makes sense, when the server said so. */
  readonly retryAfter: number | null;

  constructor(message: string, facts: Partial<Pick<ApiError, 'status' | 'param' | 'type' | 'code' | 'retryAfter'>> = {}) {
    super(message);
    this.status = facts.status ?? 0;
    this.param = facts.param ?? null;
    this.type = facts.type ?? null;
    this.code = facts.code ?? null;
    this.retryAfter = facts.retryAfter ?? null;
  }
}

/** Fields of an address: left out when empty; a list repeats its name. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>;

interface Call {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** The call speaks for a key or to a provider: a 401 may be about theirs, and who asks finds out whether the session ended. */
  readonly otherCredentials?: boolean;
}

/** Root of the API, from the page the server rendered. */
export function apiRoot(): URL {
  const path = document.querySelector<HTMLMetaElement>('meta[name="gateway-api"]')?.content ?? './';
  return new URL(path, document.baseURI);
}

/** Full address of a path of the API (`key/list`, no slash in front). */
export function apiUrl(path: string, query: Query = {}): URL {
  const url = new URL(path, apiRoot());
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url;
}

interface Fault {
  /** `['body', 'max_budget']` */
  readonly loc?: readonly unknown[];
  readonly msg?: unknown;
}

interface Envelope {
  readonly error?: { readonly message?: unknown; readonly param?: unknown; readonly type?: unknown; readonly code?: unknown };
  /** What is wrong with a body, member by member. */
  readonly detail?: unknown;
}

function faultOf(detail: unknown): NonNullable<Envelope['error']> {
  const [fault] = Array.isArray(detail) ? (detail as Fault[]) : [];
  return { message: fault?.msg, param: fault?.loc?.[1] };
}

const textOr = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  return errorOf(body, response.status, Number(response.headers.get('retry-after')) || null);
}

/** What an error answer, or an error inside a stream, says. @param status of HTTP; 0 inside a stream */
export function errorOf(body: unknown, status: number, retryAfter: number | null = null): ApiError {
  const envelope = body as Envelope | null;
  const error = envelope?.error ?? faultOf(envelope?.detail);
  return new ApiError(textOr(error.message) ?? t('errors.status', { status }), {
    status,
    param: textOr(error.param),
    type: textOr(error.type),
    code: typeof error.code === 'number' ? String(error.code) : textOr(error.code),
    retryAfter,
  });
}

/**
 * One call of the API. The session's cookie is the credential; a call that changes something says that it comes from here.
 * A 401 is announced on `window` as `gw-unauthorized`, so that the shell can ask to log in again.
 *
 * @throws {ApiError} on any status that is not a success, and without an answer
 */
export async function send(method: string, path: string, { query, body, signal, otherCredentials = false }: Call = {}): Promise<Response> {
  const changes = method !== 'GET';
  const response = await fetch(apiUrl(path, query), {
    method,
    signal: signal ?? null,
    credentials: 'same-origin',
    headers: changes ? { 'content-type': 'application/json', 'x-requested-with': 'llm-gateway' } : {},
    body: changes ? JSON.stringify(body ?? {}) : null,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(t('errors.unreachable'));
  });
  if (response.ok) return response;
  const error = await refusal(response);
  if (error.status === 401 && !otherCredentials) globalThis.dispatchEvent(new CustomEvent('gw-unauthorized'));
  throw error;
}

async function json<Answer>(response: Promise<Response>): Promise<Answer> {
  const text = await (await response).text();
  return (text === '' ? null : JSON.parse(text)) as Answer;
}

/** Typed calls are made of these in the files beside this one; elements use those, never these. */
export const api = {
  get: <Answer>(path: string, query?: Query, signal?: AbortSignal) => json<Answer>(send('GET', path, { query, signal })),
  post: <Answer>(path: string, body?: unknown, signal?: AbortSignal) => json<Answer>(send('POST', path, { body, signal })),
  patch: <Answer>(path: string, body?: unknown) => json<Answer>(send('PATCH', path, { body })),
  put: <Answer>(path: string, body?: unknown) => json<Answer>(send('PUT', path, { body })),
  delete: <Answer>(path: string, body?: unknown) => json<Answer>(send('DELETE', path, { body })),
};
