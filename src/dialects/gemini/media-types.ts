const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'text/xml',
  html: 'text/html',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};

/** The type that a file's name or address tells by its end. */
export function typeByExtension(name: string): string | undefined {
  const path = name.split(/[?#]/)[0] ?? '';
  const extension = /\.(\w+)$/.exec(path.replace(/^\w+:\/\/[^/]*/, ''))?.[1]?.toLowerCase();
  return extension === undefined ? undefined : TYPE_OF_EXTENSION[extension];
}
