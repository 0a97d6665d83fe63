/** Width and height in pixels. */
export interface Sides {
  readonly width: number;
  readonly height: number;
}

/** Larger than any image that is made. */
const LONGEST_SIDE = 16_384;

/** Reads `1024x1792`; null for everything else (`auto`, `2K`, `16:9`). */
export function sidesOf(size: unknown): Sides | null {
  const match = typeof size === 'string' ? /^(\d{1,5})\s*[xX*×]\s*(\d{1,5})$/.exec(size.trim()) : null;
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  return width > 0 && height > 0 && width <= LONGEST_SIDE && height <= LONGEST_SIDE ? { width, height } : null;
}

/** The forms that models know. */
const RATIOS = ['1:1', '16:9', '9:16', '3:2', '2:3', '4:3', '3:4', '5:4', '4:5', '21:9', '9:21'] as const;

/**
 * The form of an image as `16:9`: the one of those taken that comes nearest. A form that is given as such stays.
 *
 * @returns null when the size tells no form
 */
export function ratioOf(size: unknown, taken: readonly string[] = RATIOS): string | null {
  if (typeof size === 'string' && /^\d{1,2}(?:\.\d)?:\d{1,2}(?:\.\d)?$/.test(size)) return size;
  const sides = sidesOf(size);
  if (sides === null) return null;
  const away = (ratio: string): number => {
    const [width = 1, height = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log(((sides.width / sides.height) * height) / width));
  };
  return taken.toSorted((a, b) => away(a) - away(b))[0] ?? null;
}
