import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { errorInside } from './errors.ts';
import { isGatewayMember } from './members.ts';
import { maybe, missing, numberAt, present, stringAt, wrongType } from './request-fields.ts';
import { readUsage } from './usage.ts';

/**
 * Reads the body of `POST /embeddings`.
 *
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 */
export function readEmbeddingsRequest(body: JsonObject, model: string): EmbeddingsRequest {
  const { input, single } = readInput(body['input']);
  return {
    model,
    input,
    single,
    ...present({
      dimensions: maybe(body['dimensions'], 'dimensions', numberAt),
      encodingFormat: maybe(body['encoding_format'], 'encoding_format', formatAt),
      user: maybe(body['user'], 'user', stringAt),
    }),
    extras: Object.fromEntries(
      Object.entries(body).filter(([name, value]) => !FIELDS.has(name) && !isGatewayMember(name) && value !== null),
    ),
  };
}

const FIELDS: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);

function readInput(value: unknown): Pick<EmbeddingsRequest, 'input' | 'single'> {
  if (value === undefined || value === null) throw missing('input');
  if (typeof value === 'string') return { input: [value], single: true };
  if (!Array.isArray(value)) throw wrongType('input', 'a string or an array', value);
  if (isTokens(value) && value.length > 0) return { input: [value], single: true };
  if (value.every((item) => typeof item === 'string')) return { input: value, single: false };
  if (value.every(isTokens)) return { input: value, single: false };
  throw wrongType('input', 'strings or arrays of tokens', value);
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function formatAt(value: unknown, param: string): 'float' | 'base64' {
  if (value === 'float' || value === 'base64') return value;
  throw new InvalidRequestError(`Invalid value for '${param}'. Supported values are: 'float' and 'base64'.`, param);
}

/** An embeddings call to an OpenAI-shaped provider. `encoding_format` goes only when the client sent it: local servers reject it. */
export function writeEmbeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const input: unknown = request.single ? request.input[0] : request.input;
  const { dimensions, encodingFormat, user } = request;
  return {
    path: '/embeddings',
    headers: {},
    body: { model: target.model, input, ...present({ dimensions, encoding_format: encodingFormat, user }), ...request.extras },
    answer: readEmbeddingsAnswer,
  };
}

/** @throws {MalformedAnswerError} when there are no vectors */
export function readEmbeddingsAnswer(body: unknown): EmbeddingsAnswer {
  if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  const error = errorInside(body);
  if (error) throw error;
  if (!Array.isArray(body['data'])) throw new MalformedAnswerError('The answer has no embeddings.', 'shape');
  const rows = body['data']
    .filter(isObject)
    .map((row, i) => ({ index: typeof row['index'] === 'number' ? row['index'] : i, vector: vectorOf(row['embedding']) }));
  return {
    vectors: rows.sort((a, b) => a.index - b.index).map((row) => row.vector),
    ...present({ model: typeof body['model'] === 'string' ? body['model'] : undefined, usage: readUsage(body['usage']) }),
  };
}

function vectorOf(value: unknown): readonly number[] | string {
  if (typeof value === 'string' || isTokens(value)) return value;
  // llama.cpp's own route nests the vector once more.
  if (Array.isArray(value) && isTokens(value[0])) return value[0];
  throw new MalformedAnswerError('The answer has an embedding that is neither numbers nor base64.', 'shape');
}

export interface EmbeddingsShape {
  /** Model name for the client. */
  readonly model: string;
  /** What the client asked for; numbers when it did not say. */
  readonly encodingFormat?: 'float' | 'base64';
}

/** The answer of `POST /embeddings` (data-plane 9.6), vectors in the form the client asked for. */
export function writeEmbeddingsAnswer(answer: EmbeddingsAnswer, { model, encodingFormat = 'float' }: EmbeddingsShape): JsonObject {
  const inputTokens = answer.usage?.inputTokens ?? 0;
  return {
    object: 'list',
    data: answer.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encodingFormat === 'base64' ? base64Of(vector) : numbersOf(vector),
    })),
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}

/** Little-endian 32-bit floats, as OpenAI packs them. */
function base64Of(vector: readonly number[] | string): string {
  if (typeof vector === 'string') return vector;
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  return bytes.toString('base64');
}

function numbersOf(vector: readonly number[] | string): readonly number[] {
  if (typeof vector !== 'string') return vector;
  const bytes = Buffer.from(vector, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.readFloatLE(i * 4));
}
