import { InvalidRequestError } from '../../../core/errors.ts';
import { stringAt } from '../request-fields.ts';

/** One of a few words. @throws {InvalidRequestError} naming the member */
export function wordAt<T extends string>(value: unknown, param: string, words: readonly T[]): T {
  const given = stringAt(value, param);
  const found = words.find((word) => word === given);
  if (found === undefined) throw unknownWord(given, param, words);
  return found;
}

/** What OpenAI says to a word that it does not know. */
export function unknownWord(given: string, param: string, words: readonly string[]): InvalidRequestError {
  const known = words.map((word) => `'${word}'`);
  const listed = known.length < 3 ? known.join(' and ') : `${known.slice(0, -1).join(', ')}, and ${known.at(-1) ?? ''}`;
  return new InvalidRequestError(`Invalid value: '${given}'. Supported values are: ${listed}.`, param);
}
