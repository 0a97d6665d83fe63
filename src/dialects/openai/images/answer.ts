import type { ImagesAnswer, MadeImage } from '../../../core/answer.ts';
import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { MalformedAnswerError, ProviderError } from '../../../core/provider-error.ts';
import { errorInside } from '../errors.ts';
import { imageUsage } from './usage.ts';

/**
 * Reads an answer that holds images in any of the places where providers put them: `data[]` as OpenAI does, `images[]` (fal,
 * SiliconFlow), `base64[]` (Fireworks), `data.image_urls[]` (MiniMax), `image` (Stability), `result.image` (Cloudflare).
 *
 * @throws {ProviderError} when it holds none
 */
export function readImages(body: unknown): ImagesAnswer {
  if (!isObject(body)) throw new MalformedAnswerError('The provider answered with something other than a JSON object.', 'shape');
  const images = placesIn(body).flatMap(imageOf);
  if (images.length === 0) throw refusalIn(body) ?? errorInside(body) ?? nothingIn();
  const usage = imageUsage(body['usage']);
  return { images, ...(usage === null ? {} : { usage }) };
}

/** A provider that filtered all that it made. */
function refusalIn(body: JsonObject): ProviderError | null {
  const reasons = [body['finish_reason'], body['finish_reasons']].flat();
  const reason = reasons.map(wordOf).find((word) => /filter/i.test(word));
  if (reason === undefined) return null;
  return new ProviderError({
    class: 'ContentPolicyViolationError',
    status: 400,
    code: 'content_policy_violation',
    message: `The provider's filter kept the image back: ${reason.slice(0, 100)}.`,
  });
}

function nothingIn(): MalformedAnswerError {
  return new MalformedAnswerError('The answer holds no image.', 'shape');
}

function placesIn(body: JsonObject): unknown[] {
  const { data, images, base64, image, result } = body;
  const inside = isObject(data) ? [data['image_urls'], data['image_base64'], data['images']] : [data];
  return [...inside, images, base64, image, isObject(result) ? result['image'] : undefined].flat();
}

function imageOf(entry: unknown): MadeImage[] {
  if (typeof entry === 'string') return entry === '' ? [] : [placed(entry)];
  if (!isObject(entry)) return [];
  const { image_url: address } = entry;
  const found = [entry['b64_json'], entry['base64'], entry['url'], isObject(address) ? address['url'] : address, entry['image']]
    .map(wordOf)
    .find((text) => text !== '');
  if (found === undefined) return [];
  const revisedPrompt = wordOf(entry['revised_prompt']);
  return [{ ...placed(found), ...(revisedPrompt === '' ? {} : { revisedPrompt }) }];
}

const DATA_URL = /^data:[^,]{0,200};base64,/;

/** An address, or the image itself. */
function placed(text: string): MadeImage {
  if (/^https?:\/\//i.test(text)) return { url: text };
  return { data: text.replace(DATA_URL, '') };
}

/** The answer of `POST /images/generations` and `/images/edits` (data-plane 9.8). @param created seconds since 1970 */
export function writeImagesAnswer({ images, usage }: ImagesAnswer, created: number): JsonObject {
  return {
    created,
    data: images.map(({ data, url, revisedPrompt }) => ({
      url: url ?? null,
      b64_json: data ?? null,
      revised_prompt: revisedPrompt ?? null,
    })),
    ...(usage === undefined || usage.inputTokens + usage.outputTokens === 0
      ? {}
      : {
          usage: {
            input_tokens: usage.inputTokens,
            output_tokens: usage.outputTokens,
            total_tokens: usage.inputTokens + usage.outputTokens,
            input_tokens_details: {
              text_tokens: Math.max(0, usage.inputTokens - (usage.imageInputTokens ?? 0)),
              image_tokens: usage.imageInputTokens ?? 0,
            },
          },
        }),
  };
}
