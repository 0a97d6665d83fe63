import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/core/errors.ts';
import type { MediaPart } from '../../../src/core/parts.ts';
import { anthropic } from '../../../src/dialects/anthropic/index.ts';
import { turnsOf, user } from './hub.ts';

const media = (kind: MediaPart['kind'], source: MediaPart['source'], more: Partial<MediaPart> = {}): MediaPart => ({
  type: 'media',
  kind,
  source,
  ...more,
});
const url = (address: string) => ({ type: 'url', url: address }) as const;
const data = (base64: string) => ({ type: 'data', data: base64 }) as const;
const blockOf = (part: MediaPart): unknown => (turnsOf([user(part)]) as { content: unknown[] }[])[0]?.content[0];

describe('pictures', () => {
  it.each([
    ['iVBORw0KGgoAAAA', 'image/png'],
    ['/9j/4AAQSkZJRg', 'image/jpeg'],
    ['R0lGODlhAQABAAAA', 'image/gif'],
    ['UklGRjkRAwBXRUJQVlA4IA==', 'image/webp'],
  ])('bear the type that their bytes tell: %s', (bytes, type) => {
    expect(blockOf(media('image', data(bytes), { mediaType: 'image/heic' }))).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: type, data: bytes },
    });
  });

  it('bear the type that the client tells when their bytes do not', () => {
    const typed = (mediaType?: string) => blockOf(media('image', data('AAAA'), mediaType === undefined ? {} : { mediaType }));
    expect(typed('image/jpg')).toMatchObject({ source: { media_type: 'image/jpeg' } });
    expect(typed('image/bmp')).toMatchObject({ source: { media_type: 'image/bmp' } });
    expect(typed()).toMatchObject({ source: { media_type: 'image/jpeg' } });
  });

  it('are pictures also when they come as files', () => {
    expect(blockOf(media('file', data('iVBORw0KGgoAAAA'), { filename: 'a.png' }))).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgoAAAA' },
    });
  });

  it('keep their mark', () => {
    expect(blockOf(media('image', url('https://example.com/a.png'), { cache: {} }))).toMatchObject({
      cache_control: { type: 'ephemeral' },
    });
  });
});

describe('what has no block', () => {
  it.each(['audio', 'video'] as const)('%s is refused', (kind) => {
    expect(() => turnsOf([user(media(kind, data('AAAA')))])).toThrow(InvalidRequestError);
  });

  it('is refused by its type', () => {
    expect(() => turnsOf([user(media('file', data('UEsDBA'), { mediaType: 'application/zip' }))])).toThrow(/application\/zip/);
  });
});

describe('media by address', () => {
  it.each<[boolean, MediaPart]>([
    [false, media('image', url('https://example.com/a.png'))],
    [true, media('image', url('http://192.168.1.5/snapshot.jpg'))],
    [false, media('image', data('AAAA'))],
    [false, media('file', url('https://example.com/a.pdf'))],
    [false, media('file', url('https://example.com/a.pdf'), { mediaType: 'application/pdf' })],
    [true, media('file', url('https://example.com/a.txt'), { mediaType: 'text/plain' })],
    [false, media('file', { type: 'file_id', fileId: 'file_1' })],
  ])('must be fetched first: %s', (expected, part) => {
    expect(anthropic.mustInline(part)).toBe(expected);
  });
});
