import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import type { EmbeddingsRequest } from '../../../src/core/request.ts';
import type { MediaPart } from '../../../src/core/parts.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { answer, bodyOf, FLASH_3, gemini, target, user, WEATHER, write } from './hub.ts';

const VERTEX = { ...target(), provider: 'vertex_ai', host: 'vertex' } as const;
const at = (model: string) => ({ ...VERTEX, model });

describe('a conversation at Vertex AI', () => {
  test.each(['vertex-text', 'vertex-tools'])('%s: a stream and a whole answer say the same, however it is cut', (name) => {
    const chat = write({ stream: true, tools: [WEATHER] }, VERTEX);
    const { stream } = wireCase(`gemini/${name}`);
    expectFoldEquals(readStream([stream], 'sse', chat.reader()), answer(name, chat));
    expectCutsChangeNothing(stream, 'sse', () => chat.reader());
  });

  test('is asked below the model’s resource', () => {
    expect([write({}, VERTEX).path, write({ stream: true }, VERTEX).path]).toEqual([':generateContent', ':streamGenerateContent?alt=sse']);
  });

  test('tells how it was served, as a tier', () => {
    expect(answer('vertex-text', write({}, VERTEX)).usage).toMatchObject({ inputTokens: 21, outputTokens: 36, serviceTier: 'priority' });
    expect(answer('vertex-tools', write({ tools: [WEATHER] }, VERTEX)).usage).toMatchObject({ serviceTier: 'default' });
  });

  test('names calls that came without an id, each by another', () => {
    const [choice] = answer('vertex-tools', write({ tools: [WEATHER] }, VERTEX)).choices;
    const calls = choice?.parts.filter((part) => part.type === 'tool_call') ?? [];
    expect(calls.map(({ name, arguments: text, signature }) => [name, text, signature])).toEqual([
      ['get_weather', '{"city":"Graz"}', 'c2lnLTE='],
      ['get_weather', '{"city":"Linz"}', undefined],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(choice?.finish.reason).toBe('tool_calls');
  });

  test('asks for a tier by a header, where AI Studio has a member', () => {
    const asked = { serviceTier: 'priority' };
    expect(write(asked, VERTEX)).toMatchObject({ headers: { 'x-vertex-ai-llm-shared-request-type': 'priority' } });
    expect(bodyOf(asked, VERTEX)).not.toHaveProperty('serviceTier');
    expect([write(asked).headers, bodyOf(asked)['serviceTier']]).toEqual([{}, 'priority']);
    expect(write({ serviceTier: 'default' }, VERTEX).headers).toEqual({});
  });

  test('has Google’s tools beside functions without asking for their steps, which Vertex has no word for', () => {
    const request = { tools: [WEATHER], webSearch: {}, toolChoice: { type: 'auto' } } as const;
    const third = { ...VERTEX, model: FLASH_3 };
    expect(bodyOf(request, third)['toolConfig']).toEqual({ functionCallingConfig: { mode: 'AUTO' } });
    expect(bodyOf(request, target(FLASH_3))['toolConfig']).toMatchObject({ includeServerSideToolInvocations: true });
  });

  test('hostile frames end as an answer or as a provider’s failure, never otherwise', () => {
    const frames = wireCase('gemini/vertex-tools').stream.toString().split('\r\n\r\n').filter(Boolean);
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(...frames),
            fc.json().map((text) => `data: ${text}`),
          ),
          { maxLength: 6 },
        ),
        (events) => {
          const chat = write({ stream: true, tools: [WEATHER] }, VERTEX);
          try {
            readStream([events.map((event) => `${event}\n\n`).join('')], 'sse', chat.reader());
          } catch (error) {
            expect(error).toHaveProperty('failure');
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a medium for Vertex AI', () => {
  const medium = (url: string, mediaType?: string): MediaPart => ({
    type: 'media',
    kind: 'file',
    source: { type: 'url', url },
    ...(mediaType === undefined ? {} : { mediaType }),
  });

  test.each([
    ['gs://bucket/film.mp4', undefined, false],
    ['https://www.youtube.com/watch?v=abc', undefined, false],
    ['https://example.com/paper.pdf?x=1', undefined, false],
    ['https://example.com/paper', 'application/pdf', false],
    ['https://example.com/paper', undefined, true],
    ['http://example.com/paper.pdf', undefined, true],
    ['https://nas.local/paper.pdf', undefined, true],
    ['https://192.168.1.5/paper.pdf', undefined, true],
    ['https://nas/paper.pdf', undefined, true],
  ])('at %s (%s) is fetched by us: %s', (url, mediaType, fetched) => {
    expect(gemini.mustInline(medium(url, mediaType), 'vertex')).toBe(fetched);
  });

  test('that Google fetches is told with its type', () => {
    const part = (media: MediaPart): unknown =>
      (bodyOf({ messages: [user(media)] }, VERTEX)['contents'] as { parts: unknown[] }[])[0]?.parts[0];
    expect(part(medium('https://example.com/a.png'))).toEqual({
      fileData: { mimeType: 'image/png', fileUri: 'https://example.com/a.png' },
    });
    expect(part(medium('gs://bucket/a', 'text/plain'))).toEqual({ fileData: { mimeType: 'text/plain', fileUri: 'gs://bucket/a' } });
  });
});

describe('vectors of Vertex AI', () => {
  const embed = (model: string, input: EmbeddingsRequest['input'], more: Partial<EmbeddingsRequest> = {}) => {
    const made = gemini.embeddings?.({ model: 'm', input, single: false, extras: {}, ...more }, at(model));
    if (!made) throw new Error('no embeddings');
    return made;
  };
  const most = (model: string): number => {
    const { mostEmbeddingInputs: limit } = gemini;
    return Number(typeof limit === 'function' ? limit(at(model)) : limit);
  };

  test('of texts are asked in one request, with what they are for', () => {
    const extras = { input_type: 'query', title: 'House', auto_truncate: false };
    const { path, body } = embed('text-embedding-005', ['a', 'b'], { dimensions: 256, extras });
    expect(path).toBe(':predict');
    expect(body).toEqual({
      instances: [
        { content: 'a', task_type: 'RETRIEVAL_QUERY', title: 'House' },
        { content: 'b', task_type: 'RETRIEVAL_QUERY', title: 'House' },
      ],
      parameters: { outputDimensionality: 256, autoTruncate: false },
    });
    expect(embed('text-embedding-005', ['a']).body).toEqual({ instances: [{ content: 'a' }] });
  });

  test('come with the tokens that were counted', () => {
    const { response } = wireCase('gemini/vertex-embeddings');
    expect(embed('text-embedding-005', ['a', 'b']).answer(response)).toMatchObject({
      vectors: [
        [0.5, -0.25],
        [0.125, 1],
      ],
      usage: { inputTokens: 7, outputTokens: 0 },
    });
    expect(embed('text-embedding-005', ['a']).answer({ predictions: [{ embeddings: { values: [1] } }] })).toEqual({ vectors: [[1]] });
  });

  test.each([
    ['text-embedding-005', 250],
    ['text-multilingual-embedding-002', 250],
    ['gemini-embedding-001', 1],
    ['gemini-embedding-2-preview', 1],
    ['multimodalembedding@001', 1],
  ])('%s: at most %d a request', (model, limit) => {
    expect(most(model)).toBe(limit);
  });

  test('of contents are asked one by one, pictures among them', () => {
    const made = embed('gemini-embedding-2', ['Hi'], { dimensions: 768, extras: { task_type: 'CLUSTERING' } });
    expect(made.path).toBe(':embedContent');
    expect(made.body).toEqual({
      content: { role: 'user', parts: [{ text: 'Hi' }] },
      embedContentConfig: { taskType: 'CLUSTERING', outputDimensionality: 768 },
    });
    expect(made.answer({ embedding: { values: [1, 2] }, usageMetadata: { promptTokenCount: 2, totalTokenCount: 2 } })).toMatchObject({
      vectors: [[1, 2]],
      usage: { inputTokens: 2 },
    });
    const parts = (input: string): unknown => (embed('gemini-embedding-2', [input]).body['content'] as { parts: unknown }).parts;
    expect(parts('data:image/png;base64,AAAA')).toEqual([{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }]);
    expect(parts('gs://bucket/a.pdf')).toEqual([{ fileData: { mimeType: 'application/pdf', fileUri: 'gs://bucket/a.pdf' } }]);
  });

  test.each([
    ['Hi', { text: 'Hi' }, { textEmbedding: [1, 2] }],
    ['data:image/png;base64,AAAA', { image: { bytesBase64Encoded: 'AAAA' } }, { imageEmbedding: [1, 2] }],
    ['gs://bucket/a.png', { image: { gcsUri: 'gs://bucket/a.png' } }, { imageEmbedding: [1, 2] }],
    ['gs://bucket/a.mp4', { video: { gcsUri: 'gs://bucket/a.mp4' } }, { videoEmbeddings: [{ embedding: [1, 2], startOffsetSec: 0 }] }],
  ])('of %s in many kinds of media', (input, instance, prediction) => {
    const made = embed('multimodalembedding@001', [input], { dimensions: 512 });
    expect([made.path, made.body]).toEqual([':predict', { instances: [instance], parameters: { dimension: 512 } }]);
    expect(made.answer({ predictions: [prediction] })).toEqual({ vectors: [[1, 2]] });
  });

  test('that are fewer than the texts, or none, are no answer; an error inside is told', () => {
    const made = embed('text-embedding-005', ['a', 'b']);
    expect(() => made.answer({ predictions: [{ embeddings: { values: [1] } }] })).toThrow('does not hold 2 embeddings');
    expect(() => made.answer({ predictions: 'none' })).toThrow('does not hold 2 embeddings');
    expect(() => made.answer({ error: { code: 400, message: 'Too long.', status: 'INVALID_ARGUMENT' } })).toThrow('Too long.');
    expect(() => embed('text-embedding-005', [[1, 2]])).toThrow(InvalidRequestError);
  });
});
