import { describe, expect, test } from 'vitest';
import { estimateBody } from '../../../src/ledger/tokens/estimate-body.ts';

const BASE64 = 'iVBORw0KGgo/+A=='.repeat(50_000); // 800,000 characters

/** Tokens of the body without what is media. */
function textOf(body: string): number {
  return Math.ceil(body.replaceAll(BASE64, '').length / 3);
}

describe('a body that passes unparsed', () => {
  test('is a third of its bytes', () => {
    expect(estimateBody('x'.repeat(300))).toBe(100);
  });

  test.each([
    [
      'OpenAI image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${BASE64}` } }] }] },
      1600,
    ],
    [
      'Anthropic image',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: BASE64 } }] }] },
      1600,
    ],
    ['Gemini image', { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: BASE64 } }] }] }, 1600],
    // 600,000 bytes: 75 seconds of compressed audio, 18.75 of wav
    [
      'OpenAI audio',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: BASE64, format: 'mp3' } }] }] },
      75 * 32,
    ],
    [
      'OpenAI wav',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: BASE64, format: 'wav' } }] }] },
      19 * 32,
    ],
    // 600,000 bytes: twelve pages
    [
      'Anthropic document',
      { content: [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: BASE64 } }] },
      12 * 3000,
    ],
    [
      'OpenAI file',
      { content: [{ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${BASE64}` } }] },
      12 * 3000,
    ],
    ['two images', [`data:image/png;base64,${BASE64}`, `data:image/jpeg;base64,${BASE64}`], 3200],
  ])('%s is taken apart', (_, content, tokens) => {
    for (const body of [JSON.stringify(content), JSON.stringify(content, null, 2)]) expect(estimateBody(body)).toBe(textOf(body) + tokens);
  });

  test('images by their address count', () => {
    const body = JSON.stringify({
      content: [
        { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
        { type: 'image', source: { type: 'url', url: 'https://x.test' } },
      ],
    });
    expect(estimateBody(body)).toBe(textOf(body) + 3200);
  });

  test('text that speaks of base64 stays text', () => {
    const body = JSON.stringify({ content: `write ;base64, and "data": "${'A'.repeat(1000)}" please` });
    expect(estimateBody(body)).toBe(textOf(body));
  });

  test('a `data` member with words in it stays text', () => {
    const body = JSON.stringify({ data: 'some words '.repeat(100) });
    expect(estimateBody(body)).toBe(textOf(body));
  });

  test('a body cut in the middle of its media does not break', () => {
    expect(estimateBody('{"url":"data:image/png;base64,AAAA')).toBe(12);
  });
});
