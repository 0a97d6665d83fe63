import type { ErrorReply } from '../../core/dialect.ts';
import { printed, isObject, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { failureOf, statusOfType, type ErrorFacts } from '../provider-errors.ts';

/**
 * Reads an error answer in any of the shapes that OpenAI-shaped providers use: `{error: {...}}`, `{error: "text"}`,
 * `{message}`, `{detail}`, `{object: "error"}`, lists of those, HTML, plain text.
 */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsed(reply.body);
  const facts = isObject(body) ? factsOf(body) : textFacts(reply);
  return new ProviderError(failureOf(reply, facts, statusOf(reply.status, isObject(body) ? body : {}, facts)));
}

/**
 * The error that hides in a parsed body of a 200 or in an event of a stream: an `error` member, `success: false`,
 * `object: "error"`, MiniMax's `base_resp`.
 *
 * @returns null when the body is no error
 */
export function errorInside(body: JsonObject, headers: ErrorReply['headers'] = {}): ProviderError | null {
  if (!isErrorBody(body)) return null;
  const facts = factsOf(body);
  return new ProviderError(failureOf({ status: 200, headers, body: '' }, facts, statusOf(200, body, facts)));
}

function isErrorBody(body: JsonObject): boolean {
  const { error } = body as { error?: unknown };
  if (error !== undefined && error !== null && error !== false && error !== '' && !isEmptyObject(error)) return true;
  if (body['object'] === 'error' || body['success'] === false) return true;
  return businessCode(body) !== 0;
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** MiniMax reports failures by a code of its own in a 200. 0 when there is none. */
function businessCode(body: JsonObject): number {
  const base = body['base_resp'];
  const code = isObject(base) ? base['status_code'] : 0;
  return typeof code === 'number' ? code : 0;
}

/** @see https://platform.minimax.io/docs/api-reference/errorcode */
const STATUS_OF_BUSINESS_CODE: Readonly<Record<number, number>> = {
  1001: 504,
  1002: 429,
  1004: 401,
  1008: 402,
  1026: 400,
  1027: 400,
  1039: 429,
  2013: 400,
  2049: 401,
};
const CONTENT_CODES: ReadonlySet<number> = new Set([1026, 1027]);

/** Members of an error object with a place of their own. */
const PLACED: ReadonlySet<string> = new Set(['message', 'type', 'code', 'param', 'status', 'object', 'msg', 'detail', 'error_code']);

function factsOf(body: JsonObject): ErrorFacts {
  if (businessCode(body) !== 0) return businessFacts(body);
  const error = isObject(body['error']) ? body['error'] : (firstOf(body['errors']) ?? body);
  const fields =
    error === body ? [] : Object.entries(error).filter(([name, value]) => !PLACED.has(name) && value !== null && value !== undefined);
  return {
    message: messageOf(error, body),
    type: typeof error['type'] === 'string' ? error['type'] : undefined,
    code: symbolIn(error['code'] ?? error['error_code'] ?? error['status'] ?? body['code']) ?? innerCode(error),
    param: typeof error['param'] === 'string' ? error['param'] : undefined,
    retryAfterMs: loadingTime(body),
    fields: fields.length === 0 ? undefined : Object.fromEntries(fields),
  };
}

/** Hugging Face says for how many seconds it will still load a model. */
function loadingTime({ estimated_time: seconds }: JsonObject): number | undefined {
  return typeof seconds === 'number' && seconds >= 0 ? Math.round(seconds * 1000) : undefined;
}

function businessFacts(body: JsonObject): ErrorFacts {
  const base = body['base_resp'] as JsonObject;
  const code = businessCode(body);
  return {
    message: `${textOf(base['status_msg']) ?? 'failure'} (status_code ${code})`,
    code: CONTENT_CODES.has(code) ? 'content_policy_violation' : undefined,
  };
}

function messageOf(error: JsonObject, body: JsonObject): string {
  const own =
    textOf(error['message']) ?? textOf(error['msg']) ?? detailText(error['detail']) ?? textOf(body['error']) ?? textOf(body['message']);
  const metadata = error['metadata'];
  // OpenRouter says "Provider returned error" and hides what the provider said.
  const raw = isObject(metadata) ? textOf(metadata['raw']) : undefined;
  return [own, raw].filter((text) => text !== undefined).join(': ') || JSON.stringify(body);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : undefined;
}

/** FastAPI's list of faults as one line each, else the text. */
function detailText(detail: unknown): string | undefined {
  if (!Array.isArray(detail)) return textOf(detail);
  return detail
    .map((item) => (isObject(item) && typeof item['msg'] === 'string' ? `${locationOf(item['loc'])}${item['msg']}` : JSON.stringify(item)))
    .join('; ');
}

function locationOf(location: unknown): string {
  return Array.isArray(location) ? `${location.map(printed).join('.')}: ` : '';
}

/** Azure tells what it was in an error inside the error. */
function innerCode(error: JsonObject): string | undefined {
  const inner = error['innererror'] ?? error['inner_error'];
  return isObject(inner) ? symbolIn(inner['code']) : undefined;
}

/** A code that is a word. Numbers, also as text, say no more than the status does. */
function symbolIn(code: unknown): string | undefined {
  return typeof code === 'string' && code !== '' && !/^\d+$/.test(code) ? code : undefined;
}

function statusOf(status: number, body: JsonObject, facts: ErrorFacts): number {
  if (LM_STUDIO_WITHOUT_PATH.test(facts.message)) return 404;
  const own = cloudflareStatus(body);
  if (own !== undefined && status <= 400) return own;
  if (status >= 400) return status;
  const code = businessCode(body);
  if (code !== 0) return STATUS_OF_BUSINESS_CODE[code] ?? 500;
  const error = isObject(body['error']) ? body['error'] : body;
  const named = [error['code'], error['status'], error['status_code'], body['code'], body['status_code']]
    .map((value) => Number(printed(value)))
    .find((value) => value >= 400 && value < 600);
  return named ?? statusOfType(facts.code ? (KNOWN_CODE.test(facts.code) ? facts.code : facts.type) : facts.type);
}

/** @see https://developers.cloudflare.com/workers-ai/platform/errors (2026-11-27) */
const STATUS_OF_CLOUDFLARE_CODE: Readonly<Record<number, number>> = {
  3007: 504,
  3008: 504,
  3023: 403,
  3036: 429,
  3040: 429,
  3041: 403,
  3042: 404,
  5007: 404,
  5016: 403,
  5018: 403,
  10000: 401,
};

/** Of its envelope `{success, errors: [{code, message}]}`; undefined: it is another, or says no more than the status does. */
function cloudflareStatus({ errors, success }: JsonObject): number | undefined {
  const code = success === false ? firstOf(errors)?.['code'] : undefined;
  return typeof code === 'number' ? STATUS_OF_CLOUDFLARE_CODE[code] : undefined;
}

const KNOWN_CODE = /^(rate_limit_exceeded|insufficient_quota)$/;
/** LM Studio answers 200 when the base URL lacks `/v1`. */
const LM_STUDIO_WITHOUT_PATH = /^Unexpected endpoint or method/;

function textFacts({ body, status }: ErrorReply): ErrorFacts {
  const text = body.trim();
  if (text === '') return { message: `The provider answered with status ${status} and no body.` };
  if (!text.startsWith('<')) return { message: text };
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim();
  return { message: `The provider answered with an HTML page${title ? ` ("${title}")` : ''} and status ${status}.` };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value[0] : value;
  } catch {
    return undefined;
  }
}

function firstOf(list: unknown): JsonObject | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : undefined;
}
