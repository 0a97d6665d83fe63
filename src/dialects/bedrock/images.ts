import type { OutwardImages, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { MediaPart } from '../../core/parts.ts';
import type { ImageRequest } from '../../core/request.ts';
import { readImages } from '../openai/images/answer.ts';
import { checkedImages } from '../openai/images/check.ts';
import { ratioOf, sidesOf } from '../openai/images/size.ts';
import { errorWithin } from './errors.ts';
import { modelPath } from './model-path.ts';

/** How one maker's models are asked for images. */
interface Form {
  readonly most: number;
  /** OpenAI's parameters that have a place. */
  readonly taken: readonly string[];
  body(request: ImageRequest, model: string): JsonObject;
}

/**
 * Nova Canvas and Titan.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/image-gen-req-resp-structure.html (2026-11-26)
 */
const AMAZON: Form = {
  most: 5,
  taken: ['size', 'quality'],
  body: ({ n, size, quality, extras, ...request }) => {
    const { seed, cfgScale, cfg_scale: scale = cfgScale, ...params } = extras;
    const sides = size === undefined || size === 'auto' ? null : sidesOf(size);
    if (size !== undefined && size !== 'auto' && sides === null) throw badSize(size);
    return {
      ...taskOf(request, params),
      imageGenerationConfig: {
        numberOfImages: n,
        ...sides,
        ...(quality === undefined ? {} : { quality: PREMIUM.has(quality) ? 'premium' : 'standard' }),
        ...(scale === undefined ? {} : { cfgScale: scale }),
        ...(seed === undefined ? {} : { seed }),
      },
    };
  },
};

/** OpenAI's words for what these models call premium. */
const PREMIUM: ReadonlySet<string> = new Set(['premium', 'hd', 'high']);

/** Made from words, changed where a mask or words say, or varied. */
function taskOf({ prompt: text, images, mask }: Pick<ImageRequest, 'prompt' | 'images' | 'mask'>, params: JsonObject): JsonObject {
  const [first, ...others] = images;
  if (first === undefined) return { taskType: 'TEXT_IMAGE', textToImageParams: { text, ...params } };
  if (mask !== undefined || 'maskPrompt' in params) {
    if (others.length > 0) throw new InvalidRequestError('Only one image can be changed by a mask.', 'image');
    const maskImage = mask === undefined ? {} : { maskImage: dataOf(mask) };
    return { taskType: 'INPAINTING', inPaintingParams: { text, image: dataOf(first), ...maskImage, ...params } };
  }
  return { taskType: 'IMAGE_VARIATION', imageVariationParams: { text, images: images.map(dataOf), ...params } };
}

/**
 * Stability's models.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-diffusion-3-5-large.html (2026-11-26)
 */
const STABILITY: Form = {
  most: 1,
  taken: ['size', 'output_format'],
  body: ({ prompt, size, images: [image], mask, others: { output_format: format }, extras }, model) => {
    const ratio = size === undefined || size === 'auto' ? null : ratioOf(size);
    if (size !== undefined && size !== 'auto' && ratio === null) throw badSize(size);
    if (image !== undefined && !/sd3|inpaint|stable-image-(?!core|ultra)/.test(model))
      throw new InvalidRequestError(`${model} makes images and does not change any.`, 'model');
    const isImageToImage = image !== undefined && /sd3/.test(model);
    return {
      prompt,
      ...(ratio === null || image !== undefined ? {} : { aspect_ratio: ratio }),
      ...(image === undefined ? {} : { image: dataOf(image) }),
      ...(mask === undefined ? {} : { mask: dataOf(mask) }),
      ...(/sd3/.test(model) ? { mode: isImageToImage ? 'image-to-image' : 'text-to-image' } : {}),
      ...(isImageToImage ? { strength: USUAL_STRENGTH } : {}),
      ...(format === undefined ? {} : { output_format: format }),
      ...extras,
    };
  },
};

/** How far an image may move from the one it begins with. */
const USUAL_STRENGTH = 0.7;

/** Most images of one request: of more, there are several. */
export function mostImages({ model }: Target): number {
  return formOf(model).most;
}

/**
 * Images by InvokeModel, whose body is the model's own (dialects 4.4).
 *
 * @throws {InvalidRequestError} for models whose body is not known
 */
export function images(request: ImageRequest, target: Target): OutwardImages {
  const form = formOf(target.model);
  return {
    path: modelPath(target.model, 'invoke'),
    headers: {},
    body: form.body(checkedImages(request, form.taken, target), target.model),
    answer: (body) => {
      const error = isObject(body) ? (errorWithin(body) ?? errorOf(body)) : null;
      if (error) throw error;
      return readImages(body);
    },
  };
}

/** Nova says in the body what it kept back; with images beside it, these count. */
function errorOf({ error, images: made }: JsonObject): Error | null {
  if (typeof error !== 'string' || error === '' || (Array.isArray(made) && made.length > 0)) return null;
  return new MalformedAnswerError(`Bedrock made no image: ${error.slice(0, 300)}`, 'shape');
}

function formOf(model: string): Form {
  if (/amazon\.(nova-canvas|titan-image)/.test(model)) return AMAZON;
  if (/stability\./.test(model)) return STABILITY;
  throw new InvalidRequestError(`It is not known how Bedrock makes images with ${model}: Nova Canvas, Titan and Stability are.`, 'model');
}

function dataOf({ source }: MediaPart): string {
  if (source.type === 'data') return source.data;
  throw new InvalidRequestError('Bedrock takes the bytes of an image, not the name of a file.', 'image');
}

function badSize(size: string): InvalidRequestError {
  return new InvalidRequestError(`'size' must be width and height in pixels, such as '1024x1024', and not '${size.slice(0, 40)}'.`, 'size');
}
