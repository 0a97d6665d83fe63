import type { Target } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';

/** What is asked, ready to be said in a provider's names. */
export interface VectorsAsk {
  readonly texts: readonly string[];
  readonly dimensions: number | undefined;
  readonly base64: boolean;
}

/** How one provider is asked for vectors, and where they stand in its answer, in the order of the texts. */
export interface VectorsForm {
  /** Below the base; `{model}` stands for the model's name. */
  readonly path: string;
  /** Most texts of one call: of more there are several. Absent: no bound is documented. */
  readonly mostInputs?: number;
  /** Members that hold unless the client says otherwise. */
  readonly defaults?: JsonObject;
  /** Members for the body; those that are undefined are left out. */
  readonly body: (ask: VectorsAsk) => JsonObject;
  /** The body does not name the model: its address does. */
  readonly withoutModel?: boolean;
  /** Vectors have the length that they have: `dimensions` is not supported. */
  readonly fixed?: boolean;
  readonly vectors: (answer: JsonObject) => unknown;
  /** The same where the answer is a list. */
  readonly listed?: (answer: readonly unknown[]) => unknown;
}

const IMAGE = /^data:image\//i;

/** @see https://docs.voyageai.com/reference/embeddings-api (read 2026-11-26) */
const VOYAGE: VectorsForm = {
  path: '/embeddings',
  mostInputs: 1000,
  body: ({ texts, dimensions, base64 }) => ({
    input: texts,
    output_dimension: dimensions,
    encoding_format: base64 ? 'base64' : undefined,
  }),
  vectors: ({ data }) => inOrder(data)?.map(({ embedding }) => embedding),
};

/** Chunks that know their document: each text is a document of one. @see https://docs.voyageai.com/reference/contextualized-embeddings-api (read 2026-11-26) */
const VOYAGE_CONTEXT: VectorsForm = {
  path: '/contextualizedembeddings',
  mostInputs: 1000,
  body: ({ texts, dimensions }) => ({ inputs: texts.map((text) => [text]), output_dimension: dimensions }),
  vectors: ({ data }) => inOrder(data)?.map(({ data: chunks }) => inOrder(chunks)?.[0]?.['embedding']),
};

/** @see https://docs.voyageai.com/reference/multimodal-embeddings-api (read 2026-11-26) */
const VOYAGE_MULTIMODAL: VectorsForm = {
  path: '/multimodalembeddings',
  mostInputs: 1000,
  body: ({ texts, dimensions }) => ({
    inputs: texts.map((text) => ({
      content: [IMAGE.test(text) ? { type: 'image_base64', image_base64: text } : { type: 'text', text }],
    })),
    output_dimension: dimensions,
  }),
  vectors: VOYAGE.vectors,
};

/** Pictures stand among the texts as objects. @see https://api.jina.ai/redoc#tag/embeddings (read 2026-11-26) */
const JINA: VectorsForm = {
  path: '/embeddings',
  mostInputs: 512,
  body: ({ texts, dimensions, base64 }) => ({
    input: texts.some((text) => IMAGE.test(text)) ? texts.map((text) => (IMAGE.test(text) ? { image: text } : { text })) : texts,
    dimensions,
    embedding_type: base64 ? 'base64' : undefined,
  }),
  vectors: VOYAGE.vectors,
};

/** @see https://docs.nomic.ai/reference/python-api/embeddings (read 2026-11-26) */
const NOMIC: VectorsForm = {
  path: '/embedding/text',
  mostInputs: 50,
  defaults: { task_type: 'search_document' },
  body: ({ texts, dimensions }) => ({ texts, dimensionality: dimensions }),
  vectors: ({ embeddings }) => embeddings,
};

/** @see https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api/embed-api (read 2026-11-26) */
const SNOWFLAKE: VectorsForm = {
  path: '/cortex/inference:embed',
  body: ({ texts }) => ({ text: texts }),
  vectors: ({ data }) => inOrder(data)?.map(({ embedding }) => unpacked(embedding)),
};

/** A vector that stands in a list of its own. */
function unpacked(vector: unknown): unknown {
  return Array.isArray(vector) && vector.length === 1 && Array.isArray(vector[0]) ? vector[0] : vector;
}

/**
 * Feature extraction of Hugging Face, whose models may tell a vector for each token, and Text Embeddings Inference.
 *
 * @see https://huggingface.co/docs/inference-providers/tasks/feature-extraction (read 2026-11-26)
 */
const HUGGING_FACE: VectorsForm = {
  path: '/feature-extraction',
  mostInputs: 32,
  withoutModel: true,
  body: ({ texts, dimensions }) => ({ inputs: texts, dimensions }),
  vectors: ({ embeddings, embedding }) => pooledAll(embeddings ?? embedding),
  listed: pooledAll,
};

const SAGEMAKER_PATH = '/endpoints/{model}/invocations';

/** Containers with TEI, or with Hugging Face's toolkit. */
const SAGEMAKER: VectorsForm = { ...HUGGING_FACE, path: SAGEMAKER_PATH };

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-foundation-models-use-python-sdk.html (read 2026-11-26) */
const SAGEMAKER_JUMPSTART: VectorsForm = { ...SAGEMAKER, fixed: true, body: ({ texts }) => ({ text_inputs: texts }) };

/** Voyage's models from AWS's marketplace take what Voyage takes. */
const SAGEMAKER_VOYAGE: VectorsForm = { ...VOYAGE, path: SAGEMAKER_PATH, withoutModel: true };

/** A tensor of as many rows as there are texts. @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol (read 2026-11-26) */
const TRITON: VectorsForm = {
  path: '/infer',
  mostInputs: 64,
  withoutModel: true,
  fixed: true,
  body: ({ texts }) => ({ inputs: [{ name: 'input_text', shape: [texts.length], datatype: 'BYTES', data: texts }] }),
  vectors: ({ outputs }) => (Array.isArray(outputs) ? outputs.filter(isObject).flatMap(rowsOf) : undefined),
};

/** @see https://docs.nlpcloud.com/#embeddings (read 2026-11-26) */
const NLP_CLOUD: VectorsForm = {
  path: '/{model}/embeddings',
  mostInputs: 50,
  withoutModel: true,
  fixed: true,
  body: ({ texts }) => ({ sentences: texts }),
  vectors: ({ embeddings }) => embeddings,
};

/** Providers of one form. */
const BY_PROVIDER: Readonly<Record<string, VectorsForm>> = {
  jina_ai: JINA,
  nomic: NOMIC,
  huggingface: HUGGING_FACE,
  triton: TRITON,
  nlp_cloud: NLP_CLOUD,
  snowflake: SNOWFLAKE,
};

/** By the provider's id in the catalogue, and by model. */
export function formOf({ provider, model }: Pick<Target, 'provider' | 'model'>): VectorsForm {
  const known = BY_PROVIDER[provider];
  if (known) return known;
  if (provider === 'sagemaker') return sagemakerForm(model);
  if (model.startsWith('voyage-context')) return VOYAGE_CONTEXT;
  return model.startsWith('voyage-multimodal') ? VOYAGE_MULTIMODAL : VOYAGE;
}

/** What an endpoint holds is told by its name alone. */
function sagemakerForm(name: string): VectorsForm {
  if (/voyage/i.test(name)) return SAGEMAKER_VOYAGE;
  return /textembedding|tcembedding/i.test(name) ? SAGEMAKER_JUMPSTART : SAGEMAKER;
}

/** The rows of a tensor, whose numbers stand in one list. */
function rowsOf({ shape, data }: JsonObject): unknown[] {
  const [rows, width] = Array.isArray(shape) ? (shape as unknown[]) : [];
  if (!Number.isInteger(rows) || !Number.isInteger(width) || !Array.isArray(data)) return [];
  const length = Math.min(rows as number, Math.ceil(data.length / Math.max(1, width as number)));
  return Array.from({ length }, (_, at) => (data as unknown[]).slice(at * (width as number), (at + 1) * (width as number)));
}

/** One text's numbers may come without a list around them. */
function pooledAll(vectors: unknown): unknown {
  if (!Array.isArray(vectors)) return vectors;
  return typeof vectors[0] === 'number' ? [vectors] : vectors.map(pooled);
}

/** The mean of a text's tokens, where each has a vector of its own. */
function pooled(vector: unknown): unknown {
  if (!Array.isArray(vector) || !Array.isArray(vector[0])) return vector;
  const rows = vector as unknown[][];
  if (rows.length === 1 || Array.isArray(rows[0]?.[0])) return pooled(rows[0]);
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, at) => rows.reduce((sum, row) => sum + Number(row[at]), 0) / rows.length);
}

/** Undefined: there is no list. */
function inOrder(list: unknown): JsonObject[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const at = ({ index }: JsonObject): number => (typeof index === 'number' ? index : 0);
  return list.filter(isObject).toSorted((a, b) => at(a) - at(b));
}
