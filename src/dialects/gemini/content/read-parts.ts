import { printed, type JsonObject, wordOf } from '../../../core/json-object.ts';
import type { MediaPart, Part, ReasoningPart, TextPart } from '../../../core/parts.ts';
import { present } from '../../openai/request-fields.ts';
import { detailOf } from '../chat/media-part.ts';
import { maybe, numberAt, objectAt, rawAt, refused, stringAt } from './fields.ts';
import { unsealed } from './sealed.ts';

/** A function's answer as it stands in a turn, before it is known which call it answers. */
export interface GivenResult {
  readonly type: 'result';
  readonly id: string | undefined;
  readonly name: string;
  readonly parts: readonly (TextPart | MediaPart)[];
  readonly isError: boolean;
}

/** A call before it has an id that nobody else has. */
export interface GivenCall {
  readonly type: 'call';
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
  readonly signature: string | undefined;
}

export type GivenPart = Part | GivenResult | GivenCall;

/**
 * One element of `parts`. Steps of tools that Google runs, and kinds to come, become native parts.
 *
 * @param raw with its members in camel case
 * @throws {InvalidRequestError} naming the member
 * @see https://ai.google.dev/api/caching#Part (2026-11-26)
 */
export function readPart(raw: JsonObject, path: string): GivenPart[] {
  const signature = maybe(raw['thoughtSignature'], `${path}.thoughtSignature`, stringAt);
  if (given(raw, 'text')) return readText(raw, path, signature);
  if (given(raw, 'inlineData') || given(raw, 'fileData')) return [readMedia(raw, path)];
  if (given(raw, 'functionCall'))
    return [readCall(objectAt(raw['functionCall'], `${path}.functionCall`), `${path}.functionCall`, signature)];
  if (given(raw, 'functionResponse'))
    return [readResult(objectAt(raw['functionResponse'], `${path}.functionResponse`), `${path}.functionResponse`)];
  if (Object.keys(raw).every((name) => !given(raw, name))) throw refused(path, 'a part must hold something.');
  return [{ type: 'native', dialect: 'gemini', raw: { gemini_parts: [raw] } }];
}

function given(raw: JsonObject, name: string): boolean {
  return raw[name] !== undefined && raw[name] !== null;
}

function readText(raw: JsonObject, path: string, signature: string | undefined): Part[] {
  const text = stringAt(raw['text'], `${path}.text`);
  if (raw['thought'] === true) return [readThought(text, signature)];
  const signed: Part[] = signature === undefined ? [] : [{ type: 'native', dialect: 'gemini', raw: { thought_signatures: [signature] } }];
  return [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...signed];
}

function readThought(text: string, signature: string | undefined): ReasoningPart {
  if (signature === undefined || signature === '') return { type: 'reasoning', text };
  const { origin, kind, proof } = unsealed(signature);
  return kind === 'hidden' ? { type: 'reasoning', text, encrypted: proof, origin } : { type: 'reasoning', text, signature: proof, origin };
}

/** `inlineData` or `fileData`, and how it is to be looked at. @throws {InvalidRequestError} naming the member */
export function readMedia(raw: JsonObject, path: string): MediaPart {
  const resolution = maybe(raw['mediaResolution'], `${path}.mediaResolution`, objectAt);
  return {
    ...(given(raw, 'inlineData') ? inlineOf(raw['inlineData'], `${path}.inlineData`) : fileOf(raw['fileData'], `${path}.fileData`)),
    ...present({ clip: maybe(raw['videoMetadata'], `${path}.videoMetadata`, clipAt), detail: detailOf(wordOf(resolution?.['level'])) }),
  };
}

function inlineOf(value: unknown, path: string): MediaPart {
  const inline = objectAt(value, path);
  const mediaType = stringAt(inline['mimeType'], `${path}.mimeType`);
  const data = stringAt(inline['data'], `${path}.data`).replaceAll('-', '+').replaceAll('_', '/');
  return { type: 'media', kind: kindOf(mediaType), source: { type: 'data', data }, mediaType, ...nameIn(inline, path) };
}

function fileOf(value: unknown, path: string): MediaPart {
  const file = objectAt(value, path);
  const url = stringAt(file['fileUri'], `${path}.fileUri`);
  const mediaType = maybe(file['mimeType'], `${path}.mimeType`, stringAt);
  const kind = mediaType === undefined && YOUTUBE.test(url) ? 'video' : kindOf(mediaType ?? '');
  return { type: 'media', kind, source: { type: 'url', url }, ...present({ mediaType }), ...nameIn(file, path) };
}

const YOUTUBE = /^https:\/\/((www\.|m\.)?youtube\.com|youtu\.be)\//;

function nameIn(raw: JsonObject, path: string): Pick<MediaPart, 'filename'> {
  return present({ filename: maybe(raw['displayName'], `${path}.displayName`, stringAt) });
}

function kindOf(mediaType: string): MediaPart['kind'] {
  const [kind] = mediaType.toLowerCase().split('/');
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

function clipAt(value: unknown, path: string): NonNullable<MediaPart['clip']> {
  const raw = objectAt(value, path);
  return present({
    fps: maybe(raw['fps'], `${path}.fps`, numberAt),
    start: maybe(raw['startOffset'], `${path}.startOffset`, stringAt),
    end: maybe(raw['endOffset'], `${path}.endOffset`, stringAt),
  });
}

function readCall(raw: JsonObject, path: string, signature: string | undefined): GivenCall {
  return {
    type: 'call',
    id: maybe(raw['id'], `${path}.id`, stringAt) || undefined,
    name: stringAt(raw['name'], `${path}.name`),
    arguments: JSON.stringify(maybe(raw['args'], `${path}.args`, rawAt) ?? {}),
    signature: signature === '' ? undefined : signature,
  };
}

function readResult(raw: JsonObject, path: string): GivenResult {
  const { text, isError } = responseIn(maybe(raw['response'], `${path}.response`, rawAt) ?? {});
  const media = maybe(raw['parts'], `${path}.parts`, listOfMedia) ?? [];
  return {
    type: 'result',
    id: maybe(raw['id'], `${path}.id`, stringAt) || undefined,
    name: stringAt(raw['name'], `${path}.name`),
    parts: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...media],
    isError,
  };
}

function listOfMedia(value: unknown, path: string): MediaPart[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item: unknown, at) => readMedia(objectAt(item, `${path}[${at}]`), `${path}[${at}]`));
}

/**
 * What a function gave back, as text. Google takes nothing but objects: one whose only member says that it is the output is the
 * output itself.
 */
function responseIn(response: JsonObject): { readonly text: string; readonly isError: boolean } {
  const [only, ...others] = Object.entries(response);
  if (!only || others.length > 0) return { text: JSON.stringify(response), isError: false };
  const [name, value] = only;
  if (name === 'error') return { text: printed(value), isError: true };
  return { text: OUTPUTS.has(name) ? printed(value) : JSON.stringify(response), isError: false };
}

const OUTPUTS: ReadonlySet<string> = new Set(['output', 'result', 'content']);
