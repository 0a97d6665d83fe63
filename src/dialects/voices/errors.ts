import type { ErrorReply } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { ProviderError } from '../../core/provider-error.ts';
import { readError as readAwsError } from '../bedrock/errors.ts';
import { parsedBody } from '../error-body.ts';
import { readError as readPlainError } from '../openai/errors.ts';
import { failureOf } from '../provider-errors.ts';

/**
 * Reads an answer with an error status, in the shapes of those who speak and hear: ElevenLabs' `{detail: {status, message}}`,
 * Deepgram's `{err_code, err_msg}`, Cartesia's `{error_code, title, message}`, AWS's, and all that OpenAI-shaped providers use.
 */
export function readError(reply: ErrorReply): ProviderError {
  if (reply.headers['x-amzn-errortype'] !== undefined) return readAwsError(reply);
  const body = parsedBody(reply.body);
  const facts = isObject(body) ? ownFacts(body) : null;
  if (facts === null) return readPlainError(reply);
  const status = isSpent(facts.code) ? 429 : reply.status;
  return new ProviderError(failureOf(reply, facts, status));
}

interface OwnFacts {
  readonly message: string;
  readonly code: string;
}

/** Null: it is told in none of these shapes. */
function ownFacts(body: JsonObject): OwnFacts | null {
  const { detail, err_msg: deepgram, err_code: deepgramCode, error_code: cartesiaCode, title, category, message, details } = body;
  if (isObject(detail) && typeof detail['message'] === 'string')
    return { message: detail['message'], code: wordOf(detail['status']) || wordOf(detail['code']) };
  if (typeof deepgram === 'string') return { message: deepgram, code: wordOf(deepgramCode) };
  const code = wordOf(cartesiaCode) || wordOf(category);
  if (code === '') return null;
  const words = [title, message, details].map(wordOf).filter((text) => text !== '');
  return words.length === 0 ? null : { message: words.join(': '), code };
}

/** ElevenLabs says with 401 that an account has used up what it may, and with a word what was meant. */
function isSpent(code: string): boolean {
  return code === 'quota_exceeded';
}
