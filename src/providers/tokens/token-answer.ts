import { isObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { Token } from './kept-tokens.ts';

/** Where an answer does not say how long its token holds. */
const USUAL_LIFE_S = 3600;

/** The token of `{access_token, expires_in}`, as OAuth's answers are. @param issuer for people @throws {MalformedAnswerError} */
export function tokenIn(answer: unknown, issuer: string): Token {
  const { access_token: text, expires_in: life } = isObject(answer) ? answer : {};
  const seconds = Number(life);
  return tokenOf(text, Number.isFinite(seconds) ? seconds * 1000 : 0, issuer);
}

/** @param lifeMs 0 or less: it is not said @throws {MalformedAnswerError} for what is no token */
export function tokenOf(text: unknown, lifeMs: number, issuer: string): Token {
  if (typeof text !== 'string' || text === '' || /[^\x21-\x7e]/.test(text))
    throw new MalformedAnswerError(`${issuer} answered without a token.`, 'shape');
  return { text, lifeMs: lifeMs > 0 ? lifeMs : USUAL_LIFE_S * 1000 };
}
