import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, NativePart, Part, TextPart } from '../../../core/parts.ts';
import { urlOf } from '../chat/media.ts';
import { present } from '../request-fields.ts';

type InputPart = TextPart | MediaPart | NativePart;

/** What a message or a tool's result says: one plain text as a string, else a list of parts. */
export function writeInput(parts: readonly Part[]): string | JsonObject[] {
  const written = parts.filter(isInput);
  const [first] = written;
  if (first === undefined) return '';
  return written.length === 1 && first.type === 'text' ? first.text : written.map(writePart);
}

/** Parts that only another dialect understands are left out. */
function isInput(part: Part): part is InputPart {
  return part.type === 'text' || part.type === 'media' || (part.type === 'native' && part.dialect === 'openai' && isTyped(part.raw));
}

function isTyped(raw: unknown): boolean {
  return isObject(raw) && typeof raw['type'] === 'string';
}

function writePart(part: InputPart): JsonObject {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  return part.type === 'native' ? (part.raw as JsonObject) : writeMedia(part);
}

/** @throws {InvalidRequestError} for a video, which Responses cannot be given */
export function writeMedia(media: MediaPart): JsonObject {
  switch (media.kind) {
    case 'image':
      return { type: 'input_image', ...imageSource(media), detail: media.detail ?? 'auto' };
    case 'file':
      return { type: 'input_file', ...fileSource(media) };
    case 'audio':
      return { type: 'input_audio', input_audio: { data: dataOf(media), format: audioFormat(media.mediaType) } };
    case 'video':
      throw new InvalidRequestError('Videos cannot be sent over the Responses API.', 'messages');
  }
}

function imageSource(media: MediaPart): JsonObject {
  return media.source.type === 'file_id' ? { file_id: media.source.fileId } : { image_url: urlOf(media, 'image/png') };
}

/** A file that comes as bytes needs a name. */
function fileSource({ source, mediaType, filename }: MediaPart): JsonObject {
  if (source.type === 'file_id') return { file_id: source.fileId };
  if (source.type === 'url') return { file_url: source.url, ...present({ filename }) };
  return { filename: filename ?? 'file.pdf', file_data: urlOf({ source, ...present({ mediaType }) }, 'application/pdf') };
}

function dataOf({ source }: MediaPart): string {
  return source.type === 'data' ? source.data : source.type === 'url' ? source.url : source.fileId;
}

const FORMATS: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/x-wav': 'wav', 'audio/wave': 'wav' };

function audioFormat(mediaType = 'audio/wav'): string {
  return FORMATS[mediaType] ?? mediaType.replace('audio/', '');
}
