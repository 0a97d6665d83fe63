/**
 * Class names of provider failures. They stand in the message (`litellm.<Class>: <Provider>Exception - ...`) and choose
 * retries, cooldowns and fallbacks.
 */
export type ProviderErrorClass =
  | 'BadRequestError'
  | 'ContextWindowExceededError'
  | 'ContentPolicyViolationError'
  | 'AuthenticationError'
  | 'PermissionDeniedError'
  | 'NotFoundError'
  | 'Timeout'
  | 'UnprocessableEntityError'
  | 'RateLimitError'
  | 'InternalServerError'
  | 'BadGatewayError'
  | 'ServiceUnavailableError'
  | 'APIConnectionError'
  | 'APIError';

export interface ProviderFailure {
  readonly class: ProviderErrorClass;
  /** HTTP status for the client. */
  readonly status: number;
  /** The provider's own words, secrets masked, at most 8 kB. */
  readonly message: string;
  /** The provider's own `error.type`, when it gave one. */
  readonly type?: string;
  /** The provider's own symbolic code (`context_length_exceeded` ...), when it gave one. */
  readonly code?: string;
  readonly param?: string | null;
  /** How long the provider asks to wait. */
  readonly retryAfterMs?: number;
  /** Upstream response headers, lower case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Provider data without a home in the envelope (Azure `innererror`, Groq `failed_generation`). */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The provider's whole body, secrets masked, for clients of its own dialect; absent: they are told in our words. */
  readonly told?: { readonly dialect: string; readonly body: Readonly<Record<string, unknown>> };
  readonly cause?: unknown;
}

const RETRYABLE: ReadonlySet<number> = new Set([408, 409, 429]);

/** A provider said no, broke off, or could not be reached. Made where the bytes were read. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly failure: ProviderFailure;
  /** Whether another try may help: connection errors, 408, 409, 429 and 5xx (data-plane 14.5). */
  readonly retryable: boolean;

  constructor(failure: ProviderFailure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.failure = failure;
    this.retryable = RETRYABLE.has(failure.status) || failure.status >= 500;
  }

  get status(): number {
    return this.failure.status;
  }
}

/** The provider's bytes are not what its dialect promises. Broken JSON is 500, everything else 502 (ruling E1). */
export class MalformedAnswerError extends ProviderError {
  constructor(message: string, kind: 'json' | 'shape', cause?: unknown) {
    super({
      class: kind === 'json' ? 'InternalServerError' : 'APIConnectionError',
      status: kind === 'json' ? 500 : 502,
      ...(kind === 'json' ? {} : { type: 'api_connection_error' }),
      message,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** The stream closed before the answer was finished. */
export class TruncatedStreamError extends ProviderError {
  constructor(message = 'The provider closed the stream before the answer was finished.') {
    super({ class: 'APIConnectionError', status: 502, type: 'api_connection_error', message });
  }
}
