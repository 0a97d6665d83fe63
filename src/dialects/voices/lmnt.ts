import type { SpeechFormat, SpeechWire } from './wire.ts';

const FORMATS: Readonly<Partial<Record<SpeechFormat, string>>> = { mp3: 'mp3', aac: 'aac', wav: 'wav', pcm: 'pcm_s16le' };

const VOICES = { alloy: 'leah', ash: 'ansel', cedar: 'ansel', coral: 'amy', echo: 'ansel', fable: 'elowen', nova: 'amy', onyx: 'ansel', shimmer: 'elowen', verse: 'ansel' }; // prettier-ignore

/** @see https://docs.lmnt.com/api-reference (read 2026-11-27) */
export const LMNT_SPEECH: SpeechWire = {
  formats: ['mp3', 'aac', 'wav', 'pcm'],
  voices: () => VOICES,
  voice: /^[\w-]{1,100}$/,
  takes: ['language', 'seed', 'temperature', 'top_p'],
  say: ({ model, text, voice, format, speed, own }) => ({
    path: '/ai/speech/bytes',
    headers: { 'lmnt-version': '1.0' },
    body: { sample_rate: 24_000, ...own, ...(speed !== null && { speed }), model, text, voice, format: FORMATS[format] },
  }),
};
