import type { OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { readEmbeddingsAnswer } from '../openai/embeddings.ts';
import { errorWithin } from './errors.ts';

/** Extras with a place of their own; the others are parameters of the model. */
const PLACED: ReadonlySet<string> = new Set(['model_version', 'masking', 'input_type', 'type']);

/**
 * An embeddings call. Texts are no templates here.
 *
 * @throws {InvalidRequestError} for token lists, which mean nothing to another model's tokenizer
 * @see https://help.sap.com/docs/sap-ai-core/generative-ai/embeddings (2026-11-26)
 */
export function embeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const { input, dimensions, encodingFormat, extras } = request;
  const texts = input.filter((each) => typeof each === 'string');
  if (texts.length < input.length) throw new InvalidRequestError('SAP embeds text, not token lists.', 'input');
  const params = {
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(encodingFormat === undefined ? {} : { encoding_format: encodingFormat }),
    ...Object.fromEntries(Object.entries(extras).filter(([name]) => !PLACED.has(name))),
  };
  const { model_version: version, masking, input_type: kind, type = kind } = extras;
  const model = {
    name: target.model,
    ...(version === undefined ? {} : { version }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
  };
  return {
    path: '/v2/embeddings',
    headers: {},
    body: {
      config: { modules: { embeddings: { model }, ...(masking === undefined ? {} : { masking }) } },
      input: { text: texts, ...(type === undefined ? {} : { type }) },
    },
    answer: (body) => readEmbeddingsAnswer(resultOf(body)),
  };
}

function resultOf(body: unknown): unknown {
  const frame: JsonObject = isObject(body) ? body : {};
  const error = errorWithin(frame);
  if (error) throw error;
  return frame['final_result'];
}
