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
  readonly path: string;
  /** Most texts of one call: of more there are several. Absent: no bound is documented. */
  readonly mostInputs?: number;
  /** Members that hold unless the client says otherwise. */
  readonly defaults?: JsonObject;
  /** Members for the body; those that are undefined are left out. */
  readonly body: (ask: VectorsAsk) => JsonObject;
  readonly vectors: (answer: JsonObject) => unknown;
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

/** By the provider's id in the catalogue, and by model. */
export function formOf({ provider, model }: Pick<Target, 'provider' | 'model'>): VectorsForm {
  if (provider === 'jina_ai') return JINA;
  if (provider === 'nomic') return NOMIC;
  if (provider === 'snowflake') return SNOWFLAKE;
  if (model.startsWith('voyage-context')) return VOYAGE_CONTEXT;
  return model.startsWith('voyage-multimodal') ? VOYAGE_MULTIMODAL : VOYAGE;
}

/** Undefined: there is no list. */
function inOrder(list: unknown): JsonObject[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const at = ({ index }: JsonObject): number => (typeof index === 'number' ? index : 0);
  return list.filter(isObject).toSorted((a, b) => at(a) - at(b));
}
