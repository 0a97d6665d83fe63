import type { ErrorAnswer } from '../contract/error-envelope.ts';
import type { JsonObject } from '../core/json-object.ts';
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
  return messagesError({ status, message: String(error['message']), code: String(error['code']), requestId: callId });
}
