import type { Usage } from '../../../core/usage.ts';
import { sidesOf } from './size.ts';

/** What is known of a call for images. */
export interface AskedImages {
  readonly n: number;
  readonly size: unknown;
  readonly quality: unknown;
  /** Letters of the prompt. */
  readonly promptLength: number;
  /** Images that are sent along to be changed. */
  readonly given: number;
  /** Unfinished images that are asked for. */
  readonly partial: number;
}

/**
 * What making so many images uses: their number, size and quality; and a guess of everything that a price may ask for.
 *
 * @param made how many there are; those that were asked for while nobody knows
 */
export function imageUse(asked: AskedImages, made: number = asked.n): { readonly usage: Usage; readonly guess: Usage } {
  const sides = sidesOf(asked.size);
  const known = {
    images: made,
    ...(sides === null ? {} : { imageSize: `${sides.width}x${sides.height}` }),
    ...(typeof asked.quality === 'string' && asked.quality !== 'auto' ? { imageQuality: asked.quality.slice(0, 40) } : {}),
  };
  const pixels = sides === null ? USUAL_PIXELS : sides.width * sides.height;
  const output = made * (outputTokens(asked) + Math.min(asked.partial, MOST_PARTIAL) * PARTIAL_TOKENS);
  const read = asked.given * GIVEN_TOKENS;
  return {
    usage: { inputTokens: 0, outputTokens: 0, ...known, ...(sides === null ? {} : { imagePixels: made * pixels }) },
    guess: {
      inputTokens: Math.ceil(asked.promptLength / LETTERS_A_TOKEN) + read,
      outputTokens: output,
      ...(read > 0 ? { imageInputTokens: read } : {}),
      imageOutputTokens: output,
      ...known,
      imagePixels: made * pixels,
    },
  };
}

const USUAL_PIXELS = 1_048_576;
const LETTERS_A_TOKEN = 4;
const MOST_PARTIAL = 3;
/** What one unfinished image adds. */
const PARTIAL_TOKENS = 100;
/** Of an image that is sent along, of usual size. */
const GIVEN_TOKENS = 1500;

/**
 * Tokens of an image at OpenAI: square, upright, wide. The dearest where a call leaves the choice to the provider.
 *
 * @see https://platform.openai.com/docs/guides/image-generation#cost-and-latency (2026-11-26)
 */
const OUTPUT_TOKENS: Readonly<Record<string, readonly [number, number, number]>> = {
  low: [272, 408, 400],
  medium: [1056, 1584, 1568],
  high: [4160, 6240, 6208],
};
const DEAREST = [4160, 6240, 6208] as const;

function outputTokens({ size, quality }: AskedImages): number {
  const [square, upright, wide] = OUTPUT_TOKENS[typeof quality === 'string' ? quality : ''] ?? DEAREST;
  const sides = sidesOf(size);
  if (sides === null) return upright;
  const usual = sides.width === sides.height ? square : sides.width < sides.height ? upright : wide;
  return Math.max(usual, Math.ceil((sides.width * sides.height * square) / USUAL_PIXELS));
}

/** What a call's members ask for; odd values are the provider's to refuse. @param given images that come along */
export function askedImages(members: Readonly<Record<string, unknown>>, given: number): AskedImages {
  const { n, size, quality, prompt, partial_images: partial } = members;
  return {
    n: Math.max(1, wholeOf(n)),
    size,
    quality,
    promptLength: typeof prompt === 'string' ? prompt.length : 0,
    given,
    partial: wholeOf(partial),
  };
}

/** Forms write numbers as text. */
function wholeOf(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number > 0 && number <= MOST_COUNTED ? Math.ceil(number) : 0;
}

/** Nobody makes more. */
const MOST_COUNTED = 1_000_000;
