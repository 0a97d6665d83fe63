import type { ErrorReply } from '../../core/dialect.ts';
import { isObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody } from '../error-body.ts';
import { readError as readDetail } from '../openai/errors.ts';

/** Reads an answer with an error status: `{"title", "detail", "status"}`, of a 429 with `retry_after` in seconds. */
export function readError(reply: ErrorReply): ProviderError {
  const error = readDetail(reply);
  const body = parsedBody(reply.body);
  const seconds = isObject(body) ? body['retry_after'] : undefined;
  if (error.failure.retryAfterMs !== undefined || typeof seconds !== 'number' || !(seconds >= 0)) return error;
  return new ProviderError({ ...error.failure, retryAfterMs: Math.round(seconds * 1000), cause: error.cause });
}
