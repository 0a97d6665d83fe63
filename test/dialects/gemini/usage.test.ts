import { expect, it, test } from 'vitest';
import { usageOf } from '../../../src/dialects/gemini/usage.ts';
import { answer } from './hub.ts';

it('cached tokens are a part of the prompt, with what of them was sound', () => {
  expect(answer('cached').usage).toMatchObject({
    inputTokens: 4100,
    outputTokens: 3,
    cacheReadTokens: 4000,
    audioInputTokens: 1000,
    cacheReadAudioTokens: 900,
    serviceTier: 'flex',
  });
});

it('pictures of the prompt and of the answer are told apart', () => {
  expect(answer('pdf').usage).toMatchObject({ inputTokens: 520, imageInputTokens: 258 });
  expect(answer('image-made').usage).toMatchObject({ outputTokens: 1300, imageOutputTokens: 1290 });
  expect(answer('speech-made').usage).toMatchObject({ outputTokens: 25, audioOutputTokens: 25 });
});

test.each([
  [
    'thoughts beside the candidates are added',
    { promptTokenCount: 5, candidatesTokenCount: 7, thoughtsTokenCount: 3, totalTokenCount: 15 },
    10,
    3,
  ],
  [
    'thoughts that the total shows to be inside are not',
    { promptTokenCount: 5, candidatesTokenCount: 7, thoughtsTokenCount: 3, totalTokenCount: 12 },
    7,
    3,
  ],
  ['thoughts alone are output', { promptTokenCount: 5, thoughtsTokenCount: 3, totalTokenCount: 8 }, 3, 3],
])('%s', (_, raw, outputTokens, reasoningTokens) => {
  expect(usageOf(raw)).toMatchObject({ inputTokens: 5, outputTokens, reasoningTokens });
});

test('parts never exceed their total', () => {
  const raw = {
    promptTokenCount: 5,
    candidatesTokenCount: 2,
    cachedContentTokenCount: 9,
    promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 50 }],
    cacheTokensDetails: [{ modality: 'IMAGE', tokenCount: 50 }],
    candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 9 }],
  };
  expect(usageOf(raw)).toMatchObject({ cacheReadTokens: 5, imageInputTokens: 5, cacheReadImageTokens: 5, audioOutputTokens: 2 });
});

test.each([
  [null],
  [{}],
  [{ totalTokenCount: 3 }],
  [{ promptTokenCount: -1, candidatesTokenCount: 1 }],
  [{ promptTokenCount: 1.5 }],
  [{ promptTokenCount: '7', candidatesTokenCount: 1 }],
  [{ promptTokenCount: 1, thoughtsTokenCount: 1e300 }],
])('%j counts nothing', (raw) => {
  expect(usageOf(raw)).toBeUndefined();
});

test('details that are no lists harm nothing', () => {
  expect(
    usageOf({ promptTokenCount: 1, candidatesTokenCount: 2, promptTokensDetails: 'x', candidatesTokensDetails: [null, 3] }),
  ).toMatchObject({
    inputTokens: 1,
    outputTokens: 2,
  });
});
