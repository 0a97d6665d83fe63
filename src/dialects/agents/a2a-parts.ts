import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { MediaPart } from '../../core/parts.ts';
import { objectsIn } from './event-json.ts';

/** The parts of a message or artifact, sorted. */
export interface A2aParts {
  readonly text: string;
  readonly media: readonly MediaPart[];
  /** Structured results. */
  readonly data: readonly unknown[];
}

export function partsIn(raw: unknown): A2aParts {
  const parts = objectsIn(raw);
  return {
    text: parts.map(({ text }) => wordOf(text)).join(''),
    media: parts.flatMap(mediaIn),
    data: parts.flatMap(({ data }) => (data === undefined || data === null ? [] : [data])),
  };
}

/** The older version has the file in a member of its own. */
function mediaIn(part: JsonObject): MediaPart[] {
  const { file } = part;
  const { bytes, raw, uri, url, mimeType, mediaType, name, filename } = isObject(file) ? file : part;
  const data = wordOf(bytes) || wordOf(raw);
  const address = wordOf(uri) || wordOf(url);
  if (data === '' && address === '') return [];
  const type = wordOf(mimeType) || wordOf(mediaType);
  const title = wordOf(name) || wordOf(filename);
  const [family = ''] = type.split('/');
  return [
    {
      type: 'media',
      kind: family === 'image' || family === 'audio' || family === 'video' ? family : 'file',
      source: data === '' ? { type: 'url', url: address } : { type: 'data', data },
      ...(type === '' ? {} : { mediaType: type }),
      ...(title === '' ? {} : { filename: title }),
    },
  ];
}
