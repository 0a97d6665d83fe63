import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CacheMark, MediaPart, Part, ReasoningPart } from '../../../core/parts.ts';
import { unsealed } from '../../marked-proof.ts';
import { listAt, maybe, numberAt, objectAt, present, stringAt } from '../request-fields.ts';
import { sourceOfUrl } from './media.ts';
import { signatureOf } from './thought-signature.ts';

/**
 * The parts of a message's `content`: text, a list of typed parts, or nothing. Parts this dialect does not know, and those
 * only Anthropic understands, become native parts.
 *
 * @param param path of the content, for errors
 * @throws {InvalidRequestError}
 */
export function readContent(content: unknown, param: string): Part[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return listAt(content, param, 'objects or a string').map((item, i) => readPart(item, `${param}[${i}]`));
}

function readPart(item: unknown, param: string): Part {
  if (typeof item === 'string') return { type: 'text', text: item };
  const raw = objectAt(item, param);
  const read = READERS[stringAt(raw['type'], `${param}.type`)];
  const part = read?.(raw, param) ?? { type: 'native', dialect: 'openai', raw };
  const cache = cacheMarkOf(raw);
  return cache && (part.type === 'text' || part.type === 'media') ? { ...part, cache } : part;
}

type PartReader = (raw: JsonObject, param: string) => Part;

const READERS: Readonly<Record<string, PartReader>> = {
  text: (raw, param) => ({ type: 'text', text: stringAt(raw['text'], `${param}.text`) }),
  refusal: (raw, param) => ({ type: 'refusal', text: stringAt(raw['refusal'], `${param}.refusal`) }),
  thinking: (raw) => readThinking(raw),
  redacted_thinking: (raw) => readThinking(raw),
  image_url: readImageUrl,
  input_audio: readInputAudio,
  video_url: (raw, param) => media('video', sourceOfUrl(urlIn(raw['video_url'], `${param}.video_url`))),
  document_url: (raw, param) => media('file', sourceOfUrl(urlIn(raw['document_url'], `${param}.document_url`))),
  file: readFile,
  image: (raw, param) => readAnthropicSource('image', raw, param),
  document: (raw, param) => readAnthropicSource('file', raw, param),
};

/** A prompt-cache mark on a part, message or tool: `cache_control`. */
export function cacheMarkOf(raw: JsonObject): CacheMark | undefined {
  const control = raw['cache_control'];
  if (!isObject(control)) return undefined;
  return typeof control['ttl'] === 'string' ? { ttl: control['ttl'] } : {};
}

/** An Anthropic-shaped thinking block, or a Mistral one, whose `thinking` is a list of text parts. */
export function readThinking(raw: JsonObject): ReasoningPart {
  if (typeof raw['data'] === 'string') {
    const { origin, proof } = unsealed(raw['data']);
    return { type: 'reasoning', text: '', encrypted: proof, origin };
  }
  const text = textIn(raw['thinking']);
  if (typeof raw['signature'] !== 'string') return { type: 'reasoning', text };
  const { origin, proof } = unsealed(raw['signature']);
  return { type: 'reasoning', text, signature: proof, origin };
}

/** Text that may be a string or a list of strings and text parts. */
export function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join('');
  return isObject(value) && typeof value['text'] === 'string' ? value['text'] : '';
}

function readImageUrl(raw: JsonObject, param: string): MediaPart {
  const image = raw['image_url'];
  const details = isObject(image) ? image : {};
  const format = maybe(details['format'], `${param}.image_url.format`, stringAt);
  const detail = maybe(details['detail'], `${param}.image_url.detail`, stringAt);
  return media('image', {
    ...sourceOfUrl(urlIn(image, `${param}.image_url`), format),
    ...present({ detail, signature: signatureOf(raw) }),
  });
}

function urlIn(value: unknown, param: string): string {
  return isObject(value) ? stringAt(value['url'], `${param}.url`) : stringAt(value, param);
}

function readInputAudio(raw: JsonObject, param: string): MediaPart {
  // Mistral takes the bare base64 text here.
  const audio =
    typeof raw['input_audio'] === 'string' ? { data: raw['input_audio'] } : objectAt(raw['input_audio'], `${param}.input_audio`);
  const data = stringAt(audio['data'], `${param}.input_audio.data`);
  const format = maybe(audio['format'], `${param}.input_audio.format`, stringAt);
  return media('audio', { source: { type: 'data', data }, ...(format === undefined ? {} : { mediaType: `audio/${format}` }) });
}

function readFile(raw: JsonObject, param: string): MediaPart {
  const file = objectAt(raw['file'], `${param}.file`);
  const format = maybe(file['format'], `${param}.file.format`, stringAt);
  const filename = maybe(file['filename'], `${param}.file.filename`, stringAt);
  const detail = maybe(file['detail'], `${param}.file.detail`, stringAt);
  const clip = clipOf(file['video_metadata'], `${param}.file.video_metadata`);
  const data = maybe(file['file_data'], `${param}.file.file_data`, stringAt);
  return media('file', {
    ...(data === undefined ? fileById(file, format, param) : fileByData(data, format)),
    ...present({ filename, detail, clip }),
  });
}

/** `video_metadata` of a file: `{fps, start_offset, end_offset}`. */
function clipOf(value: unknown, param: string): MediaPart['clip'] {
  const clip = maybe(value, param, objectAt);
  return (
    clip &&
    present({
      fps: maybe(clip['fps'], `${param}.fps`, numberAt),
      start: maybe(clip['start_offset'], `${param}.start_offset`, stringAt),
      end: maybe(clip['end_offset'], `${param}.end_offset`, stringAt),
    })
  );
}

function fileByData(data: string, format: string | undefined): Pick<MediaPart, 'source' | 'mediaType'> {
  if (data.startsWith('data:')) return sourceOfUrl(data, format);
  return { source: { type: 'data', data }, ...(format === undefined ? {} : { mediaType: format }) };
}

function fileById(file: JsonObject, format: string | undefined, param: string): Pick<MediaPart, 'source' | 'mediaType'> {
  const id = stringAt(file['file_id'], `${param}.file.file_id`);
  if (/^(https?|gs):/.test(id)) return sourceOfUrl(id, format);
  return { source: { type: 'file_id', fileId: id }, ...(format === undefined ? {} : { mediaType: format }) };
}

/** An Anthropic `image` or `document` block. Documents with citations or context stay native: no other dialect can say that. */
function readAnthropicSource(kind: 'image' | 'file', raw: JsonObject, param: string): Part {
  const source = objectAt(raw['source'], `${param}.source`);
  const title = typeof raw['title'] === 'string' ? { filename: raw['title'] } : {};
  const mediaType = typeof source['media_type'] === 'string' ? { mediaType: source['media_type'] } : {};
  if (isObject(raw['citations']) || typeof raw['context'] === 'string') return { type: 'native', dialect: 'anthropic', raw };
  switch (source['type']) {
    case 'base64':
      return media(kind, { source: { type: 'data', data: stringAt(source['data'], `${param}.source.data`) }, ...mediaType, ...title });
    case 'url':
      return media(kind, { ...sourceOfUrl(stringAt(source['url'], `${param}.source.url`)), ...title });
    case 'file':
      return media(kind, { source: { type: 'file_id', fileId: stringAt(source['file_id'], `${param}.source.file_id`) }, ...title });
    case 'text':
      return { type: 'text', text: stringAt(source['data'], `${param}.source.data`) };
    default:
      return { type: 'native', dialect: 'anthropic', raw };
  }
}

function media(kind: MediaPart['kind'], rest: Omit<MediaPart, 'type' | 'kind'>): MediaPart {
  return { type: 'media', kind, ...rest };
}
