import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import { typeByExtension } from '../media-types.ts';
import { fileUri } from '../studio.ts';

/** `inlineData` or `fileData`. @see https://ai.google.dev/api/caching#Part (2026-11-26) */
export function mediaPart(media: MediaPart): JsonObject {
  return { ...dataOf(media), ...videoMember(media) };
}

function videoMember({ clip }: MediaPart): JsonObject {
  if (!clip) return {};
  const { fps, start, end } = clip;
  return {
    videoMetadata: {
      ...(fps === undefined ? {} : { fps }),
      ...(start === undefined ? {} : { startOffset: start }),
      ...(end === undefined ? {} : { endOffset: end }),
    },
  };
}

function dataOf(media: MediaPart): JsonObject {
  const { source } = media;
  const mimeType = mediaTypeOf(media);
  if (source.type === 'data') return { inlineData: { mimeType: mimeType ?? FALLBACKS[media.kind], data: source.data } };
  return {
    fileData: { ...(mimeType === undefined ? {} : { mimeType }), fileUri: source.type === 'url' ? source.url : fileUri(source.fileId) },
  };
}

const FALLBACKS = { image: 'image/jpeg', audio: 'audio/wav', video: 'video/mp4', file: 'application/pdf' } as const;

/** What the client says, put right; else what the bytes, the file's name or its address say. */
function mediaTypeOf({ source, mediaType, filename }: MediaPart): string | undefined {
  const sniffed = source.type === 'data' ? SIGNATURES.find(([start]) => start.test(source.data))?.[1] : undefined;
  const told = mediaType?.toLowerCase().split(';')[0]?.trim();
  const known = told === undefined || told === 'application/octet-stream' ? undefined : (REPAIRS[told] ?? told);
  return sniffed ?? known ?? typeByExtension(filename ?? '') ?? (source.type === 'url' ? typeByExtension(source.url) : undefined);
}

/** First bytes of files, in base64. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^iVBORw0KGgo/, 'image/png'],
  [/^\/9j\//, 'image/jpeg'],
  [/^R0lGOD/, 'image/gif'],
  [/^UklGR.{6}XRUJQ/, 'image/webp'],
  [/^JVBERi0/, 'application/pdf'],
];

/** Names that clients write for types that Google knows by another. */
const REPAIRS: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/mpeg': 'audio/mp3',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/mp4': 'audio/m4a',
  'audio/pcm16': 'audio/pcm',
};

/** OpenAI's word for the resolution of an image, in Google's. */
const RESOLUTIONS: Readonly<Record<string, string>> = {
  low: 'MEDIA_RESOLUTION_LOW',
  medium: 'MEDIA_RESOLUTION_MEDIUM',
  high: 'MEDIA_RESOLUTION_HIGH',
  ultra_high: 'MEDIA_RESOLUTION_ULTRA_HIGH',
};

/** Undefined for `auto` and words that Google has none for. */
export function resolutionOf({ detail }: MediaPart): string | undefined {
  return detail === undefined ? undefined : RESOLUTIONS[detail];
}

/** OpenAI's word for a resolution of Google's: it has three. */
export function detailOf(resolution: string): string | undefined {
  if (resolution === RESOLUTIONS['low']) return 'low';
  if (resolution === RESOLUTIONS['medium']) return 'auto';
  return resolution === RESOLUTIONS['high'] || resolution === RESOLUTIONS['ultra_high'] ? 'high' : undefined;
}

/** The highest resolution that any medium of the request asks for: older models take one for all of them. */
export function highestResolution(media: readonly MediaPart[]): string | undefined {
  const asked = new Set(media.map(resolutionOf));
  const ordered = ['MEDIA_RESOLUTION_HIGH', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_LOW'];
  return asked.has(RESOLUTIONS['ultra_high']) ? ordered[0] : ordered.find((word) => asked.has(word));
}
