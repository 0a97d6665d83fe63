import { errorAnswerOf, type StatusSettings } from '../contract/error-envelope.ts';
import { GatewayError } from '../core/errors.ts';
import { ProviderError } from '../core/provider-error.ts';
import type { FailureFacts } from '../ledger/spend-row.ts';

/**
 * What a spend row tells of a failure. Provider texts were masked where they were read.
 *
 * @param statuses those of our own refusals; `status` is what the caller gets
 */
export function errorFactsOf(error: unknown, statuses?: StatusSettings): FailureFacts {
  const { status } = errorAnswerOf(error, statuses);
  if (error instanceof ProviderError) {
    const { code = String(status), class: kind } = error.failure;
    return { code, status, class: kind, message: error.message };
  }
  if (error instanceof GatewayError) return { code: error.code ?? error.type, status, class: error.name, message: error.message };
  return { code: '500', status, class: 'InternalServerError', message: 'internal error' };
}

/**
 * The provider's failure in the layout that operators search their logs for: class, provider, text, group
 * (data-plane 6.1). It names no other group and no fallback (ruling E4).
 */
export function decorated(error: ProviderError, providerName: string, group: string, retries: number, maxRetries: number): ProviderError {
  const { failure } = error;
  const retried = retries > 0 ? ` LiteLLM Retried: ${retries} times, LiteLLM Max Retries: ${maxRetries}` : '';
  return new ProviderError({
    ...failure,
    message: `litellm.${failure.class}: ${providerName.replaceAll(/[^A-Za-z0-9]/g, '')}Exception - ${failure.message}. Received Model Group=${group}\nAvailable Model Group Fallbacks=None${retried}`,
    cause: error,
  });
}
