import { InvalidRequestError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import type { ImageRequest } from '../../../core/request.ts';
import { sourceOfUrl } from '../chat/media.ts';
import { maybe, missing, present, stringAt, wrongType } from '../request-fields.ts';
import { IMAGE_MEMBERS, OPENAI_IMAGE_PARAMS } from './params.ts';

/** Images that come beside the members, in a form. */
export interface GivenImages {
  readonly images: readonly MediaPart[];
  readonly mask?: MediaPart;
}

/**
 * Reads the members of a call for images, less those for the gateway.
 *
 * @param given the images of a form; absent: JSON may name some
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://platform.openai.com/docs/api-reference/images (2026-11-26)
 */
export function readImageRequest(members: JsonObject, model: string, given: GivenImages = imagesIn(members)): ImageRequest {
  const { prompt, n, size, quality, ...rest } = members;
  const others = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  return {
    model,
    prompt: stringAt(prompt, 'prompt'),
    n: countAt(n),
    ...present({ size: maybe(size, 'size', stringAt), quality: maybe(quality, 'quality', stringAt) }),
    ...given,
    others: Object.fromEntries(others.filter(([name]) => OPENAI_IMAGE_PARAMS.has(name))),
    extras: Object.fromEntries(others.filter(([name]) => !OPENAI_IMAGE_PARAMS.has(name) && !IMAGE_MEMBERS.has(name) && name !== 'model')),
  };
}

/** How many images are wanted; forms write numbers as text. @throws {InvalidRequestError} */
export function countAt(value: unknown): number {
  const n = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : (value ?? 1);
  if (typeof n !== 'number') throw wrongType('n', 'an integer', value);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidRequestError("'n' must be a whole number of images, at least 1.", 'n');
  return n;
}

/** `images` and `mask` as OpenAI's JSON has them, and `image` as others do: addresses, data URLs, objects that hold one. */
export function imagesIn({ image, images, mask }: JsonObject): GivenImages {
  const list = [images ?? image ?? []].flat();
  const masked = mask === undefined || mask === null ? undefined : imageAt(mask, 'mask');
  return { images: list.map((each, at) => imageAt(each, `images[${at}]`)), ...(masked === undefined ? {} : { mask: masked }) };
}

function imageAt(value: unknown, param: string): MediaPart {
  const { image_url: address, url, file_id: file } = isObject(value) ? value : { url: value };
  const found = isObject(address) ? address['url'] : (address ?? url);
  if (typeof found === 'string' && found !== '') return { type: 'media', kind: 'image', ...sourceOfUrl(found) };
  if (typeof file === 'string') return { type: 'media', kind: 'image', source: { type: 'file_id', fileId: file } };
  throw missing(`${param}.image_url`);
}
