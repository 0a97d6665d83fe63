import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/** Ollama's words for a prompt that does not fit, where `truncate: false` forbids it to cut. */
const TOO_LONG = /exceeds (?:the |maximum )?context length/i;

/** Reads an answer with an error status: `{"error": "text"}`, or whatever a proxy before Ollama wrote. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  const facts = isObject(body) ? factsOf(body) : null;
  if (facts) return new ProviderError(failureOf(reply, facts, statusOf(reply.status, body)));
  return new ProviderError(failureOf(reply, { message: textOfServer(reply) }));
}

/**
 * The error that a line of a stream or a body with status 200 holds; `null` when it holds none. Ollama names no status
 * there, and what fails so late is the server: 500.
 */
export function errorWithin(line: JsonObject): ProviderError | null {
  const facts = factsOf(line);
  return facts && new ProviderError(failureOf({ status: 200, headers: {}, body: '' }, facts, statusOf(200, line)));
}

/** Ollama itself writes a text; what stands before it may write OpenAI's object. */
function factsOf(body: JsonObject): ErrorFacts | null {
  const error = body['error'];
  if (typeof error === 'string') return { message: error, ...codeOf(error) };
  if (!isObject(error) || typeof error['message'] !== 'string') return null;
  return {
    message: error['message'],
    ...(typeof error['type'] === 'string' ? { type: error['type'] } : {}),
    ...(typeof error['code'] === 'string' ? { code: error['code'] } : codeOf(error['message'])),
  };
}

function codeOf(message: string): { code?: string } {
  return TOO_LONG.test(message) ? { code: 'context_length_exceeded' } : {};
}

function statusOf(status: number, body: unknown): number {
  if (status >= 400) return status;
  const named = isObject(body) ? (body['status'] ?? body['status_code']) : undefined;
  return typeof named === 'number' && named >= 400 && named < 600 ? named : 500;
}
