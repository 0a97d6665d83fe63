import { TimeoutError } from '../core/errors.ts';
import { ProviderError, type ProviderErrorClass } from '../core/provider-error.ts';

/** Retries for each class of error (`retry_policy`); an entry replaces the count and enables retrying. */
export type RetryPolicy = ReadonlyMap<string, number>;

const POLICY_NAME: Readonly<Partial<Record<ProviderErrorClass, string>>> = {
  BadRequestError: 'BadRequestErrorRetries',
  AuthenticationError: 'AuthenticationErrorRetries',
  Timeout: 'TimeoutErrorRetries',
  RateLimitError: 'RateLimitErrorRetries',
  ContentPolicyViolationError: 'ContentPolicyViolationErrorRetries',
  InternalServerError: 'InternalServerErrorRetries',
  ServiceUnavailableError: 'ServiceUnavailableErrorRetries',
  NotFoundError: 'NotFoundErrorRetries',
};

/**
 * How often a call that failed so may be tried again in its group (data-plane 14.5).
 *
 * @param others whether the group has another deployment that may be called
 * @param fallbacks whether another group stands ready
 */
export function retriesFor(error: unknown, configured: number, policy: RetryPolicy, others: boolean, fallbacks: boolean): number {
  const name =
    error instanceof TimeoutError ? 'TimeoutErrorRetries' : error instanceof ProviderError ? POLICY_NAME[error.failure.class] : undefined;
  const own = (name === undefined ? undefined : policy.get(name)) ?? policy.get('DefaultRetries');
  if (own !== undefined) return own;
  if (error instanceof TimeoutError) return configured;
  if (!(error instanceof ProviderError)) return 0;
  const { status, class: kind } = error.failure;
  if (kind === 'ContextWindowExceededError' || kind === 'ContentPolicyViolationError') return 0;
  // No credit is left there, or no right: nobody else needs to suffer from it.
  if (status === 401 || status === 402 || status === 403) return others ? configured : 0;
  // Nobody else here can take it, and somebody elsewhere can: waiting would be waste.
  if (status === 429 && !others && fallbacks) return 0;
  return error.retryable ? configured : 0;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const LONGEST_ASKED_MS = 60_000;

/**
 * Milliseconds to wait before try `attempt` (1 is the first retry).
 *
 * @param random a number in [0, 1)
 */
export function waitBefore(attempt: number, error: unknown, others: boolean, leastMs: number, random: () => number): number {
  if (others) return leastMs;
  const asked = error instanceof ProviderError ? (error.failure.retryAfterMs ?? 0) : 0;
  if (asked > 0 && asked <= LONGEST_ASKED_MS) return Math.max(leastMs, asked);
  const backOff = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return Math.max(leastMs, backOff * (0.75 + random() * 0.25));
}
