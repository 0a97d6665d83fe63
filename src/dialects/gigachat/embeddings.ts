import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { readEmbeddingsAnswer } from '../openai/embeddings.ts';
import { errorWithin } from './errors.ts';

const OWN_NAMES: ReadonlySet<string> = new Set(['model', 'input']);

/**
 * An embeddings call. Its vectors have one length: `dimensions` and `encoding_format` have no place here and go nowhere.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/post-embeddings (2026-11-26)
 */
export function embeddings({ input, extras }: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const texts = input.filter((each) => typeof each === 'string');
  if (texts.length < input.length) throw new InvalidRequestError('GigaChat embeds text, not token lists.', 'input');
  const own = Object.entries(extras).filter(([name]) => !OWN_NAMES.has(name));
  return {
    path: '/embeddings',
    headers: {},
    body: { ...Object.fromEntries(own), model: target.model, input: texts },
    answer: answerOf,
  };
}

/** Vectors as OpenAI tells them; tokens are counted beside each. */
function answerOf(body: unknown): EmbeddingsAnswer {
  if (!isObject(body)) return readEmbeddingsAnswer(body);
  const error = errorWithin(body);
  if (error) throw error;
  const answer = readEmbeddingsAnswer(body);
  const usage = answer.usage ?? countedIn(body);
  return usage === undefined ? answer : { ...answer, usage };
}

function countedIn(body: JsonObject): Usage | undefined {
  const rows: unknown[] = Array.isArray(body['data']) ? body['data'] : [];
  const counts = rows.map((row) => (isObject(row) && isObject(row['usage']) ? row['usage']['prompt_tokens'] : null));
  if (counts.length === 0 || !counts.every(isTokenCount)) return undefined;
  return { inputTokens: counts.reduce((sum, count) => sum + count, 0), outputTokens: 0 };
}
