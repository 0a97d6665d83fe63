import { GatewayError, type ErrorType } from '../core/errors.ts';
import { ProviderError, type ProviderFailure } from '../core/provider-error.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';

/** HTTP status of each refusal the gateway makes. A new `ErrorType` without a status does not compile. */
export const STATUS_OF = {
  auth_error: 401,
  token_not_found_in_db: 401,
  expired_key: 401,
  key_model_access_denied: 403,
  invalid_request_error: 400,
  bad_request_error: 400,
  validation_error: 422,
  request_too_large: 413,
  not_found_error: 404,
  method_not_allowed: 405,
  throttling_error: 429,
  rate_limit_error: 429,
  budget_exceeded: 422,
  timeout_error: 408,
  api_connection_error: 502,
  no_db_connection: 503,
  ledger_unavailable: 503,
  overloaded_error: 503,
  internal_server_error: 500,
} as const satisfies Record<ErrorType, number>;

/** What goes out when a call fails: the same on every surface of OpenAI's shape. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error: JsonObject };
  /** Lower case names; `x-litellm-*` of the call are added by the edge. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Settings that choose statuses (control-plane 10.3, data-plane 3). */
export interface StatusSettings {
  readonly budgetExceeded: number;
  readonly modelAccessDenied: number;
  readonly requestTooLarge: number;
  /** What clients are told when a budget is spent; null and absent: whose it is, and how much. */
  readonly budgetExceededText?: string | null;
}

export const DEFAULT_STATUSES: StatusSettings = {
  budgetExceeded: STATUS_OF.budget_exceeded,
  modelAccessDenied: STATUS_OF.key_model_access_denied,
  requestTooLarge: STATUS_OF.request_too_large,
};

function statusOf(error: GatewayError, statuses: StatusSettings): number {
  if (error.status !== null) return error.status;
  switch (error.type) {
    case 'budget_exceeded':
      return statuses.budgetExceeded;
    case 'key_model_access_denied':
      return statuses.modelAccessDenied;
    case 'request_too_large':
      return statuses.requestTooLarge;
    default:
      return STATUS_OF[error.type];
  }
}

/** The answer for anything thrown. An unforeseen error says nothing to the client. */
export function errorAnswerOf(error: unknown, statuses: StatusSettings = DEFAULT_STATUSES): ErrorAnswer {
  if (error instanceof GatewayError) return gatewayAnswer(error, statuses);
  if (error instanceof ProviderError) return providerAnswer(error.failure, error.message);
  return {
    status: 500,
    body: {
      error: {
        message: 'Internal server error. The log tells more under this call id.',
        type: 'internal_server_error',
        param: null,
        code: '500',
      },
    },
    headers: {},
  };
}

function gatewayAnswer(error: GatewayError, statuses: StatusSettings): ErrorAnswer {
  const status = statusOf(error, statuses);
  const headers: Record<string, string> = { ...error.headers };
  if (error.retryAfterMs !== null) headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  const shouldRetry = error.shouldRetry ?? (isLongWait(error.retryAfterMs) ? false : null);
  if (shouldRetry !== null) headers['x-should-retry'] = String(shouldRetry);
  const own = error.type === 'budget_exceeded' ? statuses.budgetExceededText : null;
  const body: JsonObject = { message: own ?? error.message, type: error.type, param: error.param, code: error.code ?? String(status) };
  if (error.fields !== null) body['provider_specific_fields'] = error.fields;
  return { status, body: { error: body }, headers };
}

/** Longer than a voice turn: a client that waits in silence helps nobody (ruling E7). */
function isLongWait(ms: number | null | undefined): boolean {
  return (ms ?? 0) > 5000;
}

const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  408: 'timeout_error',
  429: 'rate_limit_error',
};

function typeOf(failure: ProviderFailure): string {
  return failure.type ?? TYPE_OF_STATUS[failure.status] ?? (failure.status >= 500 ? 'internal_server_error' : 'invalid_request_error');
}

function providerAnswer(failure: ProviderFailure, message: string): ErrorAnswer {
  const { status, code, param, fields, retryAfterMs } = failure;
  const headers: Record<string, string> = {};
  const asked = failure.headers?.['retry-after'];
  if (asked !== undefined) headers['retry-after'] = asked;
  else if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  if (isLongWait(retryAfterMs)) headers['x-should-retry'] = 'false';
  const error: JsonObject = { message, type: typeOf(failure), param: param ?? null, code: code ?? String(status) };
  if (isObject(fields) && Object.keys(fields).length > 0) error['provider_specific_fields'] = fields;
  return { status, body: { error }, headers };
}
