import type { JsonObject } from '../../core/json-object.ts';
import type { Usage } from '../../core/usage.ts';
import type { RerankAnswer } from './answer.ts';
import type { RerankDocument, RerankRequest } from './request.ts';

/** The answer of `POST /rerank` in the words of Cohere's second version (data-plane 9.11). @param id where the provider gave none */
export function writeRerankAnswer({ id: own, ranks, usage }: RerankAnswer, request: RerankRequest, id: string): JsonObject {
  return {
    id: own ?? id,
    results: ranks.map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(request.returnDocuments ? { document: shown(request.documents[index] ?? '') } : {}),
    })),
    meta: { api_version: { version: '2' }, ...metaOf(usage) },
  };
}

function shown(document: RerankDocument): JsonObject {
  return typeof document === 'string' ? { text: document } : document;
}

function metaOf(usage: Usage | undefined): JsonObject {
  const { searchUnits, inputTokens = 0 } = usage ?? {};
  return {
    ...(searchUnits === undefined ? {} : { billed_units: { search_units: searchUnits } }),
    ...(inputTokens === 0 ? {} : { tokens: { input_tokens: inputTokens } }),
  };
}
