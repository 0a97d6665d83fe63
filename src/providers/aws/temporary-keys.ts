import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { Token } from '../tokens/kept-tokens.ts';
import type { AwsKeys } from './sigv4.ts';

/** Where an answer does not say when its keys end. */
const USUAL_LIFE_MS = 3_600_000;
/** Keys that seem to have ended already: the clock is wrong, or their server is behind; it is asked again soon. */
const LEAST_LIFE_MS = 60_000;

/** What AWS says of keys that it gives for a while. */
export interface ToldKeys {
  readonly id: unknown;
  readonly secret: unknown;
  readonly token: unknown;
  /** A date. */
  readonly expiration: unknown;
}

/** @param nowMs milliseconds since 1970 @param issuer for people @throws {MalformedAnswerError} for what are no keys */
export function temporaryKeys({ id, secret, token, expiration }: ToldKeys, nowMs: number, issuer: string): Token<AwsKeys> {
  if (!isWord(id) || !isWord(secret) || !isWord(token)) throw new MalformedAnswerError(`${issuer} answered without keys.`, 'shape');
  const lifeMs = typeof expiration === 'string' ? Date.parse(expiration) - nowMs : Number.NaN;
  return {
    text: { accessKeyId: id, secretAccessKey: secret, sessionToken: token },
    lifeMs: Number.isNaN(lifeMs) ? USUAL_LIFE_MS : Math.max(LEAST_LIFE_MS, lifeMs),
  };
}

/** What may stand in a header. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}
