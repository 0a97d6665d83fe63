/** Kinds of media a message can hold. */
export type MediaKind = 'image' | 'audio' | 'video' | 'file';

type Signature = readonly [mediaType: string, at: number, bytes: string];

/** First bytes of the formats that models read; latin1. */
const SIGNATURES: readonly Signature[] = [
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/bmp', 0, 'BM'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/avif', 4, 'ftypavif'],
  ['image/heic', 4, 'ftypheic'],
  ['image/heic', 4, 'ftypmif1'],
  ['application/pdf', 0, '%PDF-'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/mp4', 4, 'ftypM4A'],
  ['video/quicktime', 4, 'ftypqt'],
  ['video/mp4', 4, 'ftyp'],
  ['video/webm', 0, '\x1aE\xdf\xa3'],
  ['video/x-msvideo', 8, 'AVI '],
];

/** The MIME type that the first bytes tell, or `null`. */
export function sniffMediaType(data: Buffer): string | null {
  const head = data.toString('latin1', 0, 32);
  const found = SIGNATURES.find(([, at, bytes]) => head.startsWith(bytes, at));
  if (found) return found[0];
  const isMpegFrame = data.length > 2 && data[0] === 0xff && ((data[1] ?? 0) & 0xe6) === 0xe2;
  return isMpegFrame ? 'audio/mpeg' : null;
}

/** Names that people and servers write for a type that has another one. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
};

/** A MIME type without parameters, under its own name; `null` for none or for one that says nothing. */
export function plainMediaType(text: string | null | undefined): string | null {
  const type = (text ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === 'application/octet-stream' || type === 'binary/octet-stream') return null;
  return ALIASES[type] ?? type;
}

/** What the bytes are: their own signature before what anybody said of them (data-plane 11.10). */
export function mediaTypeOf(data: Buffer, said: string | null | undefined): string | null {
  return sniffMediaType(data) ?? plainMediaType(said);
}
