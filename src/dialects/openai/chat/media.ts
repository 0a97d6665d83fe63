import type { MediaPart } from '../../../core/parts.ts';

type Source = Pick<MediaPart, 'source' | 'mediaType'>;

/** Types that clients write and nobody registered. */
const MEDIA_TYPE_REPAIRS: Readonly<Record<string, string>> = { 'image/jpg': 'image/jpeg' };

/**
 * Where a medium is: a base64 data URL becomes its bytes and type, anything else stays a URL.
 *
 * @param given the type the client states beside the URL; it wins
 */
export function sourceOfUrl(url: string, given?: string): Source {
  const found = DATA_URL.exec(url);
  if (!found) return { source: { type: 'url', url }, ...typed(given) };
  return { source: { type: 'data', data: url.slice(found[0].length) }, ...typed(given ?? found[1]) };
}

/** The medium as one URL: its own, or a data URL. */
export function urlOf({ source, mediaType }: Source, fallbackType: string): string {
  if (source.type === 'url') return source.url;
  if (source.type === 'file_id') return source.fileId;
  return `data:${mediaType ?? fallbackType};base64,${source.data}`;
}

function typed(mediaType: string | undefined): { mediaType?: string } {
  return mediaType ? { mediaType: MEDIA_TYPE_REPAIRS[mediaType] ?? mediaType } : {};
}

const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*;base64,/;
