import type { ErrorReply } from '../../core/dialect.ts';
import { isObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/**
 * Reads an answer with an error status: `{"errors": [{"code", "message"}], "trace", "status_code"}`.
 *
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#errors (2026-11-26)
 */
export function readError(reply: ErrorReply): ProviderError {
  return new ProviderError(failureOf(reply, factsOf(parsedBody(reply.body)) ?? { message: textOfServer(reply) }));
}

function factsOf(body: unknown): ErrorFacts | null {
  const errors: unknown[] = isObject(body) && Array.isArray(body['errors']) ? body['errors'] : [];
  const [first] = errors;
  if (!isObject(first) || typeof first['message'] !== 'string') return null;
  const { code, message } = first;
  const trace = isObject(body) && typeof body['trace'] === 'string' ? { fields: { trace: body['trace'] } } : {};
  return { message, ...(typeof code === 'string' ? { code } : {}), ...trace };
}
