import type { ErrorReply } from '../../core/dialect.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, wordsOnPage } from '../error-body.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { failureOf, maskedFields, type ErrorFacts } from '../provider-errors.ts';

/** Statuses of Anthropic's error types. @see https://platform.claude.com/docs/en/api/errors (2026-11-26) */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Reads an answer with an error status, or an error body inside a 200. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  const facts = factsOf(body) ?? { message: wordsOnPage(reply.body) || `The provider answered with status ${reply.status}.` };
  const status = reply.status >= 400 ? reply.status : statusOf(facts.type);
  const failure = failureOf(reply, facts, status);
  const isOwn = isErrorBody(body) && failure.status === reply.status && reply.body.length <= LONGEST_TOLD;
  return new ProviderError(isOwn ? { ...failure, told: { dialect: 'anthropic', body: maskedFields(body) } } : failure);
}

/** Longer bodies are told in our words, which are bounded. */
const LONGEST_TOLD = 8192;

/** Whether a body is an error in Anthropic's own form. */
function isErrorBody(body: unknown): body is JsonObject {
  if (!isObject(body) || body['type'] !== 'error' || !isObject(body['error'])) return false;
  return typeof body['error']['type'] === 'string' && typeof body['error']['message'] === 'string';
}

/** The error that a body or an event holds; `null` when it holds none. There is no HTTP status, so its type decides. */
export function errorWithin(body: Readonly<Record<string, unknown>>): ProviderError | null {
  const facts = body['error'] ? factsOf(body) : null;
  return facts && new ProviderError(failureOf({ status: 200, headers: {}, body: '' }, facts, statusOf(facts.type)));
}

function statusOf(type: string | undefined): number {
  return (type === undefined ? undefined : STATUS_OF_TYPE[type]) ?? 500;
}

/** `{type: "error", error: {type, message}}`; hosts in between also say `{error: "..."}` and `{message}`. */
function factsOf(body: unknown): ErrorFacts | null {
  if (!isObject(body)) return null;
  const error = body['error'] ?? body;
  if (typeof error === 'string') return { message: error };
  if (!isObject(error) || typeof error['message'] !== 'string') return null;
  return {
    message: error['message'],
    ...(typeof error['type'] === 'string' ? { type: error['type'] } : {}),
    ...(typeof error['code'] === 'string' ? { code: error['code'] } : {}),
    ...(isObject(error['details']) ? { fields: { details: error['details'] } } : {}),
  };
}
