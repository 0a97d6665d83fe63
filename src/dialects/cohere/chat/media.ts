import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';

/** Cohere fetches images itself. It takes no files: their text is read here, so that they are fetched first. */
export function mustInline({ kind, source }: MediaPart): boolean {
  return source.type === 'url' && kind === 'file';
}

/** Whether the part is a file whose text goes beside the messages, as a document. */
export function isDocument({ kind, mediaType = '' }: MediaPart): boolean {
  return kind === 'file' && !mediaType.startsWith('image/');
}

/**
 * An image as a part of a user's content.
 *
 * @throws {InvalidRequestError} for media that Cohere has no place for
 * @see https://docs.cohere.com/docs/image-inputs (read 2026-11-26)
 */
export function imageBlock({ kind, source, mediaType, detail }: MediaPart): JsonObject {
  if (kind === 'audio' || kind === 'video') throw new InvalidRequestError(`Cohere models do not take ${kind} as input.`, 'messages');
  if (source.type === 'file_id')
    throw new InvalidRequestError('Cohere takes images by a data URL or an https URL, not by the id of a file.', 'messages');
  const url = source.type === 'url' ? source.url : `data:${mediaType ?? 'image/jpeg'};base64,${source.data}`;
  return { type: 'image_url', image_url: { url, ...(detail === undefined ? {} : { detail }) } };
}

/**
 * A file as a document that the model may cite.
 *
 * @throws {InvalidRequestError} for files that are no text
 * @see https://docs.cohere.com/docs/retrieval-augmented-generation-rag (read 2026-11-26)
 */
export function documentOf({ source, mediaType, filename }: MediaPart): JsonObject {
  const type = mediaType?.toLowerCase().split(';')[0]?.trim() ?? TYPE_OF_EXTENSION[filename?.toLowerCase().split('.').at(-1) ?? ''];
  if (source.type !== 'data' || type === undefined || !isText(type)) {
    throw new InvalidRequestError(
      `Cohere takes files of text as documents, but a message holds ${type ?? 'a file of unknown type'}.`,
      'messages',
    );
  }
  const text = Buffer.from(source.data, 'base64').toString('utf8');
  return { data: { ...(filename === undefined ? {} : { title: filename }), text } };
}

const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};

function isText(type: string): boolean {
  return type.startsWith('text/') || /^application\/(\w[\w.+-]*\+)?(json|xml|yaml|x-yaml)$/.test(type);
}
