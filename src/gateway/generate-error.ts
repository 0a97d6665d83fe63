import type { ErrorAnswer } from '../contract/error-envelope.ts';
import type { JsonObject } from '../core/json-object.ts';
import { generateError } from '../dialects/gemini/content/errors.ts';

/** An error in the shape of Google's APIs, from the one of OpenAI's. */
export function generateErrorBody({ status, body: { error }, headers }: ErrorAnswer): JsonObject {
  const { message, type, param, provider_specific_fields: fields } = error;
  return generateError({
    status,
    message: String(message),
    type: String(type),
    param: typeof param === 'string' ? param : null,
    fields,
    retryAfter: headers['retry-after'],
  });
}
