import type { JsonObject } from '../../../core/json-object.ts';

export interface MessagesFailure {
  readonly status: number;
  readonly message: string;
  /** The status as text when the error has no code of its own, so that parsers of OpenAI's errors find one too. */
  readonly code?: string | null;
  readonly requestId: string | null;
  /** `error.details`: facts that the official clients act upon. */
  readonly details?: Readonly<JsonObject>;
}

/** Types by status; others are the client's fault below 500 and the server's above (data-plane 6.4). */
const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The body of an error in Anthropic's form. @see https://platform.claude.com/docs/en/api/errors (2026-11-26) */
export function messagesError({ status, message, code, requestId, details }: MessagesFailure): JsonObject {
  const type = TYPE_OF_STATUS[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return { type: 'error', error: { type, message, code: code ?? String(status), ...(details && { details }) }, request_id: requestId };
}

/** The error as the last event of a stream. */
export function messagesErrorEvent(failure: MessagesFailure): string {
  return `event: error\ndata: ${JSON.stringify(messagesError(failure))}\n\n`;
}
