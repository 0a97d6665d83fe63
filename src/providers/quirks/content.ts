import { isObject, type JsonObject, wordOf } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import type { QuirkContext } from './context.ts';

/** A message's content in the form the provider takes. Nothing is left out: what cannot be said is for the provider to judge. */
export function withContent(message: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  const parts = content.map((part: unknown) => (isObject(part) ? partFor(part, quirks) : part));
  return { ...message, content: flattens(message, quirks, context) ? flattened(parts, quirks) : parts };
}

function partFor(part: JsonObject, quirks: Quirks): JsonObject {
  if (part['type'] === 'image_url' && quirks.imageUrlAsText && isObject(part['image_url']))
    return { ...part, image_url: part['image_url']['url'] };
  if (part['type'] === 'input_audio' && quirks.audioAsText && isObject(part['input_audio']))
    return { ...part, input_audio: part['input_audio']['data'] };
  return part['type'] === 'file' && isObject(part['file']) ? fileFor(part, part['file'], quirks) : part;
}

function fileFor(part: JsonObject, file: JsonObject, quirks: Quirks): JsonObject {
  const data = file['file_data'];
  const address = typeof data === 'string' ? data : file['file_id'];
  if (typeof address !== 'string') return part;
  const type = typeof file['format'] === 'string' ? file['format'] : (/^data:([^;,]+)/.exec(address)?.[1] ?? '');
  if (quirks.videoFiles && type.startsWith('video/')) return { type: 'video_url', video_url: { url: address } };
  if (quirks.fileAsDocumentUrl && /^(data:|https?:)/.test(address)) return { type: 'document_url', document_url: address };
  return part;
}

function flattens(message: JsonObject, { flatten }: Quirks, context: QuirkContext): boolean {
  if (!flatten || (flatten.unlessVision && context.abilities?.vision === true)) return false;
  return flatten.roles === undefined || flatten.roles.includes(wordOf(message['role']));
}

function flattened(parts: readonly unknown[], { flatten }: Quirks): unknown {
  const texts = parts.map((part) => (isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : null));
  if (texts.every((text) => text !== null)) return texts.join('\n');
  return flatten?.stringify ? JSON.stringify(parts) : parts;
}
