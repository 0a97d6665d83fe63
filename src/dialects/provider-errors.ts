import type { ErrorReply } from '../core/dialect.ts';
import type { ProviderErrorClass, ProviderFailure } from '../core/provider-error.ts';
import { maskSecrets } from './mask-secrets.ts';

export { maskSecrets } from './mask-secrets.ts';

/** Longest text of a provider that is kept, in bytes of UTF-8. */
const MAX_MESSAGE_BYTES = 8192;

/** What a dialect read from an error body, in the provider's own words. */
export interface ErrorFacts {
  readonly message: string;
  readonly type?: string | undefined;
  /** Symbolic code; numbers are no symbols and stay out. */
  readonly code?: string | undefined;
  readonly param?: string | null | undefined;
  /** How long the body asks to wait, where the headers do not say. */
  readonly retryAfterMs?: number | undefined;
  /** Data without a home in the envelope, kept for the client. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The class and the client's HTTP status of a provider failure (data-plane 6.3, ruling E1).
 *
 * @param status HTTP status that the provider meant: of the answer, or named in an error body inside a 200
 * @param code symbolic code or error type, when there is one
 * @param text the provider's words; codes that stand in the text count too
 */
export function classify(status: number, code: string | null, text: string): { class: ProviderErrorClass; status: number } {
  const words = `${code ?? ''} ${text}`.toLowerCase();
  if (maySpeakOfContent(status)) {
    if (CONTEXT_WINDOW.test(words) && !words.includes('string_above_max_length'))
      return { class: 'ContextWindowExceededError', status: 400 };
    if (CONTENT_POLICY.test(words)) return { class: 'ContentPolicyViolationError', status: 400 };
  }
  if (status === 400 && BAD_KEY.test(words)) return { class: 'AuthenticationError', status: 401 };
  if (status === 400 && words.includes('model_not_found')) return { class: 'NotFoundError', status: 404 };
  if (status === 400 && RATE_LIMIT.test(words)) return { class: 'RateLimitError', status: 429 };
  return { class: CLASS_OF_STATUS[status] ?? classOfRange(status), status };
}

/** The failure as the journey wants it: classified, masked, bounded. `status` wins over the reply's own. */
export function failureOf(reply: ErrorReply, facts: ErrorFacts, status: number = reply.status): ProviderFailure {
  const found = classify(status, [facts.code, facts.type].filter(Boolean).join(' '), facts.message);
  const code = codeOf(found.class, facts.code);
  const retryAfterMs = retryAfterOf(reply.headers) ?? facts.retryAfterMs;
  return {
    ...found,
    message: boundedText(maskSecrets(facts.message)),
    headers: reply.headers,
    ...(facts.type ? { type: facts.type } : {}),
    ...(code === undefined ? {} : { code }),
    ...(facts.param ? { param: facts.param } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(facts.fields ? { fields: maskedFields(facts.fields) } : {}),
  };
}

/** An object of the provider's with the secrets in its texts masked. */
export function maskedFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(fields), (_name, value: unknown) => (typeof value === 'string' ? maskSecrets(value) : value)) as Record<
    string,
    unknown
  >;
}

/**
 * How long the provider asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as a date, which
 * is read against the `date` header of the same answer.
 *
 * @param headers lower case names
 */
export function retryAfterOf(headers: Readonly<Record<string, string>>): number | undefined {
  const exact = positiveNumber(headers['retry-after-ms']);
  if (exact !== undefined) return Math.round(exact);
  const plain = headers['retry-after'];
  const seconds = positiveNumber(plain);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const wait = Date.parse(plain ?? '') - Date.parse(headers['date'] ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** At most 8 kB of UTF-8, cut between characters. */
export function boundedText(text: string): string {
  if (text.length * 3 <= MAX_MESSAGE_BYTES) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_MESSAGE_BYTES) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, MAX_MESSAGE_BYTES - 3), { stream: true })}...`;
}

/** The status that an error body inside a 200 means, from its type when it names no number. */
export function statusOfType(type: string | undefined): number {
  return (type === undefined ? undefined : STATUS_OF_TYPE[type.toLowerCase()]) ?? 500;
}

const CONTEXT_WINDOW = new RegExp(
  [
    'context_length_exceeded',
    'exceed_context_size',
    'exceed context limit',
    "this model's maximum context length is",
    'string too long\\. expected a string with maximum length',
    "model's maximum context limit",
    "is longer than the model's context length",
    'input tokens exceed the configured limit',
    '`inputs` tokens \\+ `max_new_tokens` must be',
    'exceeds the available context size',
    'is too large to process', // llama.cpp, embeddings
    'exceeds? the maximum number of tokens',
    'prompt is too long',
    'prompt: length',
    'input is too long',
    'too many tokens',
    'maximum input length is \\d+ tokens',
    'current length is \\d+ while limit is',
    'context length of only',
    'maximum context length',
  ].join('|'),
);

const CONTENT_POLICY = new RegExp(
  [
    'content_filter',
    'content_policy_violation',
    'content management policy',
    'responsibleaipolicyviolation',
    'the response was filtered due to the prompt triggering',
    'your task failed as a result of our safety system',
    'the model produced invalid content',
    'your request was rejected as a result of our safety system',
    'content filtering policy',
    'data_inspection_failed', // DashScope
  ].join('|'),
);

const BAD_KEY = /invalid[ _]api[ _]key|incorrect api key|api key not valid|api_key_invalid/;
const RATE_LIMIT = /rate.?limit|quota exceeded|insufficient_quota|resource.?exhausted|too many requests/;

const CLASS_OF_STATUS: Readonly<Record<number, ProviderErrorClass>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  408: 'Timeout',
  413: 'BadRequestError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
  500: 'InternalServerError',
  502: 'BadGatewayError',
  503: 'ServiceUnavailableError',
  504: 'Timeout',
  529: 'InternalServerError',
};

const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  badrequesterror: 400,
  content_filter: 400,
  exceed_context_size_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  notfounderror: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  timeout_error: 504,
  unavailable_error: 503,
};

/** Codes that say the same in the words clients test for; a provider's own symbol for the rest. */
function codeOf(found: ProviderErrorClass, own: string | undefined): string | undefined {
  if (found === 'ContextWindowExceededError') return 'context_length_exceeded';
  if (found === 'ContentPolicyViolationError') return own || 'content_policy_violation';
  return own || undefined;
}

/** Throttling texts say "too many tokens" as well, and a bad key says nothing of the prompt. */
function maySpeakOfContent(status: number): boolean {
  return status === 400 || status === 413 || status === 422 || status === 500;
}

function classOfRange(status: number): ProviderErrorClass {
  return status >= 500 ? 'InternalServerError' : 'APIError';
}

function positiveNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
