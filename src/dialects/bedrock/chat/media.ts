import { createHash } from 'node:crypto';
import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';

/** Bedrock reads bytes and its own buckets. */
export function mustInline({ source }: MediaPart): boolean {
  return source.type === 'url' && !isBucket(source.url);
}

type Kind = 'image' | 'document' | 'video' | 'audio';

/**
 * Formats by media type.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_VideoBlock.html
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_AudioBlock.html
 * Read on 2026-11-26.
 */
const FORMATS: ReadonlyMap<string, readonly [Kind, string]> = new Map([
  ['image/png', ['image', 'png']],
  ['image/jpeg', ['image', 'jpeg']],
  ['image/jpg', ['image', 'jpeg']],
  ['image/gif', ['image', 'gif']],
  ['image/webp', ['image', 'webp']],
  ['application/pdf', ['document', 'pdf']],
  ['text/csv', ['document', 'csv']],
  ['application/msword', ['document', 'doc']],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', ['document', 'docx']],
  ['application/vnd.ms-excel', ['document', 'xls']],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ['document', 'xlsx']],
  ['text/html', ['document', 'html']],
  ['text/plain', ['document', 'txt']],
  ['application/json', ['document', 'txt']],
  ['application/xml', ['document', 'txt']],
  ['text/xml', ['document', 'txt']],
  ['application/yaml', ['document', 'txt']],
  ['text/markdown', ['document', 'md']],
  ['video/mp4', ['video', 'mp4']],
  ['video/quicktime', ['video', 'mov']],
  ['video/x-matroska', ['video', 'mkv']],
  ['video/webm', ['video', 'webm']],
  ['video/x-flv', ['video', 'flv']],
  ['video/mpeg', ['video', 'mpeg']],
  ['video/x-ms-wmv', ['video', 'wmv']],
  ['video/3gpp', ['video', 'three_gp']],
  ['audio/mp3', ['audio', 'mp3']],
  ['audio/mpeg', ['audio', 'mp3']],
  ['audio/wav', ['audio', 'wav']],
  ['audio/flac', ['audio', 'flac']],
  ['audio/ogg', ['audio', 'ogg']],
  ['audio/opus', ['audio', 'opus']],
  ['audio/aac', ['audio', 'aac']],
  ['audio/webm', ['audio', 'webm']],
]);

/** Types by the end of a file's name, where it is not the format itself. */
const FORMAT_OF_EXTENSION: Readonly<Record<string, string>> = {
  jpg: 'jpeg',
  htm: 'html',
  '3gp': 'three_gp',
  json: 'txt',
  xml: 'txt',
  yaml: 'txt',
  yml: 'txt',
};

/** First bytes of files, in base64. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^iVBORw0KGgo/, 'image/png'],
  [/^\/9j\//, 'image/jpeg'],
  [/^R0lGOD/, 'image/gif'],
  [/^UklGR.{6}XRUJQ/, 'image/webp'],
  [/^JVBERi0/, 'application/pdf'],
];

/** @throws {InvalidRequestError} for media that Converse has no block for */
export function mediaBlock(media: MediaPart): JsonObject {
  const [kind, format] = formatOf(media);
  const block = { format, source: sourceOf(media) };
  return { [kind]: kind === 'document' ? { ...block, name: documentName(media) } : block };
}

/** Whether the block is a document: it needs text beside it. */
export function isDocument(block: JsonObject): boolean {
  return 'document' in block;
}

function sourceOf({ source }: MediaPart): JsonObject {
  if (source.type === 'data') return { bytes: source.data };
  const uri = source.type === 'url' ? source.url : source.fileId;
  if (isBucket(uri)) return { s3Location: { uri } };
  throw new InvalidRequestError('Bedrock takes media by their bytes or an s3:// address, not by the id of a file.', 'messages');
}

/** What the bytes say, else what the client says, else what a name says. */
function formatOf(media: MediaPart): readonly [Kind, string] {
  const { source, mediaType } = media;
  const sniffed = source.type === 'data' ? SIGNATURES.find(([start]) => start.test(source.data))?.[1] : undefined;
  const type = sniffed ?? mediaType?.toLowerCase().split(';')[0]?.trim();
  const found = (type === undefined ? undefined : FORMATS.get(type)) ?? byExtension(media);
  if (found) return found;
  throw new InvalidRequestError(`Bedrock does not take ${type ?? `${media.kind}s of unknown type`} as input.`, 'messages');
}

function byExtension({ source, filename }: MediaPart): readonly [Kind, string] | undefined {
  const name = filename ?? (source.type === 'url' ? source.url : '');
  const extension = name.toLowerCase().split('.').at(-1) ?? '';
  const format = FORMAT_OF_EXTENSION[extension] ?? extension;
  return [...FORMATS.values()].find(([, known]) => known === format);
}

/**
 * A name that AWS takes (letters, digits, single blanks, hyphens, brackets) and that is the same for the same content: it
 * belongs to the prompt, and a cached prompt must not change.
 */
function documentName({ source, filename = '' }: MediaPart): string {
  const content = source.type === 'data' ? source.data : source.type === 'url' ? source.url : source.fileId;
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const stem = filename
    .replace(/\.\w+$/, '')
    .replaceAll(/[^a-zA-Z0-9()[\]-]+/g, ' ')
    .trim()
    .slice(0, 180);
  return `${stem || 'document'} ${digest}`;
}

function isBucket(address: string): boolean {
  return /^s3:\/\//i.test(address);
}
