import { InvalidRequestError } from '../../../core/errors.ts';
import type { Usage } from '../../../core/usage.ts';
import { BYTES_A_TOKEN, LETTERS_A_SECOND, SAID_TOKENS_A_SECOND } from './token-rates.ts';

/** @see https://platform.openai.com/docs/api-reference/audio/createSpeech */
const TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/** What the audio of a format is called where the provider does not say it. */
export function speechType(format: unknown): string {
  return TYPES[typeof format === 'string' ? format : 'mp3'] ?? 'application/octet-stream';
}

/** @throws {InvalidRequestError} the text to speak is a text, and not empty */
export function checkSpeechInput(input: unknown): asserts input is string {
  if (typeof input !== 'string') throw new InvalidRequestError("'input' must be the text to speak.", 'input');
  if (input === '') throw new InvalidRequestError("'input' must not be empty: there is nothing to speak.", 'input');
}

/**
 * What speaking a text uses: its characters, exactly; and a guess of everything that a price may ask for, since audio comes without a
 * count of its tokens or seconds.
 */
export function speechUse(input: string): { readonly usage: Usage; readonly guess: Usage } {
  const characters = charactersOf(input);
  const seconds = Math.ceil(characters / LETTERS_A_SECOND);
  const said = seconds * SAID_TOKENS_A_SECOND;
  return {
    usage: { inputTokens: 0, outputTokens: 0, characters },
    guess: {
      inputTokens: Math.ceil(Buffer.byteLength(input) / BYTES_A_TOKEN),
      outputTokens: said,
      audioOutputTokens: said,
      characters,
      seconds,
    },
  };
}

/** Characters as people and price lists count them: a character beyond the first plane is one, not two. */
export function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
