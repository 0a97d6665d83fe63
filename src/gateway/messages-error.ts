import type { ErrorAnswer } from '../contract/error-envelope.ts';
import type { JsonObject } from '../core/json-object.ts';
import { messagesError } from '../dialects/anthropic/messages/errors.ts';

/** An error in the shape of Anthropic's API, from the one of OpenAI's. */
export function messagesErrorBody({ status, body: { error } }: ErrorAnswer, callId: string): JsonObject {
  return messagesError({ status, message: String(error['message']), code: String(error['code']), requestId: callId });
}
