import type { Behaviour } from '../../support/fake-provider.ts';

/** One grey pixel, as PNG. */
export const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');
export const PIXEL_TEXT = PIXEL.toString('base64');

/** An answer of OpenAI's shape with so many images. */
export function made(images = 1, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { created: 1_713_833_628, data: Array.from({ length: images }, () => ({ b64_json: PIXEL_TEXT })), ...more };
}

export const bytes =
  (body: Buffer | string, type: string, status = 200): Behaviour =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
