import type { OutwardDialect } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { readError } from '../openai/errors.ts';

/** Providers that make images and nothing else: how each is asked stands in its row of the catalogue. */
export const pictures: OutwardDialect = {
  name: 'pictures',
  chat: (_request, { provider, model }) => {
    throw new InvalidRequestError(`${model} of ${provider} makes images: it is asked by /v1/images/generations.`, 'model');
  },
  mustInline: () => false,
  error: readError,
};
