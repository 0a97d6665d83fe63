import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, StreamPart } from '../../../../src/core/answer.ts';
import { foldStream } from '../../../../src/core/fold-stream.ts';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import { unfoldAnswer } from '../../../../src/core/unfold-answer.ts';
import { writeGenerateAnswer, type GenerateShape } from '../../../../src/dialects/gemini/content/answer.ts';
import { framesFor, type StreamForm } from '../../../../src/dialects/gemini/content/frames.ts';
import { GenerateStreamWriter } from '../../../../src/dialects/gemini/content/stream.ts';
import { readingContent } from '../../../../src/dialects/gemini/index.ts';
import { readStream } from '../../laws.ts';
import { wireCase } from '../../wire-case.ts';

const SHAPE: GenerateShape = { responseId: 'r-1', model: 'public', showsThoughts: true };
const STOP: StreamPart = { type: 'finish', finish: { reason: 'stop' } };

function streamed(parts: readonly StreamPart[], form: StreamForm = 'events', shape = SHAPE): JsonObject[] {
  const writer = new GenerateStreamWriter(shape, framesFor(form));
  const text = parts.map((part) => writer.write(part)).join('') + writer.finish();
  if (form === 'list') return JSON.parse(text) as JsonObject[];
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.slice(6)) as JsonObject);
}

/** As it leaves: through JSON. */
const whole = (parts: readonly StreamPart[], shape = SHAPE): JsonObject =>
  JSON.parse(JSON.stringify(writeGenerateAnswer(foldStream(parts), shape))) as JsonObject;

const said = fc.constantFrom('a', 'Hello ', 'ü', '\n', '{"x"', '🙂', '');
const told = (index: number): fc.Arbitrary<StreamPart[]> =>
  fc.oneof(
    said.map((text): StreamPart[] => [{ type: 'text_delta', text }]),
    said.map((text): StreamPart[] => [{ type: 'reasoning_delta', text }]),
    fc.constant<StreamPart[]>([{ type: 'reasoning_signature', signature: 'c2ln', origin: 'anthropic' }]),
    fc.constant<StreamPart[]>([{ type: 'reasoning_encrypted', encrypted: 'ZGF0YQ==', origin: 'openai' }]),
    fc.constant<StreamPart[]>([{ type: 'refusal_delta', text: 'No.' }]),
    fc.constantFrom('{}', '{"a":[1,{"b":null}]}', '{"id":12345678901234567890}').map((text): StreamPart[] => [
      { type: 'tool_call_start', index, id: `call_${index}`, name: 'f' },
      { type: 'tool_call_delta', index, arguments: text.slice(0, 3) },
      { type: 'tool_call_delta', index, arguments: text.slice(3) },
      { type: 'tool_call_end', index },
    ]),
  );
const anything = fc
  .integer({ min: 0, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => told(at))))
  .map((lanes) => [...lanes.flat(), STOP, { type: 'usage', usage: { inputTokens: 9, outputTokens: 3 } } as const]);

/** The parts of a candidate joined, so that pieces and whole texts compare. */
function meaningOf(frames: readonly JsonObject[]): unknown {
  const parts = frames.flatMap(({ candidates }) =>
    (candidates as { content: { parts: JsonObject[] } }[]).flatMap(({ content }) => content.parts),
  );
  const texts = (thought: boolean) =>
    parts
      .filter((part) => (part['thought'] === true) === thought)
      .map(({ text = '' }) => text)
      .join('');
  const { candidates = [], usageMetadata } = frames.at(-1) ?? {};
  const [last] = candidates as JsonObject[];
  return {
    text: texts(false),
    thoughts: texts(true),
    proofs: parts.flatMap(({ thoughtSignature }) => (thoughtSignature === undefined ? [] : [thoughtSignature])),
    calls: parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall])),
    reason: last?.['finishReason'],
    usageMetadata,
  };
}

describe('laws', () => {
  test('a stream says the same as the whole answer, in either form', () => {
    fc.assert(
      fc.property(anything, (parts) => {
        const expected = meaningOf([whole(parts)]);
        expect(meaningOf(streamed(parts))).toEqual(expected);
        expect(streamed(parts, 'list')).toEqual(streamed(parts));
      }),
    );
  });

  test('every frame has a part, one id and one name, and only the last one a reason', () => {
    fc.assert(
      fc.property(anything, (parts) => {
        const frames = streamed(parts);
        for (const [at, frame] of frames.entries()) {
          expect(frame).toMatchObject({ responseId: 'r-1', modelVersion: 'public' });
          const [candidate] = frame['candidates'] as { content: { parts: JsonObject[] }; finishReason?: string }[];
          expect(candidate?.content.parts.length).toBeGreaterThan(0);
          for (const part of candidate?.content.parts ?? []) expect(Object.keys(part).length).toBeGreaterThan(0);
          expect(candidate?.finishReason !== undefined).toBe(at === frames.length - 1);
        }
      }),
    );
  });

  test('what Google said is read the same after it was told', () => {
    for (const one of [
      'text',
      'thinking',
      'tools',
      'parallel-tools',
      'search',
      'safety',
      'blocked-prompt',
      'two-candidates',
      'code-execution',
      'logprobs',
      'two-steps',
      'max-tokens',
      'image-made',
    ]) {
      const answer = readingContent().answer(wireCase(`gemini/${one}`).response);
      expect(comparable(readingContent().answer(writeGenerateAnswer(answer, SHAPE))), one).toEqual(comparable(answer));
      const text = unfoldAnswer(answer);
      const writer = new GenerateStreamWriter(SHAPE, framesFor('events'));
      const frames = text.map((part) => writer.write(part)).join('') + writer.finish();
      const again = foldStream(readStream([frames], 'sse', readingContent().reader()));
      expect(
        again.choices.map(({ finish }) => finish),
        one,
      ).toEqual(answer.choices.map(({ finish }) => finish));
    }
  });
});

/** Without the name, the id, and the usage as it was written. */
function comparable({ choices, usage }: Answer): unknown {
  const { raw: _, ...counted } = usage ?? { raw: undefined };
  return { choices, counted };
}

test('thoughts are shown to nobody who did not ask', () => {
  const parts: StreamPart[] = [
    { type: 'reasoning_delta', text: 'Hm.' },
    { type: 'reasoning_signature', signature: 'c2ln', origin: 'anthropic' },
    { type: 'text_delta', text: 'Yes.' },
    STOP,
  ];
  const hidden = { ...SHAPE, showsThoughts: false };
  expect(JSON.stringify(whole(parts, hidden))).not.toContain('Hm.');
  expect(whole(parts, hidden)).toMatchObject({ candidates: [{ content: { parts: [{ text: 'Yes.' }] } }] });
  expect(JSON.stringify(streamed(parts, 'events', hidden))).not.toContain('thought');
});

describe('reasons', () => {
  test.each([
    [{ reason: 'stop' }, 'STOP'],
    [{ reason: 'tool_calls' }, 'STOP'],
    [{ reason: 'length' }, 'MAX_TOKENS'],
    [{ reason: 'content_filter' }, 'SAFETY'],
    [{ reason: 'content_filter', native: 'RECITATION' }, 'RECITATION'],
    [{ reason: 'stop', native: 'end_turn' }, 'STOP'],
    [{ reason: 'stop', native: 'OTHER' }, 'OTHER'],
  ] as const)('%j is %s', (finish, word) => {
    expect(
      whole([
        { type: 'text_delta', text: 'a' },
        { type: 'finish', finish },
      ]),
    ).toMatchObject({ candidates: [{ finishReason: word }] });
  });

  test('a refusal is one', () => {
    expect(whole([{ type: 'refusal_delta', text: 'No.' }, STOP])).toMatchObject({
      candidates: [{ finishReason: 'SAFETY', content: { parts: [{ text: 'No.' }] } }],
    });
  });

  test('a prompt that was not answered has no candidate', () => {
    const parts: StreamPart[] = [
      { type: 'native', native: { type: 'native', dialect: 'gemini', raw: { block_reason: 'SAFETY' } } },
      { type: 'finish', finish: { reason: 'content_filter', native: 'SAFETY' } },
    ];
    expect(whole(parts)).toEqual({ promptFeedback: { blockReason: 'SAFETY' }, modelVersion: 'public', responseId: 'r-1' });
    expect(streamed(parts)).toEqual([whole(parts)]);
  });
});

test('sources of a text are told with the passages that rest on them, in bytes', () => {
  const parts: StreamPart[] = [
    { type: 'text_delta', text: 'Grüße: sunny.' },
    { type: 'citation', citation: { type: 'citation', url: 'https://a.example', title: 'A', start: 7, end: 12 } },
    { type: 'citation', citation: { type: 'citation', url: 'https://b.example' } },
    STOP,
  ];
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }, { web: { uri: 'https://b.example', title: 'https://b.example' } }],
    groundingSupports: [{ segment: { startIndex: 9, endIndex: 14, text: 'sunny' }, groundingChunkIndices: [0] }],
  };
  expect(whole(parts)).toMatchObject({ candidates: [{ groundingMetadata }] });
  expect(streamed(parts).at(-1)).toMatchObject({ candidates: [{ groundingMetadata }] });
  const cited = readingContent()
    .answer(whole(parts))
    .choices[0]?.parts.filter(({ type }) => type === 'citation');
  expect(cited?.[0]).toMatchObject({ url: 'https://a.example', title: 'A', start: 7, end: 12 });
});

test('odds of tokens and their average', () => {
  const logprobs = {
    content: [
      { token: 'a', logprob: -1, top_logprobs: [{ token: 'b', logprob: -2 }] },
      { token: 'c', logprob: -3, top_logprobs: [] },
    ],
  };
  expect(whole([{ type: 'text_delta', text: 'ac', logprobs }, STOP])).toMatchObject({
    candidates: [
      {
        avgLogprobs: -2,
        logprobsResult: {
          topCandidates: [{ candidates: [{ token: 'b', logProbability: -2 }] }, { candidates: [] }],
          chosenCandidates: [
            { token: 'a', logProbability: -1 },
            { token: 'c', logProbability: -3 },
          ],
        },
      },
    ],
  });
});

test('several candidates keep their places', () => {
  const parts: StreamPart[] = [
    { type: 'text_delta', text: 'b', choice: 1 },
    { type: 'text_delta', text: 'a' },
    { type: 'finish', finish: { reason: 'length' }, choice: 1 },
    STOP,
  ];
  const expected = [
    { index: 0, finishReason: 'STOP' },
    { index: 1, finishReason: 'MAX_TOKENS' },
  ];
  expect(whole(parts)).toMatchObject({ candidates: expected });
  expect(streamed(parts).at(-1)).toMatchObject({ candidates: expected });
});

test('usage tells thoughts, the cache and each kind of input apart, and adds up', () => {
  const usage = {
    inputTokens: 100,
    outputTokens: 50,
    cacheReadTokens: 40,
    reasoningTokens: 20,
    imageInputTokens: 30,
    audioOutputTokens: 10,
  };
  expect(whole([{ type: 'text_delta', text: 'a' }, STOP, { type: 'usage', usage }])['usageMetadata']).toEqual({
    promptTokenCount: 100,
    cachedContentTokenCount: 40,
    candidatesTokenCount: 30,
    thoughtsTokenCount: 20,
    totalTokenCount: 150,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 70 },
      { modality: 'IMAGE', tokenCount: 30 },
    ],
    candidatesTokensDetails: [
      { modality: 'TEXT', tokenCount: 20 },
      { modality: 'AUDIO', tokenCount: 10 },
    ],
  });
});

test('arguments keep every digit', () => {
  const parts: StreamPart[] = [
    { type: 'tool_call_start', index: 0, id: 'a', name: 'f' },
    { type: 'tool_call_delta', index: 0, arguments: '{"id":12345678901234567890}' },
    { type: 'tool_call_end', index: 0 },
    STOP,
  ];
  expect(JSON.stringify(writeGenerateAnswer(foldStream(parts), SHAPE))).toContain('"args":{"id":12345678901234567890}');
});
