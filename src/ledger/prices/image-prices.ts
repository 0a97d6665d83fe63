/** What one image costs on conditions; all that are given must hold. */
export interface ImagePrice {
  /** Words of the call for the quality. */
  readonly quality?: readonly string[];
  readonly morePixelsThan?: number;
  readonly fewerPixelsThan?: number;
  /** US dollars, decimal text. */
  readonly image: string;
}

/** Prices of a model: the first that fits counts, the last one has no conditions. */
export interface ImagePriceRow {
  /** Our ids of those who bill so. */
  readonly providers: readonly string[];
  readonly match: RegExp;
  readonly prices: readonly [ImagePrice, ...ImagePrice[]];
  readonly source: string;
  /** `YYYY-MM`: when the source said so. */
  readonly date: string;
}

const HD = ['hd', 'high'] as const;
const PREMIUM = ['premium', ...HD] as const;

/** Models that are billed by the image, which the bundled prices do not know. */
export const IMAGE_PRICES: readonly ImagePriceRow[] = [
  {
    providers: ['openai', 'azure'],
    match: /^dall-e-3$/,
    prices: [
      { quality: HD, morePixelsThan: 1048576, image: '0.12' },
      { quality: HD, image: '0.08' },
      { morePixelsThan: 1048576, image: '0.08' },
      { image: '0.04' },
    ],
    source: 'https://platform.openai.com/docs/pricing',
    date: '2025-06',
  },
  {
    providers: ['openai', 'azure'],
    match: /^dall-e-2$/,
    prices: [{ fewerPixelsThan: 262144, image: '0.016' }, { fewerPixelsThan: 1048576, image: '0.018' }, { image: '0.02' }],
    source: 'https://platform.openai.com/docs/pricing',
    date: '2025-06',
  },
  {
    providers: ['gemini', 'vertex_ai'],
    match: /^imagen-4\.\d-fast/,
    prices: [{ image: '0.02' }],
    source: 'https://ai.google.dev/gemini-api/docs/pricing',
    date: '2025-09',
  },
  {
    providers: ['gemini', 'vertex_ai'],
    match: /^imagen-4\.\d-ultra/,
    prices: [{ image: '0.06' }],
    source: 'https://ai.google.dev/gemini-api/docs/pricing',
    date: '2025-09',
  },
  {
    providers: ['gemini', 'vertex_ai'],
    match: /^imagen-4\.\d-generate/,
    prices: [{ image: '0.04' }],
    source: 'https://ai.google.dev/gemini-api/docs/pricing',
    date: '2025-09',
  },
  {
    providers: ['gemini'],
    match: /^imagen-3\./,
    prices: [{ image: '0.03' }],
    source: 'https://ai.google.dev/gemini-api/docs/pricing',
    date: '2025-09',
  },
  {
    providers: ['bedrock'],
    match: /^amazon\.nova-canvas/,
    prices: [
      { quality: PREMIUM, morePixelsThan: 1048576, image: '0.08' },
      { quality: PREMIUM, image: '0.06' },
      { morePixelsThan: 1048576, image: '0.06' },
      { image: '0.04' },
    ],
    source: 'https://aws.amazon.com/bedrock/pricing/',
    date: '2025-06',
  },
  {
    providers: ['bedrock'],
    match: /^amazon\.titan-image/,
    prices: [
      { quality: PREMIUM, morePixelsThan: 262144, image: '0.012' },
      { quality: PREMIUM, image: '0.01' },
      { fewerPixelsThan: 262145, image: '0.008' },
      { image: '0.01' },
    ],
    source: 'https://aws.amazon.com/bedrock/pricing/',
    date: '2025-06',
  },
  {
    providers: ['stability'],
    match: /^(stable-image-)?core$/,
    prices: [{ image: '0.03' }],
    source: 'https://platform.stability.ai/pricing',
    date: '2026-06',
  },
  {
    providers: ['stability'],
    match: /^(stable-image-)?ultra$/,
    prices: [{ image: '0.08' }],
    source: 'https://platform.stability.ai/pricing',
    date: '2026-06',
  },
  {
    providers: ['stability'],
    match: /^sd3\.5-large$/,
    prices: [{ image: '0.065' }],
    source: 'https://platform.stability.ai/pricing',
    date: '2026-06',
  },
  {
    providers: ['stability'],
    match: /^sd3\.5-large-turbo$/,
    prices: [{ image: '0.04' }],
    source: 'https://platform.stability.ai/pricing',
    date: '2026-06',
  },
  {
    providers: ['stability'],
    match: /^sd3\.5-medium$/,
    prices: [{ image: '0.035' }],
    source: 'https://platform.stability.ai/pricing',
    date: '2026-06',
  },
  {
    providers: ['xai'],
    match: /^grok-imagine-image$/,
    prices: [{ image: '0.02' }],
    source: 'https://docs.x.ai/docs/models',
    date: '2026-05',
  },
  {
    providers: ['xai'],
    match: /^grok-2-image/,
    prices: [{ image: '0.07' }],
    source: 'https://docs.x.ai/docs/models',
    date: '2025-06',
  },
  {
    providers: ['recraft'],
    match: /^recraftv3$/,
    prices: [{ image: '0.04' }],
    source: 'https://www.recraft.ai/docs/api-reference/pricing',
    date: '2025-06',
  },
  {
    providers: ['recraft'],
    match: /^recraftv2$/,
    prices: [{ image: '0.022' }],
    source: 'https://www.recraft.ai/docs/api-reference/pricing',
    date: '2025-06',
  },
];

/** The row of a provider's model, under one of the names that its price may stand under; null: there is none. */
export function imagePricesOf(provider: string, model: string): ImagePriceRow | null {
  const name = model.toLowerCase();
  return IMAGE_PRICES.find(({ providers, match }) => providers.includes(provider) && match.test(name)) ?? null;
}

/** Whether the conditions hold. What a call leaves open fits no condition. */
export function fitsImage(price: ImagePrice, quality: string | undefined, pixels: number | undefined): boolean {
  if (price.quality && !(quality !== undefined && price.quality.includes(quality))) return false;
  if (price.morePixelsThan !== undefined && !(pixels !== undefined && pixels > price.morePixelsThan)) return false;
  return price.fewerPixelsThan === undefined || (pixels !== undefined && pixels < price.fewerPixelsThan);
}

/** Conditions as the rule of a price names them: ` hd, above 1048576 pixels`. */
export function conditionsOf({ quality, morePixelsThan, fewerPixelsThan }: ImagePrice): string {
  const words = [
    quality?.[0],
    morePixelsThan === undefined ? undefined : `above ${morePixelsThan} pixels`,
    fewerPixelsThan === undefined ? undefined : `below ${fewerPixelsThan} pixels`,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? '' : ` ${words.join(', ')}`;
}
