import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, printed, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';

/** Codes that say more than the status they come with. @see https://docs.oracle.com/en-us/iaas/Content/API/References/apierrors.htm (2026-11-26) */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  QuotaExceeded: 429,
  LimitExceeded: 429,
  TooManyRequests: 429,
  NotAuthenticated: 401,
};

/** What Oracle's own moderation says. */
const MODERATED = /inappropriate content detected/i;

/** How deep errors of the models' makers stand within each other. */
const MOST_DEPTH = 4;

/** Reads an answer with an error status: `{"code", "message"}`, whose message may be the JSON of what the model's maker said. */
export function readError(reply: ErrorReply): ProviderError {
  const facts = factsOf(parsedBody(reply.body)) ?? { message: textOfServer(reply) };
  const request = reply.headers['opc-request-id'];
  const fields = request === undefined ? facts.fields : { ...facts.fields, 'opc-request-id': request };
  return failed(reply, { ...facts, ...(fields === undefined ? {} : { fields }) }, reply.status >= 400 ? reply.status : 500);
}

/** The error that a body with status 200 or an event of a stream is; `null` when it is none: the `message` of an answer is an object. */
export function errorWithin(body: JsonObject): ProviderError | null {
  const facts = typeof body['message'] === 'string' || body['error'] !== undefined ? factsOf(body) : null;
  return facts && failed(NO_REPLY, facts, statusNamed(body));
}

/** An answer that its own words say has failed. */
export function brokenOff(message: string): ProviderError {
  return failed(NO_REPLY, { message: message || 'The provider broke the answer off.' }, 500);
}

const NO_REPLY: ErrorReply = { status: 200, headers: {}, body: '' };

function failed(reply: ErrorReply, facts: ErrorFacts, status: number): ProviderError {
  const meant = STATUS_OF_CODE[facts.code ?? ''] ?? status;
  if (meant === 400 && MODERATED.test(facts.message))
    return new ProviderError(failureOf(reply, { ...facts, code: 'content_policy_violation' }, meant));
  return new ProviderError(failureOf(reply, facts, meant));
}

/** What is said innermost, under the symbols that stand nearest to it. */
function factsOf(body: unknown, depth = 0): ErrorFacts | null {
  if (!isObject(body)) return null;
  const { error } = body;
  const words = isObject(error) ? error : (body['message'] ?? error);
  const inner = depth < MOST_DEPTH ? factsOf(typeof words === 'string' ? parsedBody(words) : words, depth + 1) : null;
  const message = inner?.message ?? (typeof words === 'string' ? words : null);
  return message === null ? null : { ...symbolsOf(body), ...inner, message };
}

/** A code that is a number, also as text, says no more than the status does. */
function symbolsOf({ code, type, param }: JsonObject): Partial<ErrorFacts> {
  return {
    ...(typeof code === 'string' && !/^\d*$/.test(code) ? { code } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof param === 'string' ? { param } : {}),
  };
}

/** What fails inside a 200 is the server, unless it names another status. */
function statusNamed({ code, status }: JsonObject): number {
  const named = [code, status].map((value) => Number(printed(value))).find((number) => number >= 400 && number < 600);
  return named ?? 500;
}
