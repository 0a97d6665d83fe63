import { z } from 'zod';
import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { errorWithin } from './errors.ts';
import { methodPath, resourceName } from './studio.ts';
import { usageOf } from './usage.ts';

/** Most texts of one batch. */
export const MOST_INPUTS = 100;

const Vectors = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  usageMetadata: z.unknown().optional(),
});

/**
 * An embeddings call for `:batchEmbedContents`. Google knows numbers only, so base64 is made behind it.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://ai.google.dev/api/embeddings (2026-11-26)
 */
export function embeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const texts = textsOf(request.input);
  const wish = wishOf(request);
  const model = resourceName(target.model);
  return {
    path: methodPath(target.model, 'batchEmbedContents'),
    headers: {},
    body: { requests: texts.map((text) => ({ model, content: { parts: [{ text }] }, ...wish })) },
    answer: (body) => answerOf(body, texts.length),
  };
}

export function textsOf(input: EmbeddingsRequest['input']): readonly string[] {
  const texts = input.filter((entry) => typeof entry === 'string');
  if (texts.length < input.length) throw new InvalidRequestError('Gemini embeds text, not token lists.', 'input');
  return texts;
}

/** What holds for each text: `task_type` in Google's words, or `input_type` in those of others. */
export function wishOf({ dimensions, extras }: EmbeddingsRequest): JsonObject {
  const { task_type: snake, taskType = snake, input_type: inputType, output_dimensionality: size, ...others } = extras;
  const task = taskType ?? (typeof inputType === 'string' ? (TASKS[inputType] ?? inputType) : undefined);
  const outputDimensionality = dimensions ?? size;
  return {
    ...(task === undefined || task === null ? {} : { taskType: task }),
    ...(outputDimensionality === undefined || outputDimensionality === null ? {} : { outputDimensionality }),
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null)),
  };
}

/** Words of Cohere and Voyage for what a text is embedded for. */
const TASKS: Readonly<Record<string, string>> = {
  query: 'RETRIEVAL_QUERY',
  search_query: 'RETRIEVAL_QUERY',
  document: 'RETRIEVAL_DOCUMENT',
  search_document: 'RETRIEVAL_DOCUMENT',
  passage: 'RETRIEVAL_DOCUMENT',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
};

function answerOf(body: unknown, count: number): EmbeddingsAnswer {
  const error = errorWithin(body);
  if (error) throw error;
  const read = Vectors.safeParse(body);
  if (!read.success || read.data.embeddings.length !== count) {
    throw new MalformedAnswerError(`Gemini's answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape', read.error);
  }
  const usage = usageOf(read.data.usageMetadata);
  return { vectors: read.data.embeddings.map(({ values }) => values), ...(usage === undefined ? {} : { usage }) };
}
