import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { MediaPart, NativePart, Part, TextPart, ToolResultPart } from '../../../core/parts.ts';
import { documentMedia, readImage } from './read-source.ts';

/** Parts that every provider has a word for: documents and search results as files and text, what the provider ran left out. */
export function plainParts(parts: readonly Part[]): Part[] {
  return parts.flatMap((part): Part[] => {
    if (part.type === 'native') return plainNative(part);
    return part.type === 'media' ? [plainMedia(part)] : [part];
  });
}

export function plainResult(result: ToolResultPart): ToolResultPart {
  const parts = result.parts.flatMap((part) => {
    if (part.type === 'native') return plainNative(part);
    return part.type === 'media' ? [plainMedia(part)] : [part];
  });
  return { ...result, parts };
}

/** A text file is text: few providers read such files. */
function plainMedia(media: MediaPart): MediaPart | TextPart {
  const { kind, source, mediaType, filename, cache } = media;
  if (kind !== 'file' || source.type !== 'data' || mediaType !== 'text/plain') return media;
  const text = Buffer.from(source.data, 'base64').toString();
  return { type: 'text', text: lines([filename, text]), ...(cache === undefined ? {} : { cache }) };
}

function plainNative(part: NativePart): (TextPart | MediaPart | NativePart)[] {
  if (part.dialect !== 'anthropic') return [part];
  if (!isObject(part.raw)) return [];
  switch (part.raw['type']) {
    case 'text':
      return [{ type: 'text', text: wordOf(part.raw['text']) }];
    case 'document':
      return plainDocument(part.raw);
    case 'search_result':
      return plainPieces([wordOf(part.raw['title']), wordOf(part.raw['source'])], part.raw['content']);
    default:
      return [];
  }
}

function plainDocument(raw: JsonObject): (TextPart | MediaPart)[] {
  const notes = [wordOf(raw['title']), wordOf(raw['context'])];
  const media = documentMedia(raw, 'document');
  if (media === null) return plainPieces(notes, isObject(raw['source']) ? raw['source']['content'] : undefined);
  const context = wordOf(raw['context']);
  return [...(context === '' ? [] : [textPart(context)]), plainMedia(media)];
}

/** A document or result that is given as a list of text and images. */
function plainPieces(notes: readonly string[], content: unknown): (TextPart | MediaPart)[] {
  const pieces = typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content.filter(isObject) : [];
  const text = pieces.map((piece: JsonObject) => wordOf(piece['text']));
  const images = pieces.filter((piece: JsonObject) => piece['type'] === 'image').map((piece) => readImage(piece, 'content'));
  const said = lines([...notes, ...text]);
  return [...(said === '' ? [] : [textPart(said)]), ...images];
}

function textPart(text: string): TextPart {
  return { type: 'text', text };
}

function lines(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join('\n');
}
