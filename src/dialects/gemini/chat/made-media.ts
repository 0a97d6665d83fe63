import { isObject, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import { wavHead } from '../../silence.ts';

/** How sound is to be given: as samples, or in a file that players know. */
export type SoundForm = 'samples' | 'wav';

const DEFAULT_RATE = 24_000;

/** `inlineData` of an answer; `null` for what is none. Sound comes as bare samples of 16 bits. */
export function madeMedia(part: JsonObject, form: SoundForm): MediaPart | null {
  const inline = part['inlineData'];
  if (!isObject(inline) || typeof inline['data'] !== 'string') return null;
  const mediaType = wordOf(inline['mimeType']);
  const signature = wordOf(part['thoughtSignature']);
  return {
    type: 'media',
    kind: kindOf(mediaType),
    ...soundOf(mediaType, inline['data'], form),
    ...(signature === '' ? {} : { signature }),
  };
}

function kindOf(mediaType: string): MediaPart['kind'] {
  const [kind] = mediaType.split('/');
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

function soundOf(mediaType: string, data: string, form: SoundForm): Pick<MediaPart, 'source' | 'mediaType'> {
  const isSamples = /^audio\/(l16|pcm)\b/i.test(mediaType);
  if (!isSamples || form === 'samples') return { source: { type: 'data', data }, ...(mediaType === '' ? {} : { mediaType }) };
  const samples = Buffer.from(data, 'base64');
  const rate = Number(/rate=(\d+)/.exec(mediaType)?.[1] ?? DEFAULT_RATE);
  return {
    source: { type: 'data', data: Buffer.concat([wavHead(samples.length, rate), samples]).toString('base64') },
    mediaType: 'audio/wav',
  };
}
