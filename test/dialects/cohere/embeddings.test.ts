import { describe, expect, test } from 'vitest';
import type { OutwardEmbeddings } from '../../../src/core/dialect.ts';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import type { EmbeddingsRequest } from '../../../src/core/request.ts';
import { wireCase } from '../wire-case.ts';
import { cohere, targetOf } from './asking.ts';

const documented = wireCase('cohere/embeddings');
const TEXTS = ['Why is the sky blue?', 'Why is the grass green?'];
const PICTURE = 'data:image/png;base64,iVBORw0KGgo=';

function embed(request: Partial<EmbeddingsRequest> = {}): OutwardEmbeddings {
  const whole: EmbeddingsRequest = { model: 'vectors', input: TEXTS, single: false, extras: {}, ...request };
  const call = cohere.embeddings?.(whole, targetOf({ model: 'embed-v4.0' }));
  if (!call) throw new Error('no embeddings');
  return call;
}

test('the request is said as documented', () => {
  const call = embed({ dimensions: 256, encodingFormat: 'base64', user: 'ann', extras: { input_type: 'search_query', truncate: 'END' } });
  expect(call.path).toBe('/v2/embed');
  expect(call.body).toEqual(documented.request);
});

test('texts are documents to search in unless the client says otherwise', () => {
  expect(embed().body).toEqual({ model: 'embed-v4.0', input_type: 'search_document', embedding_types: ['float'], texts: TEXTS });
});

describe('pictures', () => {
  test('one alone is an image', () => {
    expect(embed({ input: [PICTURE] }).body).toMatchObject({ images: [PICTURE], input_type: 'image' });
  });

  test('beside others each is an input of its own', () => {
    const { body } = embed({ input: ['a cat', PICTURE] });
    expect(body).not.toHaveProperty('texts');
    expect(body['inputs']).toEqual([
      { content: [{ type: 'text', text: 'a cat' }] },
      { content: [{ type: 'image_url', image_url: { url: PICTURE } }] },
    ]);
  });

  test('are counted as pictures', () => {
    const meta = { billed_units: { input_tokens: 2, image_tokens: 30 } };
    expect(embed({ input: [PICTURE] }).answer({ embeddings: { float: [[1]] }, meta }).usage).toEqual({
      inputTokens: 32,
      outputTokens: 0,
      imageInputTokens: 30,
      raw: { input_tokens: 2, image_tokens: 30 },
    });
  });
});

test('the answer has a vector for each text and the tokens billed', () => {
  expect(embed().answer(documented.response)).toEqual({
    vectors: [
      [0.01, -0.5, 0.25],
      [-0.01, 0.06, 0.125],
    ],
    usage: { inputTokens: 12, outputTokens: 0, raw: { input_tokens: 12 } },
  });
});

test('another type of numbers that the client asks for is what it gets', () => {
  const call = embed({ input: ['a'], extras: { embedding_types: ['int8'] } });
  expect(call.body['embedding_types']).toEqual(['int8']);
  expect(call.answer({ embeddings: { float: [], int8: [[1, -2]] } })).toEqual({ vectors: [[1, -2]] });
});

test.each([[{ embeddings: { float: [[1]] } }], [{ embeddings: { float: [[1], ['x']] } }], [{ embeddings: [[1], [2]] }], [[]], [null]])(
  '%j is no answer for two texts',
  (body) => {
    expect(() => embed().answer(body)).toThrow('does not hold 2 embeddings');
  },
);

test('an error inside a 200 is an error', () => {
  expect(() => embed().answer({ message: 'valid input_type must be provided' })).toThrow('valid input_type');
});

test('token lists are refused: they belong to another tokenizer', () => {
  expect(() => embed({ input: [[1, 2]] })).toThrow(InvalidRequestError);
});
