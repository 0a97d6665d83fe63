import type { ImagesAnswer } from '../../core/answer.ts';
import type { OutwardDialect, OutwardImages, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError, ProviderError } from '../../core/provider-error.ts';
import type { ImageRequest } from '../../core/request.ts';
import { imagesByChat } from '../image-chat.ts';
import { checkedImages } from '../openai/images/check.ts';
import { ratioOf } from '../openai/images/size.ts';
import { sortedExtras } from './chat/extras.ts';
import { errorWithin } from './errors.ts';

/** What differs between the places where Google serves these models. */
export interface ImageSite {
  /** Path of a method of a model, e.g. of `predict`. */
  readonly methodPath: (model: string, method: string) => string;
  readonly chat: OutwardDialect['chat'];
}

/** Imagen makes four images at once, models that converse make one. */
export function mostImages({ model }: Target): number {
  return isImagen(model) ? 4 : 1;
}

/** Images by Imagen, or by a model that makes them in a conversation. @throws {UnsupportedParamsError | InvalidRequestError} */
export function images(request: ImageRequest, target: Target, site: ImageSite): OutwardImages {
  return isImagen(target.model) ? imagen(request, target, site) : inConversation(request, target, site);
}

function isImagen(model: string): boolean {
  return /(^|\/)imagen/.test(model.toLowerCase());
}

/** Forms that each kind of model knows. @see https://ai.google.dev/gemini-api/docs/imagen#imagen-configuration (2026-11-26) */
const IMAGEN_RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9'] as const;

/** @see https://ai.google.dev/gemini-api/docs/imagen (2026-11-26) */
function imagen(asked: ImageRequest, target: Target, { methodPath }: ImageSite): OutwardImages {
  const request = checkedImages(asked, ['size', 'quality', 'output_format'], target);
  if (request.images.length > 0) throw new InvalidRequestError(`${target.model} makes images and does not change any.`, 'model');
  const { output_format: format } = request.others;
  const { aspectRatio, imageSize } = shapeOf(request, IMAGEN_RATIOS);
  return {
    path: methodPath(target.model, 'predict'),
    headers: {},
    body: {
      instances: [{ prompt: request.prompt }],
      parameters: {
        sampleCount: request.n,
        ...(aspectRatio === undefined ? {} : { aspectRatio }),
        ...(imageSize === undefined ? {} : { sampleImageSize: imageSize }),
        ...(typeof format === 'string' ? { outputOptions: { mimeType: `image/${format === 'jpg' ? 'jpeg' : format}` } } : {}),
        ...request.extras,
      },
    },
    answer: predictionsOf,
  };
}

/** @see https://ai.google.dev/gemini-api/docs/image-generation (2026-11-26) */
function inConversation(asked: ImageRequest, target: Target, { chat }: ImageSite): OutwardImages {
  const { mask, ...request } = checkedImages(asked, ['size', 'quality'], target);
  if (mask !== undefined) throw new InvalidRequestError(`${target.model} takes no mask: say in words what is to be changed.`, 'mask');
  const shape = shapeOf(request);
  const { generation } = sortedExtras(request.extras);
  const own = isObject(generation['imageConfig']) ? generation['imageConfig'] : {};
  const { imageConfig: _, image_config: __, ...extras } = request.extras;
  const imageConfig = { ...shape, ...own };
  return imagesByChat(chat, { ...request, extras }, target, Object.keys(imageConfig).length === 0 ? {} : { imageConfig });
}

interface Shape {
  readonly aspectRatio?: string;
  readonly imageSize?: string;
}

/** `size` as a form, and as `1K`, `2K` or `4K` where it, or the quality, says so in these words. */
function shapeOf({ size, quality }: ImageRequest, ratios?: readonly string[]): Shape {
  const steps = [size, quality].find((word) => word !== undefined && /^[124]k$/i.test(word));
  const ratio = size === undefined || size === 'auto' ? null : ratioOf(size, ratios);
  return {
    ...(ratio === null ? {} : { aspectRatio: ratio }),
    ...(steps === undefined ? {} : { imageSize: steps.toUpperCase() }),
  };
}

/** What `:predict` gives. What its filter keeps back is not there, or stands there as a reason. */
function predictionsOf(body: unknown): ImagesAnswer {
  const error = errorWithin(body);
  if (error) throw error;
  const list: unknown = isObject(body) ? body['predictions'] : null;
  const predictions: JsonObject[] = Array.isArray(list) ? list.filter(isObject) : [];
  const made = predictions.map((prediction) => wordOf(prediction['bytesBase64Encoded'])).filter((data) => data !== '');
  if (made.length > 0) return { images: made.map((data) => ({ data })) };
  const isEmpty = isObject(body) && (list === undefined || list === null || predictions.some((each) => 'raiFilteredReason' in each));
  if (!isEmpty) throw new MalformedAnswerError('The answer holds no image.', 'shape');
  const reason = predictions.map((prediction) => wordOf(prediction['raiFilteredReason'])).find((word) => word !== '');
  throw new ProviderError({
    class: 'ContentPolicyViolationError',
    status: 400,
    code: 'content_policy_violation',
    message: `Google's filter kept the images back${reason === undefined ? '' : `: ${reason.slice(0, 300)}`}.`,
  });
}
