import type { ErrorAnswer } from '../contract/error-envelope.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { ProviderError } from '../core/provider-error.ts';
import { messagesError } from '../dialects/anthropic/messages/errors.ts';

/**
 * An error in the shape of Anthropic's API: the provider's own where it speaks that (data-plane 6.4), else made from the one of
 * OpenAI's.
 *
 * @param thrown what the answer was made from
 */
export function messagesErrorBody({ status, body: { error } }: ErrorAnswer, callId: string, thrown: unknown): JsonObject {
  const told = thrown instanceof ProviderError ? thrown.failure.told : undefined;
  if (told?.dialect === 'anthropic') return { ...told.body };
  const code = String(error['code']);
  const { provider_specific_fields: fields } = error;
  const details = isObject(fields) && isObject(fields['details']) ? { details: fields['details'] } : {};
  return messagesError({ status, message: worded(String(error['message']), code), code, requestId: callId, ...details });
}

/** Anthropic's words for a prompt that does not fit. Its clients know it by them alone, and then sum up what was said. */
const TOO_LONG = 'prompt is too long';

function worded(message: string, code: string): string {
  const isKnown = code !== 'context_length_exceeded' || message.toLowerCase().includes(TOO_LONG);
  return isKnown ? message : `${TOO_LONG}: ${message}`;
}
