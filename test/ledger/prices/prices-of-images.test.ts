import { describe, expect, test } from 'vitest';
import { usdText } from '../../../src/core/money.ts';
import { Catalogue } from '../../../src/ledger/prices/catalogue/catalogue.ts';
import { IMAGE_PRICES } from '../../../src/ledger/prices/image-prices.ts';
import { PriceBook } from '../../../src/ledger/prices/price-book.ts';

const book = new PriceBook({ catalogue: Catalogue.empty() });
const NO_PRICES = {};

function costOf(provider: string, model: string, made: { n?: number; size?: readonly [number, number]; quality?: string }): string {
  const { n = 1, size, quality } = made;
  const price = book.priceOf({ provider, model, custom: NO_PRICES });
  const usage = {
    inputTokens: 0,
    outputTokens: 0,
    images: n,
    ...(size ? { imagePixels: n * size[0] * size[1], imageSize: size.join('x') } : {}),
    ...(quality === undefined ? {} : { imageQuality: quality }),
  };
  return usdText(price.costOf(usage, 0).total);
}

describe('an image', () => {
  test.each([
    ['azure', 'dall-e-3', {}, '0.04'],
    ['azure', 'dall-e-3', { size: [1024, 1024], quality: 'standard' }, '0.04'],
    ['openai', 'dall-e-3', { n: 3, size: [1792, 1024], quality: 'hd' }, '0.36'],
    ['openai', 'dall-e-2', { n: 10, size: [256, 256] }, '0.16'],
    ['openai', 'dall-e-2', { n: 10, size: [512, 512] }, '0.18'],
    ['bedrock', 'us.amazon.nova-canvas-v1:0', { size: [1024, 1024] }, '0.04'],
    ['bedrock', 'amazon.nova-canvas-v1:0', { size: [1280, 1024], quality: 'premium' }, '0.08'],
    ['bedrock', 'amazon.titan-image-generator-v2:0', { size: [512, 512] }, '0.008'],
    ['bedrock', 'amazon.titan-image-generator-v2:0', { size: [1024, 1024], quality: 'premium' }, '0.012'],
    ['gemini', 'imagen-4.0-fast-generate-001', { n: 4 }, '0.08'],
    ['vertex_ai', 'imagen-4.0-ultra-generate-001', {}, '0.06'],
    ['stability', 'sd3.5-large-turbo', {}, '0.04'],
    ['stability', 'sd3.5-medium', { n: 2 }, '0.07'],
  ] as const)('of %s/%s with %j costs %s', (provider, model, made, cost) => {
    expect(costOf(provider, model, made)).toBe(cost);
  });

  test('of a provider that bills otherwise has no price here', () => {
    const price = book.priceOf({ provider: 'fal_ai', model: 'dall-e-3', custom: NO_PRICES });
    expect(price.known).toBe(false);
  });

  test('costs what its deployment says, whatever its size', () => {
    const price = book.priceOf({ provider: 'openai', model: 'dall-e-3', custom: { output_cost_per_image: '0.5' } });
    const usage = { inputTokens: 0, outputTokens: 0, images: 2, imagePixels: 2 * 1792 * 1024, imageQuality: 'hd' };
    expect(usdText(price.costOf(usage, 0).total)).toBe('1');
    expect(price.costOf(usage, 0).origin?.source).toBe('config');
  });

  test('has a mode and a usual price to show', () => {
    const facts = book.infoOf({ provider: 'openai', model: 'dall-e-3', custom: NO_PRICES }, 0);
    expect([facts.mode, facts.prices['output_cost_per_image']]).toEqual(['image_generation', '0.04']);
  });
});

test('every row ends with a price without conditions, and tells its source', () => {
  for (const { prices, source, date } of IMAGE_PRICES) {
    expect(Object.keys(prices.at(-1) ?? {})).toEqual(['image']);
    expect(source).toMatch(/^https:\/\//);
    expect(date).toMatch(/^20\d\d-\d\d$/);
  }
});
