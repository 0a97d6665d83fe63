import { mediaTypeOf } from './sniff.ts';

/** Media as bytes, with what they are. */
export interface Media {
  /** MIME type; `application/octet-stream` when nothing tells. */
  readonly mediaType: string;
  readonly data: Buffer;
}

/** Reads a `data:` URL; its type is corrected by the bytes. `null` when it is none or holds nothing. */
export function readDataUrl(url: string): Media | null {
  const match = /^data:([^,]*?)(;base64)?,/i.exec(url);
  if (!match) return null;
  const [head, said = '', base64] = match;
  const text = url.slice(head.length);
  const data = base64 ? Buffer.from(text, 'base64') : unescaped(text);
  return data === null || data.length === 0 ? null : { mediaType: mediaTypeOf(data, said) ?? 'application/octet-stream', data };
}

function unescaped(text: string): Buffer | null {
  try {
    return Buffer.from(decodeURIComponent(text), 'utf8');
  } catch {
    return null;
  }
}
