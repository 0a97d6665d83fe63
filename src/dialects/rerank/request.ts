import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isGatewayMember } from '../openai/members.ts';
import { booleanAt, listAt, maybe, missing, numberAt, present, stringAt, wrongType } from '../openai/request-fields.ts';

export type RerankDocument = string | JsonObject;

/** A call to rank documents by a query, free of any provider's words. */
export interface RerankRequest {
  readonly query: string;
  readonly documents: readonly RerankDocument[];
  /** Most results that the client wants. */
  readonly topN?: number;
  /** The answer repeats each document. */
  readonly returnDocuments: boolean;
  /** Members of documents by which they are ranked. */
  readonly rankFields?: readonly string[];
  readonly maxChunksPerDoc?: number;
  readonly maxTokensPerDoc?: number;
  /** Members that are none of these: parameters of the provider. */
  readonly extras: JsonObject;
}

/**
 * Reads the body of `POST /rerank`, of either version of Cohere's interface.
 *
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://docs.cohere.com/reference/rerank (read 2026-11-26)
 */
export function readRerankRequest(body: JsonObject): RerankRequest {
  return {
    query: stringAt(body['query'], 'query'),
    documents: readDocuments(body['documents']),
    returnDocuments: maybe(body['return_documents'], 'return_documents', booleanAt) ?? false,
    ...present({
      topN: maybe(body['top_n'], 'top_n', countAt),
      rankFields: maybe(body['rank_fields'], 'rank_fields', textsAt),
      maxChunksPerDoc: maybe(body['max_chunks_per_doc'], 'max_chunks_per_doc', numberAt),
      maxTokensPerDoc: maybe(body['max_tokens_per_doc'], 'max_tokens_per_doc', numberAt),
    }),
    extras: Object.fromEntries(
      Object.entries(body).filter(([name, value]) => !FIELDS.has(name) && !isGatewayMember(name) && value !== null && value !== undefined),
    ),
  };
}

const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'query',
  'documents',
  'top_n',
  'return_documents',
  'rank_fields',
  'max_chunks_per_doc',
  'max_tokens_per_doc',
  'user',
]);

function readDocuments(value: unknown): RerankDocument[] {
  if (value === undefined || value === null) throw missing('documents');
  return listAt(value, 'documents', 'strings or objects').map((document, i) => {
    if (typeof document === 'string' || isObject(document)) return document;
    throw wrongType(`documents[${i}]`, 'a string or an object', document);
  });
}

function countAt(value: unknown, param: string): number {
  const count = numberAt(value, param);
  if (!Number.isInteger(count) || count < 1) throw wrongType(param, 'a whole number above 0', value);
  return count;
}

function textsAt(value: unknown, param: string): string[] {
  return listAt(value, param, 'strings').map((name, i) => stringAt(name, `${param}[${i}]`));
}
