import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { CacheMark, MediaPart, RefusalPart, TextPart } from '../../../core/parts.ts';
import { sourceOfUrl } from '../chat/media.ts';
import { cacheMarkOf } from '../chat/read-content.ts';
import { listAt, maybe, missing, objectAt, present, stringAt } from '../request-fields.ts';
import { unknownWord } from './fields.ts';

type ContentPart = TextPart | MediaPart | RefusalPart;

/**
 * The parts of a message's `content`: text, or a list of typed parts.
 *
 * @param param path of the content, for errors
 * @throws {InvalidRequestError} naming the member
 */
export function readContent(content: unknown, param: string): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return listAt(content, param, 'objects or a string').map((item, i) => readPart(objectAt(item, `${param}[${i}]`), `${param}[${i}]`));
}

/** What a tool gave: text and media. @throws {InvalidRequestError} naming the member */
export function readOutput(output: unknown, param: string): (TextPart | MediaPart)[] {
  const parts = readContent(output, param);
  return parts.map((part, i) => {
    if (part.type === 'refusal') throw unknownWord('refusal', `${param}[${i}].type`, OUTPUT_TYPES);
    return part;
  });
}

const OUTPUT_TYPES = ['input_text', 'input_image', 'input_file'];

function readPart(raw: JsonObject, param: string): ContentPart {
  const type = stringAt(raw['type'], `${param}.type`);
  const read = READERS.get(type);
  if (!read) throw unknownWord(type, `${param}.type`, [...READERS.keys()]);
  const part = read(raw, param);
  return part.type === 'refusal' ? part : { ...part, ...present({ cache: cacheOf(raw) }) };
}

/** OpenAI's mark where a cached prompt may end, or Anthropic's. */
function cacheOf(raw: JsonObject): CacheMark | undefined {
  return cacheMarkOf(raw) ?? (isObject(raw['prompt_cache_breakpoint']) ? {} : undefined);
}

type PartReader = (raw: JsonObject, param: string) => ContentPart;

const READERS: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ['input_text', readText],
  ['output_text', readText],
  ['text', readText],
  ['refusal', (raw, param) => ({ type: 'refusal', text: stringAt(raw['refusal'], `${param}.refusal`) })],
  ['input_image', readImage],
  ['computer_screenshot', readImage],
  ['input_file', readFile],
  ['input_audio', readAudio],
]);

function readText(raw: JsonObject, param: string): TextPart {
  return { type: 'text', text: stringAt(raw['text'], `${param}.text`) };
}

function readImage(raw: JsonObject, param: string): MediaPart {
  const url = maybe(raw['image_url'], `${param}.image_url`, urlAt);
  const fileId = maybe(raw['file_id'], `${param}.file_id`, stringAt);
  if (url === undefined && fileId === undefined) throw missing(`${param}.image_url`);
  return {
    type: 'media',
    kind: 'image',
    ...(url === undefined ? { source: { type: 'file_id', fileId: fileId ?? '' } } : sourceOfUrl(url)),
    ...present({ detail: maybe(raw['detail'], `${param}.detail`, stringAt) }),
  };
}

/** Some clients give the object that chat has. */
function urlAt(value: unknown, param: string): string {
  return isObject(value) ? stringAt(value['url'], `${param}.url`) : stringAt(value, param);
}

function readFile(raw: JsonObject, param: string): MediaPart {
  const filename = maybe(raw['filename'], `${param}.filename`, stringAt);
  const detail = maybe(raw['detail'], `${param}.detail`, stringAt);
  return { type: 'media', kind: 'file', ...fileSource(raw, param), ...present({ filename, detail }) };
}

function fileSource(raw: JsonObject, param: string): Pick<MediaPart, 'source' | 'mediaType'> {
  const data = maybe(raw['file_data'], `${param}.file_data`, stringAt);
  if (data !== undefined) return data.startsWith('data:') ? sourceOfUrl(data) : { source: { type: 'data', data } };
  const url = maybe(raw['file_url'], `${param}.file_url`, stringAt);
  if (url !== undefined) return sourceOfUrl(url);
  return { source: { type: 'file_id', fileId: stringAt(raw['file_id'], `${param}.file_id`) } };
}

function readAudio(raw: JsonObject, param: string): MediaPart {
  const audio = objectAt(raw['input_audio'], `${param}.input_audio`);
  const data = stringAt(audio['data'], `${param}.input_audio.data`);
  const format = maybe(audio['format'], `${param}.input_audio.format`, stringAt);
  return {
    type: 'media',
    kind: 'audio',
    source: { type: 'data', data },
    ...(format === undefined ? {} : { mediaType: `audio/${format}` }),
  };
}
