/**
 * Tokens of media, guessed from what a request shows: fixed numbers at the high end of what providers state.
 *
 * | medium | number | source |
 * |---|---|---|
 * | image, `detail: low` | 85 | OpenAI, "Images and vision": a low-detail image costs 85 tokens |
 * | image | 1,600 | Anthropic, "Vision": width * height / 750, scaled down to about 1,600 tokens; OpenAI's eight tiles are 85 + 8 * 170 = 1,445 |
 * | audio, a second | 32 | Google, "Understand and count tokens": audio is 32 tokens a second (OpenAI: 10) |
 * | video, a second | 300 | Google, the same page: 263 tokens a second, audio beside it 32 |
 * | document, a page | 3,000 | Anthropic, "PDF support": 1,500 to 3,000 tokens of text a page |
 *
 * Length and pages are guessed from the size of the data. Media that are given by an address have no size: a minute of
 * audio or video, ten pages.
 */
const IMAGE = 1600;
const IMAGE_LOW_DETAIL = 85;
const AUDIO_SECOND = 32;
const VIDEO_SECOND = 300;
const DOCUMENT_PAGE = 3000;

const UNKNOWN_SECONDS = 60;
const UNKNOWN_PAGES = 10;

/** Speech at 64 kbit/s, the common setting of voice recorders; below it a second holds fewer bytes, and the guess is low. */
const BYTES_OF_COMPRESSED_SECOND = 8_000;
/** 16 kHz, 16 bit, one channel: what speech models take. */
const BYTES_OF_WAV_SECOND = 32_000;
/** 1 Mbit/s. */
const BYTES_OF_VIDEO_SECOND = 125_000;
const BYTES_OF_PAGE = 50_000;

export type Medium = 'image' | 'audio' | 'video' | 'file';

export interface MediumSize {
  /** Bytes of the medium itself, not of its base64 text; null when only its address is known. */
  readonly bytes: number | null;
  /** OpenAI's `detail` of an image. */
  readonly detail?: string;
  /** Whether audio is not compressed. */
  readonly wav?: boolean;
}

/** The tokens that a medium may cost, for a reservation: whole, at least 1. */
export function mediaTokens(medium: Medium, { bytes, detail, wav }: MediumSize): number {
  if (medium === 'image') return detail === 'low' ? IMAGE_LOW_DETAIL : IMAGE;
  if (medium === 'video') return VIDEO_SECOND * units(bytes, BYTES_OF_VIDEO_SECOND, UNKNOWN_SECONDS);
  if (medium === 'file') return DOCUMENT_PAGE * units(bytes, BYTES_OF_PAGE, UNKNOWN_PAGES);
  return AUDIO_SECOND * units(bytes, wav === true ? BYTES_OF_WAV_SECOND : BYTES_OF_COMPRESSED_SECOND, UNKNOWN_SECONDS);
}

function units(bytes: number | null, size: number, unknown: number): number {
  return bytes === null ? unknown : Math.max(1, Math.ceil(bytes / size));
}

/** Bytes that base64 text of this length stands for. */
export function base64Bytes(length: number): number {
  return Math.floor((length * 3) / 4);
}
