import type { EmbeddingsAnswer } from '../../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../../core/dialect.ts';
import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../../core/request.ts';
import { errorWithin } from '../errors.ts';
import { metaUsageOf } from '../usage.ts';

/** Most inputs of one call. */
export const MOST_INPUTS = 96;

/** Members that a client's own parameters cannot replace. */
const OWN_NAMES: ReadonlySet<string> = new Set(['model', 'texts', 'images', 'inputs']);

/**
 * An embeddings call for `POST /v2/embed`. Numbers are asked for also where the client wants base64: of which bytes Cohere's
 * base64 is made is nowhere said.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://docs.cohere.com/reference/embed (read 2026-11-26)
 */
export function embeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const { dimensions, extras } = request;
  const input = textsOf(request.input);
  const own = Object.entries(extras).filter(([name, value]) => !OWN_NAMES.has(name) && value !== null && value !== undefined);
  return {
    path: '/v2/embed',
    headers: {},
    body: {
      model: target.model,
      input_type: input.length === 1 && input.some(isImage) ? 'image' : 'search_document',
      embedding_types: ['float'],
      ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
      ...Object.fromEntries(own),
      ...inputMember(input),
    },
    answer: (body) => answerOf(body, input.length),
  };
}

function textsOf(input: EmbeddingsRequest['input']): readonly string[] {
  const texts = input.filter((entry) => typeof entry === 'string');
  if (texts.length < input.length) throw new InvalidRequestError('Cohere embeds text, not token lists.', 'input');
  return texts;
}

/** Texts; a picture alone, as all models that see take it; or a mixture, which only newer ones take. */
function inputMember(input: readonly string[]): JsonObject {
  if (!input.some(isImage)) return { texts: input };
  if (input.length === 1) return { images: input };
  return { inputs: input.map((entry) => ({ content: [isImage(entry) ? imageContent(entry) : { type: 'text', text: entry }] })) };
}

function imageContent(url: string): JsonObject {
  return { type: 'image_url', image_url: { url } };
}

function isImage(entry: string): boolean {
  return /^data:image\//i.test(entry);
}

function answerOf(body: unknown, count: number): EmbeddingsAnswer {
  const error = isObject(body) ? errorWithin(body) : null;
  if (error) throw error;
  const vectors = isObject(body) ? vectorsIn(body['embeddings']) : null;
  if (vectors?.length !== count) {
    throw new MalformedAnswerError(`Cohere's answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape');
  }
  const usage = isObject(body) ? metaUsageOf(body['meta']) : undefined;
  return { vectors, ...(usage === undefined ? {} : { usage }) };
}

/** The vectors of the first type that the answer has: `{float: [[...]]}`. A client that asks for another gets that. */
function vectorsIn(embeddings: unknown): EmbeddingsAnswer['vectors'] | null {
  const lists = isObject(embeddings) ? Object.values(embeddings).filter(Array.isArray) : [];
  const list: unknown[] = lists.find(({ length }) => length > 0) ?? [];
  return list.every(isVector) ? list : null;
}

function isVector(value: unknown): value is readonly number[] | string {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));
}
