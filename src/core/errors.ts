import { usdText, type Usd } from './money.ts';

/** `error.type` of refusals that the gateway itself makes. Each has its HTTP status in `gateway/errors.ts`. */
export type ErrorType =
  | 'auth_error'
  | 'token_not_found_in_db'
  | 'expired_key'
  | 'key_model_access_denied'
  | 'invalid_request_error'
  | 'bad_request_error'
  | 'validation_error'
  | 'request_too_large'
  | 'not_found_error'
  | 'method_not_allowed'
  | 'throttling_error'
  | 'rate_limit_error'
  | 'budget_exceeded'
  | 'timeout_error'
  | 'api_connection_error'
  | 'no_db_connection'
  | 'ledger_unavailable'
  | 'overloaded_error'
  | 'internal_server_error';

interface ErrorFacts {
  readonly param?: string | null;
  /** Symbol for `error.code`; absent: the HTTP status as text. */
  readonly code?: string;
  /** HTTP status where it is not the usual one of the type. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** What `x-should-retry` says; absent: the header is not sent. */
  readonly shouldRetry?: boolean;
  /** Further response headers, lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `provider_specific_fields` of the answer. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error whose text the client may read. One class per cause; one edge knows HTTP. */
export abstract class GatewayError extends Error {
  abstract readonly type: ErrorType;
  readonly param: string | null;
  readonly code: string | null;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly shouldRetry: boolean | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>> | null;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.param = facts.param ?? null;
    this.code = facts.code ?? null;
    this.status = facts.status ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.shouldRetry = facts.shouldRetry ?? null;
    this.headers = facts.headers ?? {};
    this.fields = facts.fields ?? null;
  }
}

/** 401: no credential, malformed, blocked, unknown, expired. */
export class AuthError extends GatewayError {
  override readonly name = 'AuthError';
  readonly type: 'auth_error' | 'token_not_found_in_db' | 'expired_key';
  constructor(message: string, type: AuthError['type'] = 'auth_error', param: string | null = null) {
    super(message, { param, shouldRetry: false });
    this.type = type;
  }
}

/** 403: the caller is known and may not do this. */
export class PermissionError extends GatewayError {
  override readonly name = 'PermissionError';
  readonly type = 'auth_error';
  constructor(message: string) {
    super(message, { status: 403, shouldRetry: false });
  }
}

/** 403: the key's list of models does not hold this one. */
export class ModelAccessError extends GatewayError {
  override readonly name = 'ModelAccessError';
  readonly type = 'key_model_access_denied';
  constructor(model: string) {
    super(`key not allowed to access model. Model ${model} is not available for this API key.`, { param: 'model', shouldRetry: false });
  }
}

/** 403: every deployment of the group was taken out of service. */
export class ModelBlockedError extends GatewayError {
  override readonly name = 'ModelBlockedError';
  readonly type = 'auth_error';
  constructor(model: string) {
    super(`Model ${model} is blocked. Update via \`/model/unblock\` if you're an admin.`, {
      param: 'model',
      code: 'model_blocked',
      status: 403,
      shouldRetry: false,
    });
  }
}

/** 400: the request itself is wrong. */
export class InvalidRequestError extends GatewayError {
  override readonly name: string = 'InvalidRequestError';
  readonly type = 'invalid_request_error';
  constructor(message: string, param: string | null = null, code?: string, fields?: Readonly<Record<string, unknown>>) {
    super(message, { param, ...(code === undefined ? {} : { code }), ...(fields === undefined ? {} : { fields }) });
  }
}

/** 400 in the reference's words, which clients look for: no group answers to this name (data-plane 6.2). */
export class UnknownGroupError extends GatewayError {
  override readonly name = 'UnknownGroupError';
  readonly type = 'invalid_request_error';
  /** @param route without `/v1`, e.g. `/chat/completions` */
  constructor(route: string, model: string) {
    const message = `${route}: Invalid model name passed in model=${model.slice(0, 200)}. Call \`/v1/models\` to view available models for your key.`;
    super(message, { fields: { error: message } });
  }
}

/** 400: known parameters that provider or model cannot take, with dropping off. */
export class UnsupportedParamsError extends InvalidRequestError {
  override readonly name = 'UnsupportedParamsError';
  constructor(provider: string, model: string, params: readonly string[]) {
    super(
      `litellm.UnsupportedParamsError: ${provider} does not support parameters: ${JSON.stringify(params)}, for model=${model}. ` +
        'To drop these, set `litellm.drop_params=True` or for proxy:\n\n`litellm_settings:\n drop_params: true`',
      params[0] ?? null,
    );
  }
}

/** 400 of the control plane: a bad value, a duplicate alias, a bad key format. */
export class BadRequestError extends GatewayError {
  override readonly name = 'BadRequestError';
  readonly type = 'bad_request_error';
  constructor(message: string, param: string | null = null) {
    super(message, { param });
  }
}

/** 409: something else has this name. */
export class ConflictError extends GatewayError {
  override readonly name = 'ConflictError';
  readonly type = 'bad_request_error';
  constructor(message: string, param: string | null = null) {
    super(message, { param, status: 409 });
  }
}

/** One fault in a body of the control plane, in the reference's form. */
export interface BodyFault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** 422: members of a control-plane body are missing or of a wrong type (ruling E8). */
export class BodyValidationError extends GatewayError {
  override readonly name = 'BodyValidationError';
  readonly type = 'validation_error';
  readonly faults: readonly BodyFault[];
  constructor(faults: readonly BodyFault[]) {
    super(faults.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '));
    this.faults = faults;
  }
}

export class RequestTooLargeError extends GatewayError {
  override readonly name = 'RequestTooLargeError';
  readonly type = 'request_too_large';
  /** @param what is too large */
  constructor(limitBytes: number, what = 'Request size') {
    super(`${what} is too large. The limit is ${Math.floor(limitBytes / 1_048_576)} MB.`);
  }
}

export class NotFoundError extends GatewayError {
  override readonly name = 'NotFoundError';
  readonly type = 'not_found_error';
  constructor(message: string, param: string | null = null, code?: string) {
    super(message, { param, ...(code === undefined ? {} : { code }) });
  }
}

/** 404 in OpenAI's words: `GET /v1/models/{id}` for a model that is not there, or not for this caller. */
export class UnknownModelError extends GatewayError {
  override readonly name = 'UnknownModelError';
  readonly type = 'invalid_request_error';
  constructor(model: string) {
    super(`The model \`${model.slice(0, 200)}\` does not exist or you do not have access to it.`, {
      param: 'model',
      code: 'model_not_found',
      status: 404,
    });
  }
}

export class MethodNotAllowedError extends GatewayError {
  override readonly name = 'MethodNotAllowedError';
  readonly type = 'method_not_allowed';
  constructor(allowed: readonly string[]) {
    super('Method Not Allowed', { headers: { allow: allowed.join(', ') } });
  }
}

export type LimitKind = 'requests' | 'tokens' | 'max_parallel_requests';

/** 429: a rate limit of the caller's own key. */
export class RateLimitExceededError extends GatewayError {
  override readonly name = 'RateLimitExceededError';
  readonly type = 'throttling_error';
  readonly kind: LimitKind;
  readonly limit: number;
  readonly remaining: number;
  /** What the limit is set on: `api_key`, `user`, `model_per_key` ... */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly resetAt: number;
  /**
   * @param scope descriptor such as `api_key: <hash>` or `model_per_key: <hash>:<model>`
   * @param resetAt when the window ends, milliseconds since 1970
   */
  constructor(scope: string, kind: LimitKind, limit: number, remaining: number, resetAt: number, now: number) {
    const waitMs = Math.max(1000, resetAt - now);
    const reset = utcText(resetAt);
    super(
      `Rate limit exceeded for ${scope}. Limit type: ${kind}. Current limit: ${limit}, Remaining: ${remaining}. Limit resets at: ${reset}`,
      {
        retryAfterMs: waitMs,
        headers: { rate_limit_type: kind, reset_at: reset },
        // Longer than a voice turn (ruling E7): a client that waits in silence helps nobody.
        ...(waitMs > 5000 ? { shouldRetry: false } : {}),
      },
    );
    this.kind = kind;
    this.limit = limit;
    this.remaining = remaining;
    this.subject = scope.split(':', 1)[0] ?? scope;
    this.resetAt = resetAt;
  }
}

/** 429: this address failed to log in too often (ruling K6). */
export class TooManyLogInsError extends GatewayError {
  override readonly name = 'TooManyLogInsError';
  readonly type = 'throttling_error';
  constructor(waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super(`Too many failed log-ins from this address. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
      retryAfterMs: seconds * 1000,
      shouldRetry: false,
    });
  }
}

/** `2026-01-31 12:00:00 UTC` */
export function utcText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export type BudgetScope = 'key' | 'team' | 'team_member' | 'user' | 'organization' | 'tag' | 'customer' | 'global' | 'provider';

/** A budget does not allow this call (ruling M5). */
export class BudgetExceededError extends GatewayError {
  override readonly name = 'BudgetExceededError';
  readonly type = 'budget_exceeded';
  readonly scope: BudgetScope;
  readonly spend: Usd;
  readonly limit: Usd;
  /** Milliseconds since 1970; null: the budget never resets. */
  readonly resetAt: number | null;
  /**
   * @param what names the budget, e.g. `Key=app (sk-...AbCd)`
   * @param running calls whose reservations fill the rest of the budget; 0 when settled spend alone is over
   * @param resetAt milliseconds since 1970, null when the budget never resets
   */
  constructor(
    scope: BudgetScope,
    what: string,
    spend: Usd,
    limit: Usd,
    running: { calls: number; held: Usd } | null,
    resetAt: number | null,
    now: number,
  ) {
    const reset = resetAt === null ? '' : ` Budget resets at: ${utcText(resetAt)}.`;
    const held = running
      ? ` ${running.calls} running call${running.calls === 1 ? '' : 's'} hold${running.calls === 1 ? 's' : ''} ${usdText(running.held)} of it; try again when they end.`
      : '';
    super(`Budget has been exceeded! ${what} Current cost: ${usdText(spend)}, Max budget: ${usdText(limit)}.${held}${reset}`, {
      shouldRetry: running !== null,
      ...(running ? { retryAfterMs: 1000 } : resetAt === null ? {} : { retryAfterMs: Math.max(1000, resetAt - now) }),
      headers: { 'x-litellm-budget-scope': scope },
    });
    this.scope = scope;
    this.spend = spend;
    this.limit = limit;
    this.resetAt = resetAt;
  }
}

/** 429: every deployment of the group rests after failures. */
export class NoDeploymentError extends GatewayError {
  override readonly name = 'NoDeploymentError';
  readonly type = 'rate_limit_error';
  constructor(group: string, waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super(
      `No deployments available for selected model, Try again in ${seconds} seconds. Passed model=${group}. pre-call-checks=False, cooldown_list=[]`,
      {
        retryAfterMs: seconds * 1000,
      },
    );
  }
}

export type TimeoutKind = 'connect' | 'first byte' | 'idle' | 'total';

/** 408: one of our own time-outs (ruling E2). */
export class TimeoutError extends GatewayError {
  override readonly name = 'TimeoutError';
  readonly type = 'timeout_error';
  readonly kind: TimeoutKind;
  constructor(kind: TimeoutKind, timeoutMs: number) {
    super(
      `litellm.Timeout: the ${kind} time-out of ${timeoutMs / 1000} seconds passed; the call timed out after ${(timeoutMs / 1000).toFixed(1)} seconds.`,
      {
        headers: { 'x-litellm-timeout': (timeoutMs / 1000).toFixed(1) },
      },
    );
    this.kind = kind;
  }
}

/** 408: reading the database for an answer took too long. */
export class SlowQuestionError extends GatewayError {
  override readonly name = 'SlowQuestionError';
  readonly type = 'timeout_error';
  constructor(limitMs: number) {
    super(`The answer was not found within ${limitMs / 1000} seconds. Ask for fewer days, or add a filter by key, model, user or session.`);
  }
}

/** 503: keys were never loaded since the start, because the database is away (ruling S7). */
export class DatabaseUnavailableError extends GatewayError {
  override readonly name = 'DatabaseUnavailableError';
  readonly type = 'no_db_connection';
  constructor(message = 'The database (`database_url`) cannot be reached, so keys cannot be checked yet. Try again shortly.') {
    super(message, { retryAfterMs: 5000, shouldRetry: true });
  }
}

/** 503: spend could not be written down, so calls that cost money are refused (ruling M15). */
export class LedgerUnavailableError extends GatewayError {
  override readonly name = 'LedgerUnavailableError';
  readonly type = 'ledger_unavailable';
  constructor() {
    super(
      'Spend cannot be recorded right now (the journal cannot be written), so calls that cost money are refused. Models whose price is 0 are served.',
      {
        retryAfterMs: 5000,
      },
    );
  }
}

/** A text for the operator, at start or reload: what is wrong in options, environment or file. Never shows values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The client closed its connection. Never an answer, never a failure of the provider (ruling E9). */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}
