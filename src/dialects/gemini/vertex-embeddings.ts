import { z } from 'zod';
import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import type { Usage } from '../../core/usage.ts';
import { textsOf, wishOf } from './embeddings.ts';
import { errorWithin } from './errors.ts';
import { typeByExtension } from './media-types.ts';
import { usageOf } from './usage.ts';

/** How a family of models at Vertex AI embeds. */
interface Way {
  readonly method: 'predict' | 'embedContent';
  /** Most texts of one request. */
  readonly most: number;
  body(texts: readonly string[], request: EmbeddingsRequest): JsonObject;
  answer(body: unknown): EmbeddingsAnswer | null;
}

/**
 * An embeddings call for Vertex AI.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 */
export function vertexEmbeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const texts = textsOf(request.input);
  const way = wayOf(target.model);
  return {
    path: `:${way.method}`,
    headers: {},
    body: way.body(texts, request),
    answer: (body) => {
      const error = errorWithin(body);
      if (error) throw error;
      const answer = way.answer(body);
      if (answer?.vectors.length !== texts.length)
        throw new MalformedAnswerError(
          `Vertex AI's answer does not hold ${texts.length} embedding${texts.length === 1 ? '' : 's'}.`,
          'shape',
        );
      return answer;
    },
  };
}

export function mostVertexInputs(model: string): number {
  return wayOf(model).most;
}

function wayOf(model: string): Way {
  if (/^gemini-embedding-(?!001|exp)/.test(model)) return BY_CONTENT;
  if (model.startsWith('multimodalembedding')) return MULTIMODAL;
  // The first model of Gemini's takes one text a request; its elders take many.
  return model.startsWith('gemini-embedding') ? { ...TEXT, most: 1 } : TEXT;
}

const TextPredictions = z.object({
  predictions: z.array(z.object({ embeddings: z.object({ values: z.array(z.number()), statistics: z.unknown().optional() }) })),
});
const Statistics = z.object({ token_count: z.number().nonnegative() });

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api (2026-11-26) */
const TEXT: Way = {
  method: 'predict',
  most: 250,
  body(texts, request) {
    const { taskType: task_type, outputDimensionality, title, auto_truncate: snake, autoTruncate = snake, ...others } = wishOf(request);
    const parameters = given({ outputDimensionality, autoTruncate, ...others });
    return {
      instances: texts.map((content) => given({ content, task_type, title })),
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    };
  },
  answer(body) {
    const read = TextPredictions.safeParse(body);
    if (!read.success) return null;
    const all = read.data.predictions.map(({ embeddings }) => embeddings);
    const usage = counted(all.map(({ statistics }) => statistics));
    return { vectors: all.map(({ values }) => values), ...(usage === undefined ? {} : { usage }) };
  },
};

function counted(statistics: readonly unknown[]): Usage | undefined {
  const counts = statistics.flatMap((one) => Statistics.safeParse(one).data?.token_count ?? []);
  if (counts.length < statistics.length || counts.length === 0) return undefined;
  return { inputTokens: counts.reduce((sum, count) => sum + count, 0), outputTokens: 0, raw: statistics };
}

const Content = z.object({ embedding: z.object({ values: z.array(z.number()) }), usageMetadata: z.unknown().optional() });

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/models/gemini/embedding-2 (2026-11-26) */
const BY_CONTENT: Way = {
  method: 'embedContent',
  most: 1,
  body(texts, request) {
    const embedContentConfig = wishOf(request);
    return {
      content: { role: 'user', parts: texts.map((text) => mediumIn(text) ?? { text }) },
      ...(Object.keys(embedContentConfig).length === 0 ? {} : { embedContentConfig }),
    };
  },
  answer(body) {
    const read = Content.safeParse(body);
    if (!read.success) return null;
    const usage = usageOf(read.data.usageMetadata);
    return { vectors: [read.data.embedding.values], ...(usage === undefined ? {} : { usage }) };
  },
};

const Vector = z.array(z.number());
const MultimodalPredictions = z.object({
  predictions: z.array(
    z.object({
      textEmbedding: Vector.optional(),
      imageEmbedding: Vector.optional(),
      videoEmbeddings: z.array(z.object({ embedding: Vector })).optional(),
    }),
  ),
});

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/multimodal-embeddings-api (2026-11-26) */
const MULTIMODAL: Way = {
  method: 'predict',
  most: 1,
  body(texts, request) {
    const { outputDimensionality: dimension, taskType: _task, ...others } = wishOf(request);
    const parameters = given({ dimension, ...others });
    return { instances: texts.map(instanceOf), ...(Object.keys(parameters).length === 0 ? {} : { parameters }) };
  },
  answer(body) {
    const read = MultimodalPredictions.safeParse(body);
    if (!read.success) return null;
    const vectors = read.data.predictions.flatMap(({ textEmbedding, imageEmbedding, videoEmbeddings }) => {
      const vector = textEmbedding ?? imageEmbedding ?? videoEmbeddings?.[0]?.embedding;
      return vector === undefined ? [] : [vector];
    });
    return { vectors };
  },
};

const DATA_URL = /^data:(?<type>[\w.+/-]+);base64,(?<data>.+)$/s;

/** A text, or a picture or a film by its bytes or its place in Cloud Storage. */
function instanceOf(input: string): JsonObject {
  const inline = DATA_URL.exec(input)?.groups;
  if (inline) return { [inline['type']?.startsWith('video/') ? 'video' : 'image']: { bytesBase64Encoded: inline['data'] } };
  if (!input.startsWith('gs://')) return { text: input };
  return { [/\.(?:mp4|mov|mpe?g|avi|wmv|mkv|flv|webm)$/i.test(input) ? 'video' : 'image']: { gcsUri: input } };
}

function mediumIn(input: string): JsonObject | null {
  const inline = DATA_URL.exec(input)?.groups;
  if (inline) return { inlineData: { mimeType: inline['type'], data: inline['data'] } };
  const mimeType = input.startsWith('gs://') ? typeByExtension(input) : undefined;
  return mimeType === undefined ? null : { fileData: { mimeType, fileUri: input } };
}

function given(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}
