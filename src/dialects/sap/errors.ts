import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, printed, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/** What the module that looks for harm says of a text, and what its rules are called. */
const FILTERED = /filter/i;

/**
 * Reads an answer with an error status: `{"error": {"request_id", "code", "message", "location"}}`, a list of those where several
 * configurations were tried, the same without a frame, or what stands before the service says.
 */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  const error = isObject(body) ? errorIn(body) : null;
  if (error === null) return new ProviderError(failureOf(reply, { message: textOfServer(reply) }));
  const headers = { ...headersOf(error), ...reply.headers };
  return new ProviderError(failureOf({ ...reply, headers }, factsOf(error), reply.status >= 400 ? reply.status : statusOf(error)));
}

/** The error that a frame of a stream or a body with status 200 holds; `null` when it holds none. */
export function errorWithin(body: JsonObject): ProviderError | null {
  const error = 'error' in body ? errorIn(body) : null;
  return error && new ProviderError(failureOf({ status: 200, headers: headersOf(error), body: '' }, factsOf(error), statusOf(error)));
}

/** Of several the last: the others were tried before it. */
function errorIn(body: JsonObject): JsonObject | null {
  const { error } = body;
  if (typeof error === 'string' && error !== '') return { ...body, message: body['error_description'] ?? body['message'] ?? error };
  const told: unknown = Array.isArray(error) ? error.at(-1) : (error ?? body);
  return isObject(told) && typeof told['message'] === 'string' ? told : null;
}

function factsOf(error: JsonObject): ErrorFacts {
  const [message, location, requestId] = [printed(error['message']), wordOf(error['location']), wordOf(error['request_id'])];
  const fields = { ...(location === '' ? {} : { location }), ...(requestId === '' ? {} : { request_id: requestId }) };
  return {
    message: location === '' ? message : `${location}: ${message}`,
    ...(FILTERED.test(location) ? { code: 'content_filter' } : {}),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
}

/** Headers of the model's answer, which the service passes on with its error: `retry-after` among them. */
function headersOf({ headers }: JsonObject): Record<string, string> {
  const told = isObject(headers) ? Object.entries(headers) : [];
  return Object.fromEntries(told.flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])));
}

function statusOf({ code }: JsonObject): number {
  const named = Number(printed(code));
  return named >= 400 && named < 600 ? named : 500;
}
