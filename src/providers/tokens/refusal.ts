import { ProviderError } from '../../core/provider-error.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { TokenReply } from './token-question.ts';

/** What an issuer said in place of a token, in its own words. */
export interface Refused {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
}

/**
 * An issuer gave no token. Issuers say 400 of what they do not believe; to the caller it is a credential that does not hold.
 *
 * @param issuer for people
 */
export function tokenRefusal(issuer: string, { status, headers }: TokenReply, { message, code }: Refused): ProviderError {
  const told = message ?? code ?? `it answered with status ${status}`;
  const retryAfterMs = retryAfterOf(headers);
  return new ProviderError({
    ...(status === 429
      ? { class: 'RateLimitError', status }
      : status >= 500
        ? { class: 'ServiceUnavailableError', status: 503 }
        : { class: 'AuthenticationError', status: 401 }),
    message: boundedText(maskSecrets(`${issuer} gave no token: ${told}`)),
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
