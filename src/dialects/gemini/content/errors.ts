import { isObject, type JsonObject } from '../../../core/json-object.ts';

export interface GenerateFailure {
  readonly status: number;
  readonly message: string;
  /** Our own word for what happened. */
  readonly type: string;
  /** Member of the request that is wrong. */
  readonly param: string | null;
  /** What the provider told beside its message, in Google's form where it is Google. */
  readonly fields: unknown;
  /** Seconds after which another try may help. */
  readonly retryAfter: string | undefined;
}

/** Google's words by status (data-plane 6.5); others are the client's fault below 500 and the server's above. */
const WORDS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
  529: 'UNAVAILABLE',
};

/** The body of an error in Google's form. @see https://cloud.google.com/apis/design/errors (2026-11-26) */
export function generateError({ status, message, type, param, fields, retryAfter }: GenerateFailure): JsonObject {
  const word = type === 'budget_exceeded' ? 'RESOURCE_EXHAUSTED' : (WORDS[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL'));
  const given = isObject(fields) && Array.isArray(fields['details']) ? (fields['details'] as unknown[]) : [];
  const details = given.length > 0 ? given : ownDetails(type, message, param, retryAfter);
  return { error: { code: status, message, status: word, details } };
}

function ownDetails(type: string, message: string, param: string | null, retryAfter: string | undefined): JsonObject[] {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: type.toUpperCase(), domain: 'llm-gateway' };
  const violation = { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: param, description: message }] };
  const delay = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` };
  return [info, ...(param === null ? [] : [violation]), ...(retryAfter !== undefined && /^\d+$/.test(retryAfter) ? [delay] : [])];
}
