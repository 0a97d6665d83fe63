import { isObject, printed, type JsonObject } from '../../../core/json-object.ts';
import { ProviderError } from '../../../core/provider-error.ts';
import { failureOf } from '../../provider-errors.ts';

/**
 * The error of a response that failed, or of an event that tells one.
 *
 * @param error `{code, message}`, maybe with `type` and `param`
 * @see https://platform.openai.com/docs/api-reference/responses/object#responses/object-error
 */
export function failureIn(error: unknown): ProviderError {
  const raw = isObject(error) ? error : {};
  const word = (name: string): string | undefined => (typeof raw[name] === 'string' && raw[name] !== '' ? raw[name] : undefined);
  const message = word('message') ?? 'The provider says that the answer failed, and not why.';
  const facts = { message, type: word('type'), code: symbolIn(word('code')), param: word('param') };
  return new ProviderError(failureOf({ status: 200, headers: {}, body: '' }, facts, statusOf(raw)));
}

/** Numbers say no more than the status does. */
function symbolIn(code: string | undefined): string | undefined {
  return code === undefined || /^\d+$/.test(code) ? undefined : code;
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  server_error: 500,
  internal_error: 500,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  server_is_overloaded: 503,
  slow_down: 503,
  vector_store_timeout: 504,
  invalid_api_key: 401,
  model_not_found: 404,
};

/** Codes that find fault with what was asked. */
const FAULTS = /^(invalid_|unsupported_|image_|empty_image|failed_to_download|context_length|content_|\w+_policy)/;

const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  tokens: 429,
  requests: 429,
};

function statusOf({ code, type, status }: JsonObject): number {
  const named = [code, status].map((value) => Number(printed(value))).find((value) => value >= 400 && value < 600);
  if (named !== undefined) return named;
  const word = typeof code === 'string' ? code : '';
  return STATUS_OF_CODE[word] ?? (FAULTS.test(word) ? 400 : ((typeof type === 'string' ? STATUS_OF_TYPE[type] : undefined) ?? 500));
}
