import { describe, expect, test } from 'vitest';
import type { MediaPart, Part } from '../../../src/core/parts.ts';
import type { ChatRequest } from '../../../src/core/request.ts';
import { estimateChatInput, estimateChatOutput, estimateEmbeddingsInput } from '../../../src/ledger/tokens/estimate.ts';

function chat(parts: readonly Part[], more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'm', stream: false, others: {}, extras: {}, messages: [{ role: 'user', parts }], ...more };
}

function media(kind: MediaPart['kind'], base64Length: number | null, more: Partial<MediaPart> = {}): MediaPart {
  const source =
    base64Length === null
      ? ({ type: 'url', url: 'https://x.test/y' } as const)
      : ({ type: 'data', data: 'A'.repeat(base64Length) } as const);
  return { type: 'media', kind, source, ...more };
}

describe('the input of a chat call', () => {
  test('text is a third of its bytes, and three tokens a message', () => {
    expect(estimateChatInput(chat([{ type: 'text', text: 'a'.repeat(300) }]))).toBe(103);
  });

  test('bytes are counted, not characters', () => {
    expect(estimateChatInput(chat([{ type: 'text', text: '漢'.repeat(100) }]))).toBe(103);
  });

  test('tools count by their JSON', () => {
    const tools = [{ type: 'function', name: 'f', description: 'd'.repeat(1000) }] as const;
    expect(estimateChatInput(chat([], { tools }))).toBe(3 + Math.ceil(JSON.stringify(tools).length / 3));
  });

  test.each([
    ['an image', media('image', 400_000), 1600],
    ['a small image', media('image', 400_000, { detail: 'low' }), 85],
    ['an image by address', media('image', null), 1600],
    ['ten seconds of compressed audio', media('audio', 106_664), 320],
    ['ten seconds of wav', media('audio', 426_660, { mediaType: 'audio/wav' }), 320],
    ['audio by address: a minute', media('audio', null), 1920],
    ['two pages of a document', media('file', 133_332), 6000],
    ['a document by address', media('file', null), 30_000],
    ['two seconds of video', media('video', 333_332), 600],
  ])('%s has a fixed number, whatever its bytes', (_, part, tokens) => {
    expect(estimateChatInput(chat([part]))).toBe(3 + tokens);
  });

  test('what a tool answered counts like any other part', () => {
    const result: Part = { type: 'tool_result', callId: 'c', parts: [{ type: 'text', text: 'a'.repeat(30) }, media('image', 9000)] };
    expect(estimateChatInput(chat([result]))).toBe(3 + 10 + 1600);
  });
});

describe('the output of a chat call', () => {
  const limits = { model: 8192, fallback: 4096 };
  test('is what the client allows, for each answer', () => {
    expect(estimateChatOutput({ maxOutputTokens: 100, n: 3 }, limits)).toBe(300);
  });
  test('is the smaller of model and setting when the client does not say', () => {
    expect(estimateChatOutput({}, limits)).toBe(4096);
    expect(estimateChatOutput({}, { model: 1000, fallback: 4096 })).toBe(1000);
    expect(estimateChatOutput({}, { model: null, fallback: 4096 })).toBe(4096);
  });
});

test('embeddings count token lists and guess texts', () => {
  const call = { model: 'm', single: false, extras: {} };
  expect(estimateEmbeddingsInput({ ...call, input: ['a'.repeat(30), 'b'] })).toBe(11);
  expect(estimateEmbeddingsInput({ ...call, input: [[1, 2, 3], [4]] })).toBe(4);
});
