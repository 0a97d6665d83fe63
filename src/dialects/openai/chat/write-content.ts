import type { JsonObject } from '../../../core/json-object.ts';
import type { CacheMark, MediaPart, NativePart, Part, TextPart } from '../../../core/parts.ts';
import { urlOf } from './media.ts';

/** A prompt-cache mark as it stands on the wire. Providers that refuse it have a quirk that strips it. */
export function cacheControl(cache: CacheMark | undefined): JsonObject {
  if (!cache) return {};
  return { cache_control: { type: 'ephemeral', ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}

/** `content`: one plain text as a string, nothing as an empty one, else a list of parts. */
export function writeContent(parts: readonly Part[]): string | JsonObject[] {
  const written = parts.filter(isContent);
  const [first] = written;
  if (first === undefined) return '';
  if (written.length === 1 && first.type === 'text' && !first.cache) return first.text;
  return written.map(writePart);
}

type ContentPart = TextPart | MediaPart | NativePart;

/** Native parts with a `type` are content; those without hold members of the message itself. */
function isContent(part: Part): part is ContentPart {
  if (part.type === 'native') return part.dialect === 'openai' && typeof (part.raw as JsonObject)['type'] === 'string';
  return part.type === 'text' || part.type === 'media';
}

function writePart(part: ContentPart): JsonObject {
  if (part.type === 'native') return part.raw as JsonObject;
  const written = part.type === 'text' ? { type: 'text', text: part.text } : writeMedia(part);
  return { ...written, ...cacheControl(part.cache) };
}

export function writeMedia(media: MediaPart): JsonObject {
  switch (media.kind) {
    case 'image':
      return {
        type: 'image_url',
        image_url: { url: urlOf(media, 'image/png'), ...(media.detail === undefined ? {} : { detail: media.detail }) },
      };
    case 'video':
      return { type: 'video_url', video_url: { url: urlOf(media, 'video/mp4') } };
    case 'audio':
      return { type: 'input_audio', input_audio: writeAudio(media) };
    case 'file':
    default:
      return { type: 'file', file: { ...writeFileSource(media), ...(media.filename === undefined ? {} : { filename: media.filename }) } };
  }
}

function writeAudio(media: MediaPart): JsonObject {
  const data = media.source.type === 'data' ? media.source.data : urlOf(media, 'audio/wav');
  return media.mediaType === undefined
    ? { data }
    : { data, format: AUDIO_FORMATS[media.mediaType] ?? media.mediaType.replace('audio/', '') };
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/x-wav': 'wav', 'audio/wave': 'wav' };

function writeFileSource(media: MediaPart): JsonObject {
  return media.source.type === 'file_id' ? { file_id: media.source.fileId } : { file_data: urlOf(media, 'application/pdf') };
}
