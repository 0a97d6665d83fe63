import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/** Cohere's own status for a request or an answer that its filter of words stopped. */
const FILTERED = 498;

/** Reads an answer with an error status: `{"message": "text"}`, or whatever a proxy before Cohere wrote. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  const facts = (isObject(body) ? factsOf(body) : null) ?? { message: textOfServer(reply) };
  return failed(reply, facts, reply.status >= 400 ? reply.status : statusNamed(body));
}

/**
 * The error that a body with status 200 or an event of a stream holds; `null` when it holds none. The `message` of an
 * answer is an object, that of an error is text.
 */
export function errorWithin(body: JsonObject): ProviderError | null {
  const facts = factsOf(body);
  return facts && failed(NO_REPLY, facts, statusNamed(body));
}

/** An answer that Cohere itself says has failed. @param status that its reason means */
export function brokenOff(message: string, status: number): ProviderError {
  return failed(NO_REPLY, { message }, status);
}

const NO_REPLY: ErrorReply = { status: 200, headers: {}, body: '' };

function failed(reply: ErrorReply, facts: ErrorFacts, status: number): ProviderError {
  if (status !== FILTERED) return new ProviderError(failureOf(reply, facts, status));
  return new ProviderError(failureOf(reply, { ...facts, code: 'content_policy_violation' }, 400));
}

/** Cohere writes `message` and the id of the call; what stands before it may write OpenAI's object. */
function factsOf(body: JsonObject): ErrorFacts | null {
  const error = body['error'];
  if (typeof error === 'string') return { message: error };
  if (isObject(error) && typeof error['message'] === 'string') return { message: error['message'], ...symbols(error) };
  const { message } = body;
  if (typeof message !== 'string') return null;
  return { message, ...symbols(body), ...(typeof body['id'] === 'string' ? { fields: { id: body['id'] } } : {}) };
}

function symbols({ type, code }: JsonObject): Pick<ErrorFacts, 'type' | 'code'> {
  return { ...(typeof type === 'string' ? { type } : {}), ...(typeof code === 'string' ? { code } : {}) };
}

/** What fails inside a 200 is the server, unless it names another status. */
function statusNamed(body: unknown): number {
  const named = isObject(body) ? (body['status'] ?? body['status_code']) : undefined;
  return typeof named === 'number' && named >= 400 && named < 600 ? named : 500;
}
