import { z } from 'zod';
import type { EmbeddingsAnswer } from '../../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../../core/request.ts';
import { isTokenCount } from '../../../core/usage.ts';
import { errorWithin } from '../errors.ts';
import { withExtras } from '../options.ts';

const Vectors = z.object({
  model: z.string().nullish(),
  embeddings: z.array(z.array(z.number())),
  prompt_eval_count: z.number().nullish(),
});

/**
 * An embeddings call for `POST /api/embed`. Ollama knows numbers only, so base64 is made behind it.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md (read 2026-11-26)
 */
export function embeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const input = textsOf(request.input);
  const { options, top } = withExtras(request.extras, {});
  return {
    path: '/api/embed',
    headers: {},
    body: {
      model: target.model,
      input,
      ...(request.dimensions === undefined ? {} : { dimensions: request.dimensions }),
      ...(options === null ? {} : { options }),
      ...top,
    },
    answer: (body) => answerOf(body, input.length),
  };
}

function textsOf(input: EmbeddingsRequest['input']): readonly string[] {
  const texts = input.filter((entry) => typeof entry === 'string');
  if (texts.length < input.length) throw new InvalidRequestError('Ollama embeds text, not token lists.', 'input');
  return texts;
}

function answerOf(body: unknown, count: number): EmbeddingsAnswer {
  const error = isObject(body) ? errorWithin(body) : null;
  if (error) throw error;
  const read = Vectors.safeParse(body);
  if (!read.success || read.data.embeddings.length !== count) {
    throw new MalformedAnswerError(`Ollama's answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape', read.error);
  }
  const { model, embeddings: vectors, prompt_eval_count } = read.data;
  return {
    vectors,
    ...(model ? { model } : {}),
    ...(isTokenCount(prompt_eval_count) ? { usage: { inputTokens: prompt_eval_count, outputTokens: 0, raw: { prompt_eval_count } } } : {}),
  };
}
