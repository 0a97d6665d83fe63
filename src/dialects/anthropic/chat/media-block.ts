import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import { cacheControl } from './cache-marks.ts';

/** Anthropic fetches only `https`, and of documents only PDF. */
export function mustInline({ kind, source, mediaType }: MediaPart): boolean {
  if (source.type !== 'url' || !/^https?:/i.test(source.url)) return false;
  return /^http:/i.test(source.url) || (kind === 'file' && mediaType !== undefined && !isPdf(mediaType) && !isImage(mediaType));
}

/**
 * An `image` or `document` block.
 *
 * @throws {InvalidRequestError} for audio, video and kinds of files that have no block
 * @see https://platform.claude.com/docs/en/build-with-claude/vision
 * @see https://platform.claude.com/docs/en/build-with-claude/pdf-support
 */
export function mediaBlock(media: MediaPart): JsonObject {
  if (media.kind === 'audio' || media.kind === 'video') {
    throw new InvalidRequestError(`Anthropic models do not take ${media.kind} as input.`, 'messages');
  }
  const type = mediaTypeOf(media);
  const block = media.kind === 'image' || isImage(type) ? imageBlock(media, type) : documentBlock(media, type);
  return { ...block, ...cacheControl(media.cache) };
}

function imageBlock({ source }: MediaPart, type: string | undefined): JsonObject {
  if (source.type === 'data') return { type: 'image', source: { type: 'base64', media_type: type ?? 'image/jpeg', data: source.data } };
  return { type: 'image', source: linkedSource(source) };
}

function documentBlock({ source, filename }: MediaPart, type: string | undefined): JsonObject {
  const title = filename === undefined ? {} : { title: filename };
  if (source.type !== 'data') return { type: 'document', source: linkedSource(source), ...title };
  if (type === undefined || isPdf(type)) {
    return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: source.data }, ...title };
  }
  if (!isText(type))
    throw new InvalidRequestError(`Anthropic models do not take files of the type ${type}: PDF, text and images only.`, 'messages');
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: decodedText(source.data) }, ...title };
}

function linkedSource(source: Exclude<MediaPart['source'], { type: 'data' }>): JsonObject {
  const url = source.type === 'url' ? source.url : source.fileId;
  return source.type === 'url' || /^https?:/i.test(url) ? { type: 'url', url } : { type: 'file', file_id: url };
}

/** What the bytes say, else what the client says, else what the file's name says. */
function mediaTypeOf({ source, mediaType, filename }: MediaPart): string | undefined {
  const sniffed = source.type === 'data' ? SIGNATURES.find(([start]) => start.test(source.data))?.[1] : undefined;
  const told = mediaType?.toLowerCase().split(';')[0]?.trim();
  return sniffed ?? (told === 'image/jpg' ? 'image/jpeg' : told) ?? TYPE_OF_EXTENSION[filename?.toLowerCase().split('.').at(-1) ?? ''];
}

/** First bytes of files, in base64. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^iVBORw0KGgo/, 'image/png'],
  [/^\/9j\//, 'image/jpeg'],
  [/^R0lGOD/, 'image/gif'],
  [/^UklGR.{6}XRUJQ/, 'image/webp'],
  [/^JVBERi0/, 'application/pdf'],
];

const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
};

function isPdf(type: string): boolean {
  return type === 'application/pdf';
}

function isImage(type: string | undefined): boolean {
  return type?.startsWith('image/') ?? false;
}

function isText(type: string): boolean {
  return type.startsWith('text/') || type === 'application/json' || type === 'application/xml' || type === 'application/yaml';
}

function decodedText(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
