import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { errorWithin } from './errors.ts';
import { modelPath } from './model-path.ts';

type Headers = Readonly<Record<string, string>>;

/** How one maker's models are asked, and where the vectors stand in their answers. */
interface Form {
  readonly mostInputs: number;
  body(texts: readonly string[], request: EmbeddingsRequest): JsonObject;
  vectors(answer: JsonObject): unknown;
}

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html (2026-11-26) */
const TITAN: Form = {
  mostInputs: 1,
  body: ([text], { dimensions, extras }) => ({ ...extras, inputText: text, ...(dimensions === undefined ? {} : { dimensions }) }),
  vectors: ({ embedding }) => [embedding],
};

/** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html (2026-11-26) */
const COHERE: Form = {
  mostInputs: 96,
  body: (texts, { dimensions, extras }) => ({
    input_type: 'search_document',
    ...extras,
    texts,
    ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
  }),
  vectors: ({ embeddings }) => (isObject(embeddings) ? Object.values(embeddings).find(Array.isArray) : embeddings),
};

/** @see https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html (2026-11-26) */
const NOVA: Form = {
  mostInputs: 1,
  body: ([value], { dimensions, extras: { embeddingPurpose = 'GENERIC_INDEX', truncationMode = 'END' } }) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose,
      ...(dimensions === undefined ? {} : { embeddingDimension: dimensions }),
      text: { truncationMode, value },
    },
  }),
  vectors: ({ embeddings }) => (Array.isArray(embeddings) ? embeddings.filter(isObject).map(({ embedding }) => embedding) : []),
};

/**
 * An embeddings call by InvokeModel, whose body is the model's own (dialects 4.4).
 *
 * @throws {InvalidRequestError} for models whose body is not known and token lists
 */
export function embeddings(request: EmbeddingsRequest, { model }: Target): OutwardEmbeddings {
  const form = formOf(model);
  const texts = textsOf(request.input);
  return {
    path: modelPath(model, 'invoke'),
    headers: {},
    body: form.body(texts, request),
    answer: (body, headers = {}) => answerOf(body, headers, form, texts.length),
  };
}

function answerOf(body: unknown, headers: Headers, form: Form, count: number): EmbeddingsAnswer {
  if (!isObject(body)) throw new MalformedAnswerError('Bedrock answered with something other than a JSON object.', 'shape');
  const vectors = form.vectors(body);
  if (!areVectors(vectors) || vectors.length !== count) {
    throw (
      errorWithin(body) ?? new MalformedAnswerError(`Bedrock's answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape')
    );
  }
  const usage = usageOf(body, headers);
  return { vectors, ...(usage === undefined ? {} : { usage }) };
}

/** Most inputs of one call: of more, there are several calls. */
export function mostInputs({ model }: Target): number {
  return formOf(model).mostInputs;
}

/** @throws {InvalidRequestError} */
function formOf(model: string): Form {
  if (/titan-embed/.test(model)) return TITAN;
  if (/cohere\.embed/.test(model)) return COHERE;
  if (/nova.*embed/.test(model)) return NOVA;
  throw new InvalidRequestError(`It is not known how Bedrock embeds with ${model}: Titan, Cohere and Nova models are.`, 'model');
}

function textsOf(input: EmbeddingsRequest['input']): readonly string[] {
  const texts = input.filter((entry) => typeof entry === 'string');
  if (texts.length < input.length) throw new InvalidRequestError('Bedrock embeds text, not token lists.', 'input');
  return texts;
}

function areVectors(value: unknown): value is readonly number[][] {
  return Array.isArray(value) && value.every((vector) => Array.isArray(vector) && vector.every((number) => typeof number === 'number'));
}

/** Titan counts in the body, the gate of Bedrock in a header. */
function usageOf({ inputTextTokenCount, inputTokenCount }: JsonObject, headers: Headers): Usage | undefined {
  const counted = [inputTextTokenCount, inputTokenCount, Number(headers['x-amzn-bedrock-input-token-count'] ?? Number.NaN)];
  const inputTokens = counted.find(isTokenCount);
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
}
