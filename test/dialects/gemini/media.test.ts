import { expect, test } from 'vitest';
import type { MediaPart } from '../../../src/core/parts.ts';
import { contentsOf, gemini, user } from './hub.ts';

const byUrl = (url: string, kind: MediaPart['kind'] = 'image'): MediaPart => ({ type: 'media', kind, source: { type: 'url', url } });
const partOf = (media: MediaPart): unknown => (contentsOf([user(media)]) as { parts: unknown[] }[])[0]?.parts[0];

test.each([
  ['https://example.com/cat.jpg', true],
  ['http://example.com/cat.jpg', true],
  ['data:text/plain,hello', true],
  ['https://generativelanguage.googleapis.com/v1beta/files/abc', false],
  ['https://generativelanguage.googleapis.com.evil.example/v1beta/files/abc', true],
  ['https://www.youtube.com/watch?v=abc', false],
  ['https://youtu.be/abc', false],
  ['https://www.youtube.com/about', true],
  ['https://youtu.be.evil.example/abc', true],
  ['gs://bucket/cat.jpg', false],
])('%s must be given by its bytes: %s', (url, expected) => {
  expect(gemini.mustInline(byUrl(url))).toBe(expected);
});

test('bytes and file ids need not be fetched', () => {
  expect(gemini.mustInline({ type: 'media', kind: 'image', source: { type: 'data', data: 'AAAA' } })).toBe(false);
  expect(gemini.mustInline({ type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'files/x' } })).toBe(false);
});

test.each([
  ['the bytes', { kind: 'image', source: { type: 'data', data: '/9j/4AAQ' }, mediaType: 'image/png' }, 'image/jpeg'],
  ['the client', { kind: 'audio', source: { type: 'data', data: 'AAAA' }, mediaType: 'audio/mpeg' }, 'audio/mp3'],
  ['the name', { kind: 'file', source: { type: 'data', data: 'AAAA' }, filename: 'notes.CSV' }, 'text/csv'],
  [
    'the name, where the client says nothing',
    { kind: 'file', source: { type: 'data', data: 'AAAA' }, mediaType: 'application/octet-stream', filename: 'a.mp4' },
    'video/mp4',
  ],
  ['the kind', { kind: 'audio', source: { type: 'data', data: 'AAAA' } }, 'audio/wav'],
] as const)('the type is what %s says', (_, media, mimeType) => {
  expect(partOf({ type: 'media', ...media })).toMatchObject({ inlineData: { mimeType } });
});

test('a part of a video is looked at', () => {
  const clip = { fps: 5, start: '10s', end: '12.5s' };
  expect(partOf({ ...byUrl('https://youtu.be/abc', 'file'), clip })).toEqual({
    fileData: { fileUri: 'https://youtu.be/abc' },
    videoMetadata: { fps: 5, startOffset: '10s', endOffset: '12.5s' },
  });
});

test('files of Google go by their address', () => {
  expect(partOf(byUrl('gs://bucket/a.mp4', 'video'))).toEqual({ fileData: { mimeType: 'video/mp4', fileUri: 'gs://bucket/a.mp4' } });
  expect(partOf({ type: 'media', kind: 'file', source: { type: 'file_id', fileId: 'files/x' }, mediaType: 'application/pdf' })).toEqual({
    fileData: { mimeType: 'application/pdf', fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' },
  });
});
