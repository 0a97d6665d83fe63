import type { Usage } from '../core/usage.ts';

/** Tokens of one call, each counted once: what each price is multiplied with. */
export interface BilledTokens {
  readonly input: number;
  readonly cache_read: number;
  readonly cache_read_audio: number;
  readonly cache_read_image: number;
  readonly cache_write: number;
  readonly cache_write_1h: number;
  readonly audio_input: number;
  readonly image_input: number;
  readonly video_input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audio_output: number;
  readonly image_output: number;
}

/**
 * A count as it can be billed: what a provider reports may be negative, broken or missing.
 *
 * @returns a number that is finite and not negative
 */
export function countOf(reported: number | undefined): number {
  return reported !== undefined && reported > 0 && reported < Infinity ? reported : 0;
}

/** A count of tokens: whole. */
function tokensOf(reported: number | undefined): number {
  if (reported === undefined || reported === 0) return 0;
  return Math.min(Math.ceil(countOf(reported)), Number.MAX_SAFE_INTEGER);
}

/**
 * Splits a usage into parts that do not overlap (data-plane 16.4): plain text is what the details leave of the total.
 *
 * Cached audio and images are billed at the cached rate only. Where the provider told how much of the cache was media,
 * that much is taken off the media; where it did not and the details exceed the total, the excess is such an overlap.
 * Details that alone exceed the total are believed, and the total is not.
 *
 * Where the provider tells what it bills, that is taken and its parts are not: what it leaves out of its bill may be among
 * them.
 */
export function billedTokens({ billed, ...used }: Usage): BilledTokens {
  const usage: Usage = billed ?? used;
  const total = tokensOf(usage.inputTokens);
  const read = tokensOf(usage.cacheReadTokens);
  const write = tokensOf(usage.cacheWriteTokens);
  const writeHour = tokensOf(usage.cacheWriteHourTokens);
  const readAudio = Math.min(tokensOf(usage.cacheReadAudioTokens), read);
  const readImage = Math.min(tokensOf(usage.cacheReadImageTokens), read - readAudio);
  const toldAudio = Math.max(0, tokensOf(usage.audioInputTokens) - readAudio);
  const toldImage = Math.max(0, tokensOf(usage.imageInputTokens) - readImage);
  const toldVideo = tokensOf(usage.videoInputTokens);

  const cached = read + write + writeHour;
  const media = toldAudio + toldImage + toldVideo;
  const twice = cached <= total && media <= total ? Math.max(0, cached + media - total) : 0;
  const audio = Math.max(0, toldAudio - twice);
  const image = Math.max(0, toldImage - Math.max(0, twice - toldAudio));
  const video = Math.max(0, toldVideo - Math.max(0, twice - toldAudio - toldImage));

  const reasoning = tokensOf(usage.reasoningTokens);
  const audioOutput = tokensOf(usage.audioOutputTokens);
  const imageOutput = tokensOf(usage.imageOutputTokens);
  return {
    input: Math.max(0, total - cached - audio - image - video),
    cache_read: read - readAudio - readImage,
    cache_read_audio: readAudio,
    cache_read_image: readImage,
    cache_write: write,
    cache_write_1h: writeHour,
    audio_input: audio,
    image_input: image,
    video_input: video,
    output: Math.max(0, tokensOf(usage.outputTokens) - reasoning - audioOutput - imageOutput),
    reasoning,
    audio_output: audioOutput,
    image_output: imageOutput,
  };
}
