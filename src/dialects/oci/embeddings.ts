import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { errorWithin } from './errors.ts';
import { objectOf } from './event.ts';
import { frameOf, ownExtras } from './frame.ts';

/** Most inputs of one call. */
export const MOST_INPUTS = 96;

/** Members that a client's own parameters cannot replace. */
const OWN_NAMES: ReadonlySet<string> = new Set(['inputs', 'embedContents', 'servingMode', 'compartmentId']);

/** Words of Cohere's own API, which has the same models, under Oracle's names. */
const COHERE_NAMES: Readonly<Record<string, string>> = { input_type: 'inputType', truncate: 'truncate' };

/**
 * An embeddings call for `/actions/embedText`. Numbers are asked for also where the client wants base64.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/EmbedTextResult/EmbedText (2026-11-26)
 */
export function embeddings({ input, dimensions, extras }: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const inputs = input.filter((entry) => typeof entry === 'string');
  if (inputs.length < input.length) throw new InvalidRequestError('Oracle embeds text, not token lists.', 'input');
  const [only = ''] = inputs;
  return {
    path: '/20231130/actions/embedText',
    headers: {},
    body: {
      inputType: inputs.length === 1 && isImage(only) ? 'IMAGE' : 'SEARCH_DOCUMENT',
      ...(dimensions === undefined ? {} : { outputDimensions: dimensions }),
      ...ownMembers(extras),
      ...inputMember(inputs),
      ...frameOf(target.model, target.scope),
    },
    answer: (body) => answerOf(body, inputs.length),
  };
}

function ownMembers(extras: Readonly<JsonObject>): JsonObject {
  const given = Object.entries(ownExtras(extras)).filter(([name]) => !OWN_NAMES.has(name));
  return Object.fromEntries(
    given.map(([name, value]) => (COHERE_NAMES[name] === undefined ? [name, value] : [COHERE_NAMES[name], wordOf(value).toUpperCase()])),
  );
}

/** Texts, or a picture alone, as all models take them; a mixture only newer ones take. */
function inputMember(inputs: readonly string[]): JsonObject {
  if (inputs.length === 1 || !inputs.some(isImage)) return { inputs };
  return {
    embedContents: inputs.map((entry) => (isImage(entry) ? { type: 'IMAGE', imageUrl: { url: entry } } : { type: 'TEXT', text: entry })),
  };
}

function isImage(entry: string): boolean {
  return /^data:image\//i.test(entry);
}

function answerOf(body: unknown, count: number): EmbeddingsAnswer {
  const answer = objectOf(body);
  const error = errorWithin(answer);
  if (error) throw error;
  const lists: unknown[] = [
    answer['embeddings'],
    ...Object.values(objectOf(answer['embeddingsByType'])),
    ...Object.values(objectOf(answer['embeddings'])),
  ];
  const vectors = lists.find((list): list is readonly (readonly number[] | string)[] => isListOf(list, count));
  if (vectors === undefined)
    throw new MalformedAnswerError(`The answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape');
  const usage = usageOf(answer['usage']);
  return { vectors, ...(usage === undefined ? {} : { usage }) };
}

function isListOf(list: unknown, count: number): boolean {
  return Array.isArray(list) && list.length === count && list.every(isVector);
}

function isVector(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));
}

/** @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/Usage (2026-11-26) */
function usageOf(raw: unknown): Usage | undefined {
  if (!isObject(raw)) return undefined;
  const { promptTokens, inputTokens, totalTokens } = raw;
  const tokens = [promptTokens, inputTokens, totalTokens].find(isTokenCount);
  return tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0, raw };
}
