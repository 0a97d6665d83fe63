import type { Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { frameOf } from '../oci/frame.ts';
import { present } from '../openai/request-fields.ts';
import { isDeployment, placeOf } from '../watsonx/place.ts';
import { textsOf } from './documents.ts';
import type { RerankRequest } from './request.ts';

/** What is asked, ready to be said in a provider's names. */
export interface RerankAsk {
  readonly model: string;
  readonly request: RerankRequest;
  /** The documents as texts. */
  readonly texts: readonly string[];
  /** Most results; never more than there are documents. */
  readonly topN: number | undefined;
  /** Where in the owner's account the model is. */
  readonly scope?: Target['scope'];
}

/** How one kind of provider is asked to rank, and where its answer stands. */
export interface RerankShape {
  /** Members for the body; those that are undefined are left out. */
  body(ask: RerankAsk): JsonObject;
  /** Members of the request that only some know. */
  readonly takes?: readonly ('max_chunks_per_doc' | 'max_tokens_per_doc')[];
  /** Path to the list of results; empty: the body is the list. */
  readonly results: readonly string[];
  /** Member of a result that names its document; null: results are scores alone, in the order of the documents. */
  readonly index: string | null;
  readonly score: string;
}

/** What most have: a list of results that name their document and its score. */
const USUAL = { results: ['results'], index: 'index', score: 'relevance_score' } as const;

/** The wires by which providers rank. Which provider has which, and where, is told by the catalogue. */
export const RERANK_SHAPES = {
  /** @see https://docs.cohere.com/reference/rerank (read 2026-11-26) */
  cohere: {
    ...USUAL,
    body: ({ model, request, texts, topN }) => ({
      model,
      query: request.query,
      documents: texts,
      top_n: topN,
      max_tokens_per_doc: request.maxTokensPerDoc,
    }),
    takes: ['max_tokens_per_doc'],
  },
  /** Cohere's first version, as Together and other hosts have it. @see https://docs.cohere.com/v1/reference/rerank (read 2026-11-26) */
  cohere_v1: {
    ...USUAL,
    body: ({ model, request, texts, topN }) => ({
      model,
      query: request.query,
      documents: texts,
      top_n: topN,
      max_chunks_per_doc: request.maxChunksPerDoc,
    }),
    takes: ['max_chunks_per_doc'],
  },
  /** Documents may be pictures: objects go as they are. @see https://api.jina.ai/redoc#tag/rerank (read 2026-11-26) */
  jina: {
    ...USUAL,
    body: ({ model, request, texts, topN }) => ({
      model,
      query: request.query,
      documents: request.rankFields === undefined && request.documents.some(isPicture) ? request.documents : texts,
      top_n: topN,
      return_documents: false,
    }),
  },
  /** Members that only some of these know are not said. @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html (read 2026-11-26) */
  plain: {
    ...USUAL,
    body: ({ model, request, texts, topN }) => ({ model, query: request.query, documents: texts, top_n: topN }),
  },
  /** @see https://docs.voyageai.com/reference/reranker-api (read 2026-11-26) */
  voyage: {
    results: ['data'],
    index: 'index',
    score: 'relevance_score',
    body: ({ model, request, texts, topN }) => ({ model, query: request.query, documents: texts, top_k: topN, return_documents: false }),
  },
  /** Text Embeddings Inference. @see https://huggingface.github.io/text-embeddings-inference (read 2026-11-26) */
  tei: {
    results: [],
    index: 'index',
    score: 'score',
    body: ({ request, texts }) => ({ query: request.query, texts }),
  },
  /** @see https://docs.sglang.ai/supported_models/rerank_models.html (read 2026-11-26) */
  sglang: {
    results: [],
    index: 'index',
    score: 'score',
    body: ({ model, request, texts }) => ({ model, query: request.query, documents: texts }),
  },
  /** Wants as many queries as documents. @see https://deepinfra.com/Qwen/Qwen3-Reranker-0.6B/api (read 2026-11-26) */
  deepinfra: {
    results: ['scores'],
    index: null,
    score: '',
    body: ({ request, texts }) => ({ queries: texts.map(() => request.query), documents: texts }),
  },
  /** Scores are logits. @see https://docs.nvidia.com/nim/nemo-retriever/text-reranking/latest/using-reranking.html (read 2026-11-26) */
  nvidia: {
    results: ['rankings'],
    index: 'index',
    score: 'logit',
    body: ({ model, request, texts }) => ({ model, query: { text: request.query }, passages: texts.map((text) => ({ text })) }),
  },
  /** @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html (read 2026-11-26) */
  bedrock: {
    results: ['results'],
    index: 'index',
    score: 'relevanceScore',
    body: ({ model, request, texts, topN }) => ({
      queries: [{ type: 'TEXT', textQuery: { text: request.query } }],
      sources: texts.map((text) => ({ type: 'INLINE', inlineDocumentSource: { type: 'TEXT', textDocument: { text } } })),
      rerankingConfiguration: {
        type: 'BEDROCK_RERANKING_MODEL',
        bedrockRerankingConfiguration: { modelConfiguration: { modelArn: model }, ...present({ numberOfResults: topN }) },
      },
    }),
  },
  /** @see https://developers.cloudflare.com/workers-ai/models/bge-reranker-base (read 2026-11-26) */
  cloudflare: {
    results: ['result', 'response'],
    index: 'id',
    score: 'score',
    body: ({ request, texts, topN }) => ({ query: request.query, contexts: texts.map((text) => ({ text })), top_k: topN }),
  },
  /** Records are named by their place. @see https://cloud.google.com/generative-ai-app-builder/docs/ranking (read 2026-11-27) */
  vertex: {
    results: ['records'],
    index: 'id',
    score: 'score',
    body: ({ model, request, texts, topN }) => ({
      model,
      query: request.query,
      records: texts.map((content, at) => ({ id: String(at), ...titleOf(request, at), content })),
      topN,
      ignoreRecordDetailsInResponse: true,
    }),
  },
  /** @see https://cloud.ibm.com/apidocs/watsonx-ai#text-rerank (read 2026-11-26) */
  watsonx: {
    results: ['results'],
    index: 'index',
    score: 'score',
    body: ({ model, request: { extras, query }, texts, topN }) => {
      if (isDeployment(model)) throw new InvalidRequestError('watsonx ranks by its own models, and not by deployments.', 'model');
      const { return_options: options, ...given } = objectOf(extras['parameters']);
      return {
        query,
        inputs: texts.map((text) => ({ text })),
        ...placeOf(model, extras).members,
        parameters: { ...given, return_options: { ...objectOf(options), ...present({ top_n: topN }) } },
      };
    },
  },
  /** @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/RerankTextResult/RerankText (read 2026-11-26) */
  oci: {
    results: ['documentRanks'],
    index: 'index',
    score: 'relevanceScore',
    body: ({ model, request, texts, topN, scope }) => ({
      ...frameOf(model, scope),
      input: request.query,
      documents: texts,
      topN,
      maxChunksPerDocument: request.maxChunksPerDoc,
      maxTokensPerDocument: request.maxTokensPerDoc,
    }),
    takes: ['max_chunks_per_doc', 'max_tokens_per_doc'],
  },
} as const satisfies Record<string, RerankShape>;

export type RerankShapeName = keyof typeof RERANK_SHAPES;

/** A document may have a title beside its text. */
function titleOf({ documents, rankFields }: RerankRequest, at: number): JsonObject {
  const document = documents[at];
  const title = isObject(document) && rankFields === undefined && typeof document['text'] === 'string' ? document['title'] : undefined;
  return typeof title === 'string' ? { title } : {};
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function isPicture(document: RerankRequest['documents'][number]): boolean {
  return typeof document !== 'string' && typeof document['image'] === 'string';
}

/** The body of a request, what the client says in the provider's own words included. */
export function writeRerank(shape: RerankShape, { model, scope }: Pick<RerankAsk, 'model' | 'scope'>, request: RerankRequest): JsonObject {
  const texts = textsOf(request);
  const topN = request.topN === undefined ? undefined : Math.min(request.topN, texts.length);
  return { ...request.extras, ...present(shape.body({ model, request, texts, topN, scope })) };
}

/** Members of the request that providers of this shape do not know. Results are cut, and documents chosen from, here. */
export function unknownToShape({ takes = [] }: RerankShape, request: RerankRequest): string[] {
  const asked = { max_chunks_per_doc: request.maxChunksPerDoc, max_tokens_per_doc: request.maxTokensPerDoc };
  const known: readonly string[] = takes;
  return Object.entries(asked).flatMap(([name, value]) => (value === undefined || known.includes(name) ? [] : [name]));
}
