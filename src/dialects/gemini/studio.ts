import type { MediaPart } from '../../core/parts.ts';

/**
 * What is peculiar to Google AI Studio among the hosts that speak this dialect: where a model stands, and which addresses of
 * media the host reads itself.
 */

/** Path of a method of a model, e.g. `/v1beta/models/gemini-2.5-flash:generateContent`. @param method with its query, if it has one */
export function methodPath(model: string, method: string): string {
  return `/v1beta/${resourceName(model)}:${method}`;
}

/** `models/gemini-2.5-flash`; tuned models keep their own kind of name. */
export function resourceName(model: string): string {
  const name = model.split('/').map(encodeURIComponent).join('/');
  return /^(models|tunedModels)\//.test(name) ? name : `models/${name}`;
}

const FILES = 'https://generativelanguage.googleapis.com/v1beta/';

/** A file of Google's Files API by its name (`files/abc`) or its whole address. */
export function fileUri(fileId: string): string {
  return fileId.startsWith('files/') ? FILES + fileId : fileId;
}

/** Whether the medium must be given by its bytes: Google reads its own files, its buckets and YouTube. */
export function mustInline({ source }: MediaPart): boolean {
  return source.type === 'url' && !READ_BY_GOOGLE.some((pattern) => pattern.test(source.url));
}

const READ_BY_GOOGLE = [
  /^gs:\/\//,
  /^https:\/\/generativelanguage\.googleapis\.com\/v1\w*\/files\//,
  /^https:\/\/(www\.|m\.)?youtube\.com\/(watch\?|shorts\/|live\/|embed\/)/,
  /^https:\/\/youtu\.be\//,
];
