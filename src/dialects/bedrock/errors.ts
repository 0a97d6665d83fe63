import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { failureOf } from '../provider-errors.ts';

/**
 * Statuses that the names of exceptions mean, lower case and without `Exception`. Those of AWS's gate are 401: they say
 * that it is not known who asks.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html
 * Read on 2026-11-26.
 */
const STATUS_OF_NAME: Readonly<Record<string, number>> = {
  validation: 400,
  expiredtoken: 401,
  unrecognizedclient: 401,
  invalidsignature: 401,
  incompletesignature: 401,
  missingauthenticationtoken: 401,
  invalidclienttokenid: 401,
  accessdenied: 403,
  resourcenotfound: 404,
  modeltimeout: 408,
  conflict: 409,
  throttling: 429,
  modelnotready: 429,
  servicequotaexceeded: 429,
  modelerror: 500,
  modelstreamerror: 500,
  internalserver: 500,
  internalfailure: 500,
  serviceunavailable: 503,
};

const NO_REPLY: ErrorReply = { status: 200, headers: {}, body: '' };

/** Reads an answer with an error status: the name stands in a header or in `__type`, the words in `message`. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsed(reply.body);
  const named = plainName(reply.headers['x-amzn-errortype'] ?? '') || plainName(wordOf(body?.['__type']));
  const status = reply.status >= 400 ? reply.status : 500;
  return failed(reply, named, wordsIn(body) || plainText(reply), STATUS_OF_NAME[keyOf(named)] ?? status);
}

/** An exception that a stream reports. @param data JSON of its payload */
export function streamError(type: string, data: string): ProviderError {
  const body = parsed(data);
  const original = body?.['originalStatusCode'];
  const status = STATUS_OF_NAME[keyOf(type)] ?? (typeof original === 'number' && original >= 400 && original < 600 ? original : 500);
  return failed(NO_REPLY, plainName(type), wordsIn(body) || `The provider broke the stream off with ${type || 'an error'}.`, status);
}

/** The error that a body with status 200 is; `null` when it is none. */
export function errorWithin(body: JsonObject): ProviderError | null {
  const name = plainName(wordOf(body['__type']));
  if (name === '' && (wordsIn(body) === '' || 'output' in body)) return null;
  return failed(NO_REPLY, name, wordsIn(body), STATUS_OF_NAME[keyOf(name)] ?? 500);
}

function failed(reply: ErrorReply, name: string, words: string, status: number): ProviderError {
  const meant = status === 403 && BAD_KEY.test(words) ? 401 : status;
  const code = meant === 400 ? codeOf(words) : undefined;
  const facts = { message: withHint(words), ...(name === '' ? {} : { type: name }), ...(code === undefined ? {} : { code }) };
  return new ProviderError(failureOf(reply, facts, meant));
}

/** A Bedrock API key that is wrong or has expired is an `AccessDeniedException`. */
const BAD_KEY = /api key (is|has)|valid api key|bearer token/i;

/** What models say when the prompt is too long or stopped, in words that no other provider uses. */
function codeOf(words: string): string | undefined {
  if (/input tokens exceed|number of input tokens exceeds|too many input tokens|expected maxlength/i.test(words))
    return 'context_length_exceeded';
  return /blocked by our content filters|content filter/i.test(words) ? 'content_policy_violation' : undefined;
}

/** Most newer models are asked by an inference profile alone; the words of AWS do not say how its name looks. */
function withHint(words: string): string {
  if (!/on-demand throughput isn.t supported/i.test(words)) return words;
  return `${words} Write the model with the prefix of a cross-region inference profile, such as us., eu., apac. or global.`;
}

/** `ValidationException` of `com.amazon.coral#ValidationException` and `ValidationException:http://...`. */
function plainName(type: string): string {
  return type.replace(/:.*$/, '').replace(/^.*#/, '').trim();
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/(exception|error)$/, (end) => (end === 'exception' ? '' : end));
}

function wordsIn(body: JsonObject | null): string {
  return wordOf(body?.['message']) || wordOf(body?.['Message']) || wordOf(body?.['originalMessage']);
}

function parsed(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function plainText({ status, body }: ErrorReply): string {
  const text = body.trim();
  if (text === '') return `The provider answered with status ${status}.`;
  return text.startsWith('<') ? `The provider answered with status ${status} and a page instead of JSON.` : text;
}
