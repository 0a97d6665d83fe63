import type { EmbeddingsAnswer } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { EmbeddingsRequest } from '../../../core/request.ts';
import type { Usage } from '../../../core/usage.ts';
import { present } from '../../openai/request-fields.ts';
import { camelCased } from '../camel-case.ts';
import { eachAt, maybe, objectAt, refused, stringAt, wholeAt } from './fields.ts';
import { detailsOf } from './write-usage.ts';

interface Wish {
  readonly text: string;
  readonly taskType: string | undefined;
  readonly dimensions: number | undefined;
}

/**
 * Reads the body of `:embedContent`, or of `:batchEmbedContents` with its `requests`. Other providers embed texts, all of them
 * in the same way; what a text is embedded for is told in words of others (`input_type`).
 *
 * @param model public name the call is for, after aliases
 * @throws {InvalidRequestError} naming the member
 * @see https://ai.google.dev/api/embeddings (2026-11-26)
 */
export function readEmbedRequest(given: JsonObject, model: string): EmbeddingsRequest {
  const body = camelCased(given);
  const single = !isBatch(given);
  const wishes = single ? [readWish(body, '')] : eachAt(body['requests'], 'requests', (raw, path) => readWish(raw, `${path}.`));
  const [first] = wishes;
  if (!first) throw refused('requests', 'at least one request is required.');
  const odd = wishes.findIndex(({ taskType, dimensions }) => taskType !== first.taskType || dimensions !== first.dimensions);
  if (odd !== -1) throw refused(`requests[${odd}]`, 'all requests to this model must have the same taskType and outputDimensionality.');
  const task = INPUT_TYPES[first.taskType ?? ''];
  return {
    model,
    single,
    input: wishes.map(({ text }) => text),
    ...present({ dimensions: first.dimensions }),
    extras: task === undefined ? {} : { input_type: task },
  };
}

export function isBatch(body: Readonly<JsonObject>): boolean {
  return body['requests'] !== undefined;
}

/** Words of Cohere, also on Bedrock, for Google's. */
const INPUT_TYPES: Readonly<Record<string, string>> = {
  RETRIEVAL_QUERY: 'search_query',
  QUESTION_ANSWERING: 'search_query',
  CODE_RETRIEVAL_QUERY: 'search_query',
  RETRIEVAL_DOCUMENT: 'search_document',
  CLASSIFICATION: 'classification',
  CLUSTERING: 'clustering',
};

function readWish(raw: JsonObject, before: string): Wish {
  const content = objectAt(raw['content'], `${before}content`);
  const texts = eachAt(content['parts'], `${before}content.parts`, (part, path) => stringAt(part['text'], `${path}.text`));
  return {
    text: texts.join('\n'),
    taskType: maybe(raw['taskType'], `${before}taskType`, stringAt),
    dimensions: maybe(raw['outputDimensionality'], `${before}outputDimensionality`, wholeAt),
  };
}

/** The answer of either method. */
export function writeEmbedAnswer({ vectors, usage }: EmbeddingsAnswer, single: boolean): JsonObject {
  const embeddings = vectors.map((values) => ({ values }));
  return { ...(single ? { embedding: embeddings[0] } : { embeddings }), ...(usage === undefined ? {} : { usageMetadata: usageOf(usage) }) };
}

function usageOf({ inputTokens }: Usage): JsonObject {
  return { promptTokenCount: inputTokens, promptTokenDetails: detailsOf(inputTokens) };
}
