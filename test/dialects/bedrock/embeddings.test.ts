import { describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import { MalformedAnswerError } from '../../../src/core/provider-error.ts';
import type { EmbeddingsRequest } from '../../../src/core/request.ts';
import { embeddings, mostInputs } from '../../../src/dialects/bedrock/embeddings.ts';
import { wireCase } from '../wire-case.ts';
import { targetOf } from './asking.ts';

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-multilingual-v3';
const NOVA = 'amazon.nova-2-multimodal-embeddings-v1:0';

function ask(model: string, request: Partial<EmbeddingsRequest>) {
  return embeddings({ model: 'm', input: ['Why is the sky blue?'], single: false, extras: {}, ...request }, targetOf({ model }));
}

test('Titan embeds one text and counts it', () => {
  const outward = ask(TITAN, { dimensions: 256, extras: { normalize: true } });
  expect(outward.path).toBe('/model/amazon.titan-embed-text-v2%3A0/invoke');
  expect(outward.body).toEqual(wireCase('bedrock/titan-embedding').request);
  expect(outward.answer(wireCase('bedrock/titan-embedding').response)).toEqual({
    vectors: [[0.01, -0.5, 0.25]],
    usage: { inputTokens: 6, outputTokens: 0 },
  });
});

test('Cohere embeds several, and a header counts them', () => {
  const outward = ask(COHERE, { input: ['a', 'b'], extras: { input_type: 'search_query', truncate: 'END' } });
  const { about, request, response } = wireCase('bedrock/cohere-embeddings');
  expect(outward.body).toEqual(request);
  expect(outward.answer(response, about.headers)).toEqual({
    vectors: [
      [0.5, -0.25],
      [0.125, 1],
    ],
    usage: { inputTokens: 4, outputTokens: 0 },
  });
  expect(outward.answer({ embeddings: { float: [[1], [2]] } }).vectors).toEqual([[1], [2]]);
});

test('Nova embeds one text', () => {
  const outward = ask(NOVA, { dimensions: 1024, extras: { embeddingPurpose: 'TEXT_RETRIEVAL' } });
  expect(outward.body).toEqual({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose: 'TEXT_RETRIEVAL',
      embeddingDimension: 1024,
      text: { truncationMode: 'END', value: 'Why is the sky blue?' },
    },
  });
  expect(outward.answer({ embeddings: [{ embeddingType: 'TEXT', embedding: [1, 2] }] })).toEqual({ vectors: [[1, 2]] });
});

test('of more inputs than a model takes there are several calls', () => {
  expect([TITAN, COHERE, NOVA].map((model) => mostInputs(targetOf({ model })))).toEqual([1, 96, 1]);
});

describe('what cannot be embedded', () => {
  test('token lists, and models of whom nothing is known', () => {
    expect(() => ask(TITAN, { input: [[1, 2]] })).toThrow(InvalidRequestError);
    expect(() => ask('amazon.nova-lite-v1:0', {})).toThrow(expect.objectContaining({ param: 'model' }));
  });

  test.each([null, {}, { embedding: 'x' }, { embedding: ['x'] }])('an answer of %j is malformed', (body) => {
    expect(() => ask(TITAN, {}).answer(body)).toThrow(MalformedAnswerError);
  });

  test('an error inside a 200 is one', () => {
    expect(() => ask(TITAN, {}).answer({ __type: 'ThrottlingException', message: 'Slow' })).toThrow(
      expect.objectContaining({ name: 'ProviderError', status: 429 }),
    );
  });
});
