import type { EmbeddingsAnswer } from '../../core/answer.ts';
import type { OutwardDialect, OutwardEmbeddings, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { EmbeddingsRequest } from '../../core/request.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import { errorInside, readError } from '../openai/errors.ts';
import { present } from '../openai/request-fields.ts';
import { checkParams } from '../params.ts';
import { formOf, type VectorsForm } from './forms.ts';

/** Providers that turn texts into vectors and rank documents, and do nothing else. */
export const vectors: OutwardDialect = {
  name: 'vectors',
  chat: (_request, { provider }) => {
    throw new InvalidRequestError(`Models of ${provider} turn texts into vectors or rank documents: they do not chat.`, 'model');
  },
  embeddings,
  mostEmbeddingInputs: (target) => formOf(target).mostInputs,
  mustInline: () => false,
  error: readError,
};

/** @throws {InvalidRequestError | UnsupportedParamsError} for token lists, and for a length that vectors cannot have */
function embeddings(request: EmbeddingsRequest, target: Target): OutwardEmbeddings {
  const form = formOf(target);
  const { dimensions, encodingFormat, extras } = request;
  if (form.fixed && dimensions !== undefined) checkParams(['dimensions'], NONE, target);
  const texts = request.input.filter((entry) => typeof entry === 'string');
  if (texts.length < request.input.length) throw new InvalidRequestError(`${target.provider} embeds text, not token lists.`, 'input');
  return {
    path: form.path.replace('{model}', () => target.model.split('/').map(encodeURIComponent).join('/')),
    headers: {},
    body: {
      ...form.defaults,
      ...extras,
      ...(form.withoutModel ? {} : { model: target.model }),
      ...present(form.body({ texts, dimensions, base64: encodingFormat === 'base64' })),
    },
    answer: (body) => answerOf(body, form, texts.length),
  };
}

const NONE: ReadonlySet<string> = new Set();

function answerOf(answer: unknown, form: VectorsForm, count: number): EmbeddingsAnswer {
  if (Array.isArray(answer) && form.listed) return { vectors: checked(form.listed(answer), count) };
  if (!isObject(answer)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  const error = errorInside(answer);
  if (error) throw error;
  const { model } = answer;
  return {
    vectors: checked(form.vectors(answer), count),
    ...present({ model: typeof model === 'string' ? model : undefined, usage: usageOf(answer['usage']) }),
  };
}

/** @throws {MalformedAnswerError} when they are not as many as there are texts */
function checked(found: unknown, count: number): EmbeddingsAnswer['vectors'] {
  if (!Array.isArray(found) || found.length !== count || !found.every(isVector))
    throw new MalformedAnswerError(`The answer does not hold ${count} embedding${count === 1 ? '' : 's'}.`, 'shape');
  return found;
}

function isVector(value: unknown): value is readonly number[] | string {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));
}

/** All tokens are input; some tell nothing but their total. */
function usageOf(usage: unknown): Usage | undefined {
  const told = isObject(usage) ? [usage['prompt_tokens'], usage['total_tokens']] : [];
  const inputTokens = told.find((count): count is number => isTokenCount(count) && count > 0);
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0, raw: usage };
}
