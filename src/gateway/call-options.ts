import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequestError } from '../core/errors.ts';
import { numberOf } from '../core/exact-json.ts';
import type { JsonDocument } from '../core/json-document.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import type { Caller } from '../core/caller.ts';
import type { CallOptions, CallOrigin } from '../exchange/call.ts';
import { targetOf } from '../router/fallbacks.ts';
import { mockError } from './mock-testing.ts';

/** Settings that say what a request may ask for. */
export interface RequestSettings {
  /** `dangerously_allow_mock_testing_request_params` */
  readonly allowMockTesting: boolean;
  readonly alwaysIncludeUsage: boolean;
  readonly forwardClientHeaders: boolean;
}

/** Body members that make the first group fail on purpose (data-plane 19.7). */
const MOCK_TESTING = [
  'mock_testing_fallbacks',
  'mock_testing_context_fallbacks',
  'mock_testing_content_policy_fallbacks',
  'mock_testing_rate_limit_error',
  'mock_timeout',
  'mock_delay',
] as const;

/** Headers that a client never sets on the way to a provider. */
const NEVER_PASSED: ReadonlySet<string> = new Set([
  'authorization',
  'host',
  'cookie',
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'content-encoding',
  'accept-encoding',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
]);

/**
 * Headers that say to a provider whose account is asked, which model or server answers, or by which key: the owner sets them
 * (`extra_headers` of the deployment), and no client.
 */
const DECIDING =
  /^(?:openai-(?:organization|project)$|anthropic-(?:workspace-id|user-profile-id)$|x-goog-user-project$|x-amzn?-|x-hf-bill-to$|ai-resource-group$|x-snowflake-(?:role|account|warehouse)$|x-dashscope-workspace$|chatgpt-account-id$|x-portkey-(?!metadata$|trace-|span-)|helicone-(?:auth$|target-|fallbacks$|openai-api-base$)|cf-aig-(?:authorization|byok-)|x-forwarded-|x-original-|x-rewrite-|x-http-method)/;

const NO_HEADERS: Readonly<Record<string, string>> = {};
const NO_NAMES: readonly string[] = [];

/** Reads what headers and body say about how to make the call (data-plane 8.1, 8.2). @throws {InvalidRequestError} */
export function callOptionsOf(body: JsonDocument, headers: IncomingHttpHeaders, caller: Caller, settings: RequestSettings): CallOptions {
  if (body.has('extra_body')) checkExtraBody(body.value('extra_body'), 'extra_body');
  return {
    timeoutMs:
      secondsOf(headers['x-litellm-timeout'], 'x-litellm-timeout') ??
      memberSeconds(body, 'timeout') ??
      memberSeconds(body, 'request_timeout'),
    streamTimeoutMs: secondsOf(headers['x-litellm-stream-timeout'], 'x-litellm-stream-timeout') ?? memberSeconds(body, 'stream_timeout'),
    retries: countOf(headers['x-litellm-num-retries']) ?? memberCount(body, 'num_retries') ?? memberCount(body, 'max_retries'),
    fallbacks: fallbacksOf(body),
    fallbacksOff: body.value('disable_fallbacks') === true || caller.metadata['disable_fallbacks'] === true,
    dropParams: flagOf(body, 'drop_params'),
    additionalDropParams: namesOf(body, 'additional_drop_params'),
    allowedParams: namesOf(body, 'allowed_openai_params'),
    mock: mockOf(body, caller, settings),
    failFirstGroup: mockFailureOf(body, settings),
    upstreamHeaders: passedHeaders(body, headers, settings),
    includeUsage: settings.alwaysIncludeUsage || asksForUsage(body),
  };
}

/** What says which model is asked and for how much: it is read where it is meant, and never in `extra_body`. */
const DECIDED: readonly string[] = [
  'model', 'messages', 'stream', 'stream_options', 'n', 'best_of', 'max_tokens', 'max_completion_tokens', 'max_output_tokens',
]; // prettier-ignore

function checkExtraBody(extra: unknown, place: string): void {
  const found = isObject(extra) ? DECIDED.find((name) => (extra[name] ?? null) !== null) : undefined;
  if (found !== undefined)
    throw new InvalidRequestError(`'${found}' belongs into the request itself, not into 'extra_body'.`, `${place}.${found}`);
}

function mockOf(body: JsonDocument, caller: Caller, settings: RequestSettings): unknown {
  if (!body.has('mock_response')) return undefined;
  const allowed = settings.allowMockTesting || caller.metadata['allow_client_mock_response'] === true;
  return allowed ? (body.value('mock_response') ?? undefined) : undefined;
}

function mockFailureOf(body: JsonDocument, settings: RequestSettings): Error | null {
  const asked = MOCK_TESTING.filter((name) => body.has(name));
  if (asked.length === 0) return null;
  if (!settings.allowMockTesting)
    throw new InvalidRequestError(`Mock testing request params are disabled on this proxy: ${asked.join(', ')}`, asked[0] ?? null);
  const name = asked.find((one) => body.value(one) === true);
  return name === undefined ? null : mockError(name);
}

function asksForUsage(body: JsonDocument): boolean {
  if (!body.has('stream_options')) return false;
  const options = body.value('stream_options');
  return isObject(options) && options['include_usage'] === true;
}

function fallbacksOf(body: JsonDocument): CallOptions['fallbacks'] {
  if (!body.has('fallbacks')) return null;
  const list = body.value('fallbacks');
  if (list === null) return null;
  if (!Array.isArray(list))
    throw new InvalidRequestError("'fallbacks' must be a list of model names or objects with a model.", 'fallbacks');
  return list.map((entry) => {
    const target = targetOf(entry);
    if (!target) throw new InvalidRequestError("Each entry of 'fallbacks' must be a model name or an object with a model.", 'fallbacks');
    if (isObject(entry)) checkExtraBody(entry['extra_body'], 'fallbacks.extra_body');
    return target;
  });
}

function passedHeaders(body: JsonDocument, headers: IncomingHttpHeaders, settings: RequestSettings): Readonly<Record<string, string>> {
  let passed: Record<string, string> | null = null;
  const pass = (name: string, value: unknown): void => {
    if (
      NEVER_PASSED.has(name) ||
      DECIDING.test(name) ||
      typeof value !== 'string' ||
      !/^[\w-]{1,100}$/.test(name) ||
      /[^\t\x20-\x7e\x80-\xff]/.test(value)
    )
      return;
    passed ??= {};
    passed[name] = value;
  };
  for (const name in headers) {
    if (name.startsWith('x-pass-')) pass(name.slice(7), headers[name]);
    else if (settings.forwardClientHeaders && name.startsWith('x-') && !/^x-(stainless|litellm|forwarded|real-ip|api-key)/.test(name))
      pass(name, headers[name]);
  }
  const extra = body.has('extra_headers') ? body.value('extra_headers') : null;
  if (isObject(extra)) for (const [name, value] of Object.entries(extra)) pass(name.toLowerCase(), value);
  return passed ?? NO_HEADERS;
}

/** Headers of Anthropic's own API: the version, and what a client asks for beyond it (data-plane 8.1). */
export function anthropicHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const passed: Record<string, string> = {};
  for (const name of ['anthropic-version', 'anthropic-beta']) {
    const value = headers[name];
    if (typeof value === 'string' && /^[\x20-\x7e]{1,2000}$/.test(value)) passed[name] = value;
  }
  return passed;
}

/**
 * Who called, from where and why: for the spend row alone.
 *
 * @param namesUser whether `metadata.user_id` is the end user, as in Anthropic's dialect
 */
export function callOriginOf(
  body: JsonDocument,
  headers: IncomingHttpHeaders,
  route: string,
  address: string | null,
  namesUser = false,
): CallOrigin {
  const metadata = firstObject(body, 'litellm_metadata', 'metadata');
  return {
    endUser:
      headerText(headers, 'x-litellm-customer-id') ??
      headerText(headers, 'x-litellm-end-user-id') ??
      memberText(body, 'user') ??
      (namesUser ? textIn(firstObject(body, 'metadata'), 'user_id') : null),
    sessionId:
      headerText(headers, 'x-litellm-session-id') ??
      headerText(headers, 'x-litellm-trace-id') ??
      textIn(metadata, 'session_id') ??
      textIn(metadata, 'trace_id'),
    tags: tagsOf(body, metadata, headers),
    notes: notesOf(metadata, headers),
    address,
    userAgent: headerText(headers, 'user-agent'),
    route,
  };
}

function notesOf(metadata: JsonObject | null, headers: IncomingHttpHeaders): JsonObject | null {
  const inBody = metadata?.['spend_logs_metadata'];
  if (isObject(inBody)) return inBody;
  const text = headers['x-litellm-spend-logs-metadata'];
  if (typeof text !== 'string') return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const MOST_TAGS = 50;

function tagsOf(body: JsonDocument, metadata: JsonObject | null, headers: IncomingHttpHeaders): readonly string[] {
  const header = headers['x-litellm-tags'];
  if (header === undefined && !metadata && !body.has('tags')) return NO_NAMES;
  const tags = [body.value('tags'), metadata?.['tags'], typeof header === 'string' ? header.split(',') : []]
    .flat()
    .filter((tag): tag is string => typeof tag === 'string')
    .map((tag) => tag.trim().slice(0, 200))
    .filter((tag) => tag !== '');
  return [...new Set(tags)].slice(0, MOST_TAGS);
}

function firstObject(body: JsonDocument, ...names: readonly string[]): JsonObject | null {
  for (const name of names) {
    if (!body.startsWith(name, '{')) continue;
    const value = body.value(name);
    if (isObject(value)) return value;
  }
  return null;
}

const LONGEST_ID = 256;

function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_ID) : null;
}

function memberText(body: JsonDocument, name: string): string | null {
  const value = body.has(name) ? body.value(name) : null;
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_ID) : null;
}

function textIn(object: JsonObject | null, name: string): string | null {
  const value = object?.[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_ID) : null;
}

function flagOf(body: JsonDocument, name: string): boolean | null {
  const value = body.has(name) ? body.value(name) : null;
  return typeof value === 'boolean' ? value : null;
}

function namesOf(body: JsonDocument, name: string): readonly string[] {
  const value = body.has(name) ? body.value(name) : null;
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : NO_NAMES;
}

function memberSeconds(body: JsonDocument, name: string): number | null {
  if (!body.has(name)) return null;
  const value = body.value(name);
  return value === null ? null : seconds(typeof value === 'string' ? Number(value) : (numberOf(value) ?? Number.NaN), name);
}

function secondsOf(text: string | string[] | undefined, name: string): number | null {
  return typeof text === 'string' && text !== '' ? seconds(Number(text), name) : null;
}

const LONGEST_TIMEOUT_S = 86_400;

function seconds(value: number, name: string): number {
  if (!(value > 0 && value <= LONGEST_TIMEOUT_S))
    throw new InvalidRequestError(`'${name}' must be a number of seconds above 0 and at most ${LONGEST_TIMEOUT_S}.`, name);
  return Math.round(value * 1000);
}

const MOST_RETRIES = 20;

function countOf(text: string | string[] | undefined): number | null {
  return typeof text === 'string' && /^\d{1,3}$/.test(text) ? Math.min(Number(text), MOST_RETRIES) : null;
}

function memberCount(body: JsonDocument, name: string): number | null {
  const value = body.has(name) ? body.value(name) : null;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? Math.min(value, MOST_RETRIES) : null;
}
