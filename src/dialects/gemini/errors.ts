import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, wordsOnPage } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/** HTTP statuses of Google's status words. @see https://cloud.google.com/apis/design/errors#handling_errors (2026-11-26) */
const STATUS_OF_WORD: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  UNKNOWN: 500,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Reads an answer with an error status: `{error: {code, message, status, details}}`, from a stream in a list of one. */
export function readError(reply: ErrorReply): ProviderError {
  const error = errorIn(parsedBody(reply.body));
  if (error) return told(error, reply, reply.status >= 400 ? reply.status : statusOf(error));
  const message = wordsOnPage(reply.body) || `The provider answered with status ${reply.status}.`;
  return new ProviderError(failureOf(reply, { message }));
}

/** The error that a frame of a stream or a body with status 200 holds; `null` when it holds none. */
export function errorWithin(body: unknown): ProviderError | null {
  const error = errorIn(body);
  return error && told(error, { status: 200, headers: {}, body: '' }, statusOf(error));
}

function told(error: JsonObject, reply: ErrorReply, status: number): ProviderError {
  const failure = failureOf(reply, factsOf(error), status);
  const retryAfterMs = failure.retryAfterMs ?? retryDelayOf(detailsOf(error));
  return new ProviderError({ ...failure, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function errorIn(body: unknown): JsonObject | null {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const error = isObject(first) ? first['error'] : undefined;
  if (typeof error === 'string') return { message: error };
  return isObject(error) && typeof error['message'] === 'string' ? error : null;
}

function statusOf({ code, status }: JsonObject): number {
  if (typeof code === 'number' && code >= 400 && code < 600) return code;
  return STATUS_OF_WORD[wordOf(status)] ?? 500;
}

function factsOf(error: JsonObject): ErrorFacts {
  const details = detailsOf(error);
  // `API_KEY_INVALID` comes with 400 and is what tells a bad key from a bad request.
  const reason = details.map((detail) => wordOf(detail['reason'])).find((word) => word !== '');
  const type = wordOf(error['status']);
  return {
    message: wordOf(error['message']),
    ...(type === '' ? {} : { type }),
    ...(reason === undefined ? {} : { code: reason }),
    ...(details.length === 0 ? {} : { fields: { details } }),
  };
}

function detailsOf(error: JsonObject): JsonObject[] {
  return Array.isArray(error['details']) ? error['details'].filter(isObject) : [];
}

/** `RetryInfo.retryDelay`, a duration such as `34.4s`, in milliseconds. */
function retryDelayOf(details: readonly JsonObject[]): number | undefined {
  const seconds = details.map((detail) => /^(\d+(?:\.\d+)?)s$/.exec(wordOf(detail['retryDelay']))?.[1]).find(Boolean);
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}
