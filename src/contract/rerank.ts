import { z } from 'zod';

/** `POST /v1/rerank` and `/v2/rerank`, as Cohere has them. Every other member goes to the provider as it came. */
export const RerankBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment.'),
    query: z.string(),
    documents: z.array(z.union([z.string(), z.looseObject({ text: z.string().optional() })])).describe('What is sorted.'),
    top_n: z.int().optional().describe('Most results; all of them when absent.'),
    return_documents: z.boolean().optional().describe('Repeat each document in its result.'),
    rank_fields: z.array(z.string()).optional().describe('Members of documents that count; `text` or all of them when absent.'),
    max_chunks_per_doc: z.int().optional(),
    max_tokens_per_doc: z.int().optional(),
    user: z.string().optional().describe('End user, for the spend rows.'),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'RerankRequest' });

export const RerankAnswer = z
  .object({
    id: z.string(),
    results: z.array(
      z.object({
        index: z.int().describe('Place of the document in the request.'),
        relevance_score: z.number().describe("As the provider scores: from 0 to 1 for most, logits at NVIDIA's."),
        document: z.looseObject({}).optional(),
      }),
    ),
    meta: z.object({
      api_version: z.object({ version: z.string() }),
      billed_units: z.object({ search_units: z.number() }).optional(),
      tokens: z.object({ input_tokens: z.int() }).optional(),
    }),
  })
  .meta({ id: 'Rerank' });
