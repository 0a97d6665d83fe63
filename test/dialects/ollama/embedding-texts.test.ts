import { expect, test } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import type { EmbeddingsRequest } from '../../../src/core/request.ts';
import type { OutwardEmbeddings } from '../../../src/core/dialect.ts';
import { ollama } from '../../../src/dialects/ollama/index.ts';
import { wireCase } from '../wire-case.ts';
import { targetOf } from './asking.ts';

const documented = wireCase('ollama/embeddings');
const TEXTS = ['Why is the sky blue?', 'Why is the grass green?'];

function embed(request: Partial<EmbeddingsRequest>): OutwardEmbeddings {
  const call = ollama.embeddings?.(
    { model: 'local', input: TEXTS, single: false, extras: {}, ...request },
    targetOf({ model: 'all-minilm' }),
  );
  if (!call) throw new Error('no embeddings');
  return call;
}

test('the request is said as documented', () => {
  const call = embed({ dimensions: 3, encodingFormat: 'base64', user: 'ann', extras: { num_ctx: 512, truncate: false, keep_alive: -1 } });
  expect(call.path).toBe('/api/embed');
  expect(call.body).toEqual(documented.request);
});

test('the answer has a vector for each text and the tokens read', () => {
  expect(embed({}).answer(documented.response)).toEqual({
    model: 'all-minilm',
    vectors: [
      [0.01, -0.5, 0.25],
      [-0.01, 0.06, 0.125],
    ],
    usage: { inputTokens: 16, outputTokens: 0, raw: { prompt_eval_count: 16 } },
  });
});

test('an answer without a count has no usage', () => {
  expect(embed({ input: ['a'] }).answer({ embeddings: [[1]] })).toEqual({ vectors: [[1]] });
});

test('an answer with a vector too few is malformed', () => {
  expect(() => embed({}).answer({ embeddings: [[1]] })).toThrow('does not hold 2 embeddings');
});

test('an error inside a 200 is an error', () => {
  expect(() => embed({}).answer({ error: 'loading failed' })).toThrow('loading failed');
});

test('token lists are refused: they belong to another tokenizer', () => {
  expect(() => embed({ input: [[1, 2]] })).toThrow(InvalidRequestError);
});
