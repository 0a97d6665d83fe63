import { expect, test } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import { MalformedAnswerError } from '../../../src/core/provider-error.ts';
import type { EmbeddingsRequest } from '../../../src/core/request.ts';
import { modelNamesOf } from '../../../src/dialects/gemini/models.ts';
import { wireCase } from '../wire-case.ts';
import { gemini, target } from './hub.ts';

const { request: documented, response } = wireCase('gemini/embeddings');

function embed(members: Partial<EmbeddingsRequest> = {}) {
  const request: EmbeddingsRequest = { model: 'e', input: ['eins', 'zwei'], single: false, extras: {}, ...members };
  const outward = gemini.embeddings?.(request, target('gemini-embedding-001'));
  if (!outward) throw new Error('the dialect has no embeddings');
  return outward;
}

test('a batch is written as documented, and answered in order', () => {
  const outward = embed({ dimensions: 2, extras: { input_type: 'search_document' } });
  expect(outward.path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
  expect(outward.body).toEqual(documented);
  expect(outward.answer(response)).toEqual({
    vectors: [
      [0.5, -0.25],
      [1, 0],
    ],
  });
});

test('what a text is embedded for may be said in Google’s words, and further members go along', () => {
  const { requests } = embed({ input: ['a'], single: true, extras: { task_type: 'CLUSTERING', title: 'T', nothing: null } }).body as {
    requests: unknown;
  };
  expect(requests).toEqual([
    { model: 'models/gemini-embedding-001', content: { parts: [{ text: 'a' }] }, taskType: 'CLUSTERING', title: 'T' },
  ]);
});

test('usage is read when it is told', () => {
  const body = { embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: 3 } };
  expect(embed({ input: ['a'] }).answer(body).usage).toMatchObject({ inputTokens: 3, outputTokens: 0 });
});

test('token lists are refused', () => {
  expect(() => embed({ input: [[1, 2]] })).toThrow(InvalidRequestError);
});

test('an answer with too few vectors, or none, is no answer', () => {
  expect(() => embed().answer({ embeddings: [{ values: [1] }] })).toThrow(MalformedAnswerError);
  expect(() => embed().answer({})).toThrow(MalformedAnswerError);
  expect(() => embed().answer({ error: { code: 429, message: 'Slow down', status: 'RESOURCE_EXHAUSTED' } })).toThrow('Slow down');
});

test('the list of models names those that can be called', () => {
  expect(modelNamesOf(wireCase('gemini/models').response)).toEqual(['gemini-2.5-flash', 'gemini-embedding-001', 'tunedModels/mine-1']);
});

test.each([null, {}, { models: null }, { models: [7, {}] }, '<html>'])('%j is no list and has no models', (body) => {
  expect(modelNamesOf(body)).toEqual([]);
});
