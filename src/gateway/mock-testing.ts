import { ProviderError, type ProviderFailure } from '../core/provider-error.ts';
import { TimeoutError } from '../core/errors.ts';

const FAILURES: Readonly<Record<string, ProviderFailure>> = {
  mock_testing_fallbacks: {
    class: 'InternalServerError',
    status: 500,
    message: 'This is a mock exception, made because the request asked for it (mock_testing_fallbacks).',
  },
  mock_testing_context_fallbacks: {
    class: 'ContextWindowExceededError',
    status: 400,
    code: 'context_length_exceeded',
    message: 'This is a mock exception: the context window is exceeded (mock_testing_context_fallbacks).',
  },
  mock_testing_content_policy_fallbacks: {
    class: 'ContentPolicyViolationError',
    status: 400,
    code: 'content_policy_violation',
    message: 'This is a mock exception: a content policy is violated (mock_testing_content_policy_fallbacks).',
  },
  mock_testing_rate_limit_error: {
    class: 'RateLimitError',
    status: 429,
    message: 'This is a mock exception: a rate limit is reached (mock_testing_rate_limit_error).',
  },
};

/** The error a `mock_testing_*` member asks for; null for members that only change the answer's time. */
export function mockError(member: string): Error | null {
  if (member === 'mock_timeout') return new TimeoutError('total', 1000);
  const failure = FAILURES[member];
  return failure ? new ProviderError(failure) : null;
}
