import { isObject, type JsonObject, wordOf } from '../../core/json-object.ts';
import { ProviderError, type ProviderFailure } from '../../core/provider-error.ts';
import { boundedText, maskSecrets, retryAfterOf } from '../../dialects/provider-errors.ts';
import type { Token } from '../tokens/kept-tokens.ts';
import { tokenIn, tokenOf } from '../tokens/token-answer.ts';
import type { TokenReply } from '../tokens/token-question.ts';

const ISSUER = 'Google';

/** What helps where Google does not believe a credential. */
export const ADVICE = {
  service_account: 'Check that the key still exists at Google Cloud and that the clock of this machine is right.',
  authorized_user: 'Sign in again: gcloud auth application-default login.',
  external_account: 'Check the workload identity pool and that the token of the other issuer is fresh.',
  impersonated_service_account: 'The source needs the role Service Account Token Creator on the service account.',
  metadata: 'Check the service account of this machine.',
} as const;

export interface Reading {
  /** For people, when there is no token. */
  readonly advice: string;
  /** Texts that must not be shown, should Google repeat them. */
  readonly secrets: readonly string[];
}

/** Reads `{access_token, expires_in}`. @throws {ProviderError} with Google's own words when there is none */
export function readToken(reply: TokenReply, reading: Reading): Token {
  return tokenIn(answered(reply, reading), ISSUER);
}

/** Reads `{accessToken, expireTime}`, what acting as a service account gives. @param nowMs milliseconds since 1970 */
export function readImpersonated(reply: TokenReply, reading: Reading, nowMs: number): Token {
  const answer = answered(reply, reading);
  const lifeMs = Date.parse(wordOf(answer['expireTime'])) - nowMs;
  return tokenOf(answer['accessToken'], Number.isNaN(lifeMs) ? 0 : lifeMs, ISSUER);
}

function answered({ status, headers, body }: TokenReply, reading: Reading): JsonObject {
  const value = parsed(body);
  const answer = isObject(value) ? value : {};
  if (status === 200) return answer;
  const { code, words } = toldBy(answer);
  const retryAfterMs = retryAfterOf(headers);
  const told = withoutTexts(words ?? `it answered with status ${status}`, reading.secrets);
  const judged = judgedBy(status);
  throw new ProviderError({
    ...judged,
    message: boundedText(maskSecrets(`Google gave no token: ${told}${judged.status < 429 ? ` ${reading.advice}` : ''}`)),
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** `{error, error_description}` of the token endpoints, `{error: {status, message}}` of the others. */
function toldBy({ error, error_description: description }: JsonObject): { code?: string; words?: string } {
  const inner = isObject(error) ? error : {};
  const code = typeof error === 'string' ? error : wordOf(inner['status']);
  const own = wordOf(description) || wordOf(inner['message']);
  const words = [code, own].filter((text) => text !== '').join(': ');
  return { ...(code === '' ? {} : { code }), ...(words === '' ? {} : { words: /[.!?]$/.test(words) ? words : `${words}.` }) };
}

/** Google says 400 and 401 of what it does not believe; to the caller both are a credential that does not hold. */
function judgedBy(status: number): Pick<ProviderFailure, 'class' | 'status'> {
  if (status === 429) return { class: 'RateLimitError', status: 429 };
  if (status >= 500) return { class: 'ServiceUnavailableError', status: 503 };
  if (status === 403) return { class: 'PermissionDeniedError', status: 403 };
  return { class: 'AuthenticationError', status: 401 };
}

function withoutTexts(words: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '***'), words);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
