/**
 * OpenAI's parameters for making and changing images, `model` left out.
 *
 * @see https://platform.openai.com/docs/api-reference/images (2026-11-26)
 */
export const OPENAI_IMAGE_PARAMS: ReadonlySet<string> = new Set([
  'prompt',
  'n',
  'size',
  'quality',
  'style',
  'response_format',
  'background',
  'output_format',
  'output_compression',
  'moderation',
  'input_fidelity',
  'user',
  'stream',
  'partial_images',
]);

/** Members that hold the images of an edit, in a form or in JSON. */
export const IMAGE_MEMBERS: ReadonlySet<string> = new Set(['image', 'images', 'mask']);

/** Values that ask for what happens anyway: leaving them out changes nothing. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  n: [1, '1'],
  size: ['auto'],
  quality: ['auto', 'standard'],
  background: ['auto'],
  moderation: ['auto'],
  style: ['vivid'],
  input_fidelity: ['low'],
};

/** Parameters whose loss changes nothing in the image: who asks, and how it is sent on its way. */
const HINTS: ReadonlySet<string> = new Set(['user', 'stream', 'partial_images', 'moderation']);

/** Whether a parameter that a provider does not know may be left out without a word. */
export function isNeutral(param: string, value: unknown): boolean {
  return HINTS.has(param) || (NEUTRAL[param] ?? []).includes(value);
}
