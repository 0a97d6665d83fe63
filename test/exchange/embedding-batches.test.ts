import { expect, test } from 'vitest';
import type { EmbeddingsRequest } from '../../src/core/request.ts';
import { createCohere } from '../../src/dialects/cohere/index.ts';
import { createGemini } from '../../src/dialects/gemini/index.ts';
import { ollama } from '../../src/dialects/ollama/index.ts';
import { openai } from '../../src/dialects/openai/index.ts';
import { target } from '../dialects/targets.ts';
import { batchesOf, joinedBatches } from '../../src/exchange/codecs/embedding-batches.ts';

const request = (input: EmbeddingsRequest['input']): EmbeddingsRequest => ({ model: 'm', input, single: false, dimensions: 2, extras: {} });

test('a request that is small enough, or knows no bound, stays as it is', () => {
  const small = request(['a', 'b']);
  expect(batchesOf(small, 2)).toEqual([small]);
  expect(batchesOf(small, undefined)).toEqual([small]);
  expect(batchesOf(request([]), 2)).toHaveLength(1);
});

test('a larger one becomes several that differ in their inputs alone', () => {
  expect(batchesOf(request(['a', 'b', 'c', 'd', 'e']), 2)).toEqual([request(['a', 'b']), request(['c', 'd']), request(['e'])]);
});

test('each dialect that has a bound tells it', () => {
  const bounds = [createCohere(), createGemini(), openai, ollama].map(({ mostEmbeddingInputs: most }) =>
    typeof most === 'function' ? most(target('gemini', 'm')) : most,
  );
  expect(bounds).toEqual([96, 100, undefined, undefined]);
});

test('their answers are one, in order', () => {
  const answers = [
    { model: 'n', vectors: [[1], [2]], usage: { inputTokens: 3, outputTokens: 0, imageInputTokens: 1, raw: 'x' } },
    { vectors: [[3]], usage: { inputTokens: 4, outputTokens: 0, raw: 'y' } },
  ];
  expect(joinedBatches(answers)).toEqual({
    model: 'n',
    vectors: [[1], [2], [3]],
    usage: { inputTokens: 7, outputTokens: 0, imageInputTokens: 1, raw: ['x', 'y'] },
  });
});

test('what one of them did not count is not counted in part', () => {
  const usage = { inputTokens: 3, outputTokens: 0 };
  expect(joinedBatches([{ vectors: [[1]], usage }, { vectors: [[2]] }])).toEqual({ vectors: [[1], [2]] });
});
