import { describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import { MalformedAnswerError, ProviderError } from '../../../src/core/provider-error.ts';
import { readEmbeddingsAnswer, readEmbeddingsRequest, writeEmbeddingsAnswer } from '../../../src/dialects/openai/embeddings.ts';
import { openai } from '../../../src/dialects/openai/index.ts';
import { target } from '../targets.ts';

describe('embeddings', () => {
  test.each([
    ['a', ['a'], true],
    [['a', 'b'], ['a', 'b'], false],
    [[1, 2], [[1, 2]], true],
    [[[1], [2, 3]], [[1], [2, 3]], false],
  ])('input %j', (input, list, single) => {
    const request = readEmbeddingsRequest(
      { input, dimensions: 8, encoding_format: 'base64', user: 'u', input_type: 'query', metadata: {} },
      'm',
    );
    expect(request).toEqual({
      model: 'm',
      input: list,
      single,
      dimensions: 8,
      encodingFormat: 'base64',
      user: 'u',
      extras: { input_type: 'query' },
    });
    expect(openai.embeddings?.(request, target('openai', 'up')).body).toEqual({
      model: 'up',
      input,
      dimensions: 8,
      encoding_format: 'base64',
      user: 'u',
      input_type: 'query',
    });
  });

  test('the format goes upstream only when the client sent it', () => {
    expect(openai.embeddings?.(readEmbeddingsRequest({ input: 'a' }, 'm'), target('openai', 'up')).body).toEqual({
      model: 'up',
      input: 'a',
    });
  });

  test.each([{}, { input: null }, { input: 7 }, { input: ['a', 7] }, { input: 'a', encoding_format: 'hex' }])('%j is refused', (body) => {
    expect(() => readEmbeddingsRequest(body, 'm')).toThrow(InvalidRequestError);
  });

  test('vectors come in the order of their index', () => {
    const body = {
      object: 'list',
      model: 'up',
      data: [
        { index: 1, embedding: [2] },
        { index: 0, embedding: [1] },
      ],
      usage: { prompt_tokens: 8, total_tokens: 8 },
    };
    expect(readEmbeddingsAnswer(body)).toMatchObject({ model: 'up', vectors: [[1], [2]], usage: { inputTokens: 8, outputTokens: 0 } });
  });

  test('a body without vectors is malformed, an error inside is an error', () => {
    expect(() => readEmbeddingsAnswer({ data: [{ embedding: null }] })).toThrow(MalformedAnswerError);
    expect(() => readEmbeddingsAnswer({})).toThrow(MalformedAnswerError);
    expect(() => readEmbeddingsAnswer({ error: 'no' })).toThrow(ProviderError);
  });

  test('the client gets numbers or base64, whichever the provider sent', () => {
    const vectors = [[0.5, -2, 1.25]];
    const packed = writeEmbeddingsAnswer({ vectors }, { model: 'm', encodingFormat: 'base64' });
    const [row] = packed['data'] as { embedding: string }[];
    expect(row?.embedding).toBe('AAAAPwAAAMAAAKA/');
    expect(writeEmbeddingsAnswer({ vectors: [row?.embedding ?? ''], usage: { inputTokens: 3, outputTokens: 0 } }, { model: 'm' })).toEqual({
      object: 'list',
      model: 'm',
      data: [{ object: 'embedding', index: 0, embedding: vectors[0] }],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });
});
