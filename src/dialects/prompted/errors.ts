import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { readError as readAwsError, streamError as awsStreamError } from '../bedrock/errors.ts';
import { parsedBody } from '../error-body.ts';
import { errorInside, readError as readPlainError } from '../openai/errors.ts';
import { failureOf } from '../provider-errors.ts';

/** Reads an answer with an error status: the server's own words, or AWS's around them. */
export function readError(reply: ErrorReply): ProviderError {
  const body = parsedBody(reply.body);
  if (isObject(body) && isModelError(reply, body)) return modelError(reply, body);
  return reply.headers['x-amzn-errortype'] === undefined ? plainError(reply) : readAwsError(reply);
}

/** The error that an answer with status 200, or an event of a stream, is; `null` when it is none. */
export function errorWithin(body: unknown): ProviderError | null {
  if (!isObject(body)) return null;
  const status = STATUS_OF_TYPE[wordOf(body['error_type'])];
  const words = wordOf(body['error']);
  if (status === undefined || words === '') return errorInside(body);
  return new ProviderError(failureOf(NO_REPLY, { message: words, type: wordOf(body['error_type']) }, status));
}

/** A failure that AWS reports inside a stream. @param data JSON of its payload */
export function streamError(name: string, data: string): ProviderError {
  const body = parsedBody(data);
  const reply = { ...NO_REPLY, headers: { 'x-amzn-errortype': name }, body: data };
  return isObject(body) && isModelError(reply, body) ? modelError(reply, body) : awsStreamError(name, data);
}

const NO_REPLY: ErrorReply = { status: 200, headers: {}, body: '' };

/** What a generation ends with. @see https://github.com/huggingface/text-generation-inference/blob/v3.3.4/router/src/infer/mod.rs (read 2026-11-26) */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  overloaded: 429,
  validation: 422,
  generation: 500,
  incomplete_generation: 500,
  template_error: 422,
};

/** A generation that failed is no fault of the request: 424 says so in TGI. */
function plainError(reply: ErrorReply): ProviderError {
  return readPlainError(reply.status === 424 ? { ...reply, status: 500 } : reply);
}

function isModelError({ headers }: ErrorReply, body: JsonObject): boolean {
  return /^ModelError\b/.test(headers['x-amzn-errortype'] ?? '') || body['OriginalStatusCode'] !== undefined;
}

/**
 * The container of a SageMaker endpoint said no: its own status and words stand inside.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html#API_runtime_InvokeEndpoint_Errors (read 2026-11-26)
 */
function modelError({ headers }: ErrorReply, body: JsonObject): ProviderError {
  const { OriginalStatusCode: told, OriginalMessage: original, Message: around, message } = body;
  const status = typeof told === 'number' && told >= 400 && told < 600 ? told : 500;
  return plainError({ status, headers, body: wordOf(original) || wordOf(around) || wordOf(message) });
}
