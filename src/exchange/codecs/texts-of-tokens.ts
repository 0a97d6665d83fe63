import { InvalidRequestError } from '../../core/errors.ts';

/** Reads token lists back to text, in the vocabulary of a model; null when they cannot be read. Never rejects. */
export type TextsOfTokens = (model: string, lists: readonly (readonly number[])[]) => Promise<readonly string[] | null>;

/**
 * What a client sent as texts or as their tokens, all as texts.
 *
 * @param model as the client names it: it counted its tokens for that one
 * @param param the member that they stand in
 * @throws {InvalidRequestError} for tokens that are none
 */
export async function textsFrom(
  given: readonly (string | readonly number[])[],
  model: string,
  param: string,
  read: TextsOfTokens,
): Promise<readonly string[]> {
  const lists = given.filter((entry) => typeof entry !== 'string');
  const found = lists.length === 0 ? [] : await read(model, lists);
  if (found === null) throw new InvalidRequestError(`The tokens in '${param}' cannot be read back to text: send text.`, param);
  const texts = found.values();
  return given.map((entry) => (typeof entry === 'string' ? entry : (texts.next().value ?? '')));
}
