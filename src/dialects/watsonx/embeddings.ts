import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { isTokenCount } from '../../core/usage.ts';
import { placeOf } from './place.ts';

/** Most inputs of one call. */
export const MOST_INPUTS = 1000;

const OWN_NAMES: ReadonlySet<string> = new Set(['inputs', 'model_id', 'project_id', 'space_id']);

/**
 * An embeddings call. `dimensions` has no place here and goes nowhere.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#text-embeddings (2026-11-26)
 */
export function embeddings({ input, extras }: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const inputs = input.filter((each) => typeof each === 'string');
  if (inputs.length < input.length) throw new InvalidRequestError('watsonx embeds text, not token lists.', 'input');
  const { path, members } = placeOf(target.model, extras);
  const own = Object.entries(extras).filter(([name]) => !OWN_NAMES.has(name));
  return {
    path: `${path}/text/embeddings`,
    headers: {},
    body: { ...Object.fromEntries(own), inputs, ...members },
    answer: (body) => answerOf(body, inputs.length),
  };
}

function answerOf(body: unknown, count: number): EmbeddingsAnswer {
  const results: unknown[] = isObject(body) && Array.isArray(body['results']) ? body['results'] : [];
  const vectors = results.map((result) => (isObject(result) ? result['embedding'] : null)).filter(isVector);
  if (vectors.length !== count)
    throw new MalformedAnswerError(`The answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape');
  const tokens = isObject(body) ? body['input_token_count'] : null;
  return { vectors, ...(isTokenCount(tokens) ? { usage: { inputTokens: tokens, outputTokens: 0 } } : {}) };
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}
