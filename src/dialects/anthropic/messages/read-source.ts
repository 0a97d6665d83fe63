import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, NativePart } from '../../../core/parts.ts';
import { present } from '../../openai/request-fields.ts';
import { maybe, objectAt, stringAt, wordAt } from './fields.ts';

/** An `image` block. @throws {InvalidRequestError} naming the member */
export function readImage(raw: JsonObject, path: string): MediaPart {
  const source = objectAt(raw['source'], `${path}.source`);
  const type = wordAt(source['type'], `${path}.source.type`, ['base64', 'url', 'file']);
  return { type: 'media', kind: 'image', ...readSource(type, source, `${path}.source`) };
}

/**
 * A `document` block. What only Anthropic can do with a document (cite it, read notes about it, take it in pieces) keeps it in
 * Anthropic's form.
 *
 * @throws {InvalidRequestError} naming the member
 */
export function readDocument(raw: JsonObject, path: string): MediaPart | NativePart {
  const media = documentMedia(raw, path);
  const isPlain = media !== null && !isCited(raw['citations']) && typeof raw['context'] !== 'string';
  return isPlain ? media : { type: 'native', dialect: 'anthropic', raw };
}

/** The document as a file; `null` when it is given in pieces. */
export function documentMedia(raw: JsonObject, path: string): MediaPart | null {
  const source = objectAt(raw['source'], `${path}.source`);
  const type = wordAt(source['type'], `${path}.source.type`, ['base64', 'url', 'file', 'text', 'content']);
  if (type === 'content') return null;
  const title = maybe(raw['title'], `${path}.title`, stringAt);
  const file = type === 'text' ? readText(source, `${path}.source`) : readSource(type, source, `${path}.source`);
  return { type: 'media', kind: 'file', ...(type === 'url' ? PDF : {}), ...file, ...present({ filename: title }) };
}

/** Documents behind a URL are PDF. */
const PDF = { mediaType: 'application/pdf' };

type Source = Pick<MediaPart, 'source' | 'mediaType'>;

function readSource(type: 'base64' | 'url' | 'file', source: JsonObject, path: string): Source {
  switch (type) {
    case 'base64':
      return {
        source: { type: 'data', data: stringAt(source['data'], `${path}.data`) },
        mediaType: stringAt(source['media_type'], `${path}.media_type`),
      };
    case 'url':
      return { source: { type: 'url', url: stringAt(source['url'], `${path}.url`) } };
    case 'file':
      return { source: { type: 'file_id', fileId: stringAt(source['file_id'], `${path}.file_id`) } };
  }
}

function readText(source: JsonObject, path: string): Source {
  const text = stringAt(source['data'], `${path}.data`);
  return { source: { type: 'data', data: Buffer.from(text).toString('base64') }, mediaType: 'text/plain' };
}

function isCited(citations: unknown): boolean {
  return isObject(citations) && citations['enabled'] === true;
}
