import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/** Status of a request that is too large, which GigaChat counts in tokens. */
const TOO_LARGE = 413;

/** Reads an answer with an error status: `{"status", "message"}`, `{"code", "message"}`, or whatever a proxy before it wrote. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  const facts = (isObject(body) ? factsOf(body) : null) ?? { message: textOfServer(reply) };
  return new ProviderError(failureOf(reply, sized(facts, reply.status), statusOf(reply.status, body)));
}

/** The error that a body with status 200 or an event of a stream holds; `null` when it holds none. */
export function errorWithin(body: JsonObject): ProviderError | null {
  if ('choices' in body || 'data' in body) return null;
  const facts = factsOf(body);
  return facts && new ProviderError(failureOf({ status: 200, headers: {}, body: '' }, facts, statusOf(200, body)));
}

/** An answer that GigaChat itself says has failed. */
export function brokenOff(word: string): ProviderError {
  const message = `GigaChat broke the answer off: finish_reason is '${word}'.`;
  return new ProviderError(failureOf({ status: 200, headers: {}, body: '' }, { message, code: word }, 500));
}

function factsOf(body: JsonObject): ErrorFacts | null {
  const error = isObject(body['error']) ? body['error'] : body;
  const message = error['message'] ?? body['error'];
  return typeof message === 'string' ? { message } : null;
}

function sized(facts: ErrorFacts, status: number): ErrorFacts {
  return status === TOO_LARGE && /token|context/i.test(facts.message) ? { ...facts, code: 'context_length_exceeded' } : facts;
}

function statusOf(status: number, body: unknown): number {
  if (status >= 400) return status;
  const named = isObject(body) ? body['status'] : undefined;
  return typeof named === 'number' && named >= 400 && named < 600 ? named : 500;
}
