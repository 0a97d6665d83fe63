import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, printed, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { parsedBody, textOfServer } from '../error-body.ts';
import { failureOf, type ErrorFacts } from '../provider-errors.ts';
import { objectsIn } from './event-json.ts';

/** Reads an answer with an error status, in the words of these servers or of the frameworks they are made with. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  return new ProviderError(failureOf(reply, (isObject(body) ? factsIn(body) : null) ?? { message: textOfServer(reply) }));
}

/** An error inside a 200. */
export function errorWithin(status: number, facts: ErrorFacts): ProviderError {
  return new ProviderError(failureOf({ status: 200, headers: {}, body: '' }, facts, status));
}

/** What went wrong, and its symbol: under `error`, as FastAPI's `detail`, or as members of the body itself; null: it does not say. */
export function factsIn(body: JsonObject): ErrorFacts | null {
  const { error, detail, message, msg } = body;
  if (isObject(error)) return factsIn(error);
  const text = [error, message, msg, detailOf(detail)].map(wordOf).find((word) => word !== '');
  if (text === undefined) return null;
  const code = wordOf(body['code']);
  return { message: text, ...(code === '' ? {} : { code }) };
}

/** A sentence, the same wrapped in JSON (Langflow), or a list of what is wrong with which member. */
function detailOf(detail: unknown): string {
  if (typeof detail === 'string') {
    const inner = parsedBody(detail);
    return (isObject(inner) && wordOf(inner['message'])) || detail;
  }
  if (isObject(detail)) return factsIn(detail)?.message ?? '';
  return objectsIn(detail)
    .map(({ loc, msg }) => `${Array.isArray(loc) ? `${loc.map(printed).join('.')}: ` : ''}${wordOf(msg)}`)
    .join('; ');
}
