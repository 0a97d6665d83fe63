import type { Usage } from '../../../core/usage.ts';
import { MOST_SECONDS, secondsOf } from './audio-usage.ts';
import { HEARD_TOKENS_A_SECOND, WRITTEN_TOKENS_A_SECOND } from './token-rates.ts';
import { readWav } from './wav.ts';

/** What is known of a recording before anybody has heard it. */
export interface Recording {
  /** Its first bytes. */
  readonly head: Buffer;
  /** Bytes; null while it arrives. */
  readonly size: number | null;
  /** It cannot become larger, bytes. */
  readonly atMost: number;
  readonly contentType: string;
  readonly filename: string;
}

/**
 * What hearing a recording uses: its seconds, where its header tells them and all of it is here; and a guess of everything that a
 * price may ask for. What it is guessed from never makes a recording shorter than it can be.
 */
export function heardUse(recording: Recording): { readonly usage: Usage | null; readonly guess: Usage } {
  const { head, size, atMost } = recording;
  const wav = readWav(head);
  const bytes = size ?? atMost;
  const longest = wav === null ? bytes / bytesASecond(recording) : Math.max(0, bytes - wav.start) / wav.bytesASecond;
  const told = wav === null || size === null ? null : Math.min(wav.bytes, Math.max(0, size - wav.start)) / wav.bytesASecond;
  const exact = secondsOf(told);
  return {
    usage: exact === null ? null : { inputTokens: 0, outputTokens: 0, seconds: exact },
    guess: guessed(Math.min(MOST_SECONDS, Math.ceil(longest * 1000) / 1000)),
  };
}

function guessed(seconds: number): Usage {
  const heard = Math.ceil(seconds * HEARD_TOKENS_A_SECOND);
  return { inputTokens: heard, audioInputTokens: heard, outputTokens: Math.ceil(seconds * WRITTEN_TOKENS_A_SECOND), seconds };
}

/** Bytes of a second of speech, as people usually record it; by the ending of a file or the name of its type. */
const RATES: readonly (readonly [RegExp, number])[] = [
  [/opus|ogg|oga|webm|amr|3gp/, 4000],
  [/flac/, 24_000],
  [/wav|wave|pcm|l16|aiff/, 32_000],
];
/** MP3, M4A and whatever else: 64 kbit in a second. */
const USUAL_RATE = 8000;

function bytesASecond({ contentType, filename }: Recording): number {
  const names = `${/[^.]*$/.exec(filename)?.[0] ?? ''} ${contentType}`.toLowerCase();
  return RATES.find(([ending]) => ending.test(names))?.[1] ?? USUAL_RATE;
}
