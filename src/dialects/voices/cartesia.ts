import type { JsonObject } from '../../core/json-object.ts';
import { pairsOf } from './query.ts';
import { heardOf, wordsIn } from './transcripts.ts';
import type { HearingWire, SpeechFormat, SpeechWire } from './wire.ts';

/** Its documentation asks every call for the day of the interface that is meant. */
const VERSION = { 'cartesia-version': '2025-04-16' };

const FORMATS: Readonly<Partial<Record<SpeechFormat, JsonObject>>> = {
  mp3: { container: 'mp3', sample_rate: 44_100, bit_rate: 128_000 },
  wav: { container: 'wav', encoding: 'pcm_s16le', sample_rate: 24_000 },
  pcm: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
};

/** Voices that its documentation recommends. @see https://docs.cartesia.ai/build-with-cartesia/tts-models/latest (read 2026-11-27) */
const KATIE = 'f786b574-daa5-4673-aa0c-cbe3e8534c02';
const KIEFER = '228fca29-3a0a-435c-8728-5cb483251068';
const TESSA = '6ccbfb76-1fc6-48f7-b71d-91ac6298247b';
const KYLE = 'c961b81c-a935-4c17-bfb3-ba2239de8c2f';
const VOICES = { alloy: KATIE, ash: KYLE, cedar: KYLE, coral: TESSA, echo: KIEFER, fable: KYLE, onyx: KIEFER, shimmer: TESSA, verse: KYLE };

/** @see https://docs.cartesia.ai/api-reference/tts/bytes (read 2026-11-27) */
export const CARTESIA_SPEECH: SpeechWire = {
  formats: ['mp3', 'wav', 'pcm'],
  speed: (model) => (model.startsWith('sonic-3') ? [0.6, 1.5] : null),
  voices: () => VOICES,
  voice: /^[\w-]{1,64}$/,
  takes: ['language', 'pronunciation_dict_id'],
  say: ({ model, text, voice, format, speed, own }) => ({
    path: '/tts/bytes',
    headers: VERSION,
    body: {
      ...(speed !== null && { generation_config: { speed } }),
      output_format: FORMATS[format],
      ...own,
      model_id: model,
      transcript: text,
      voice: { mode: 'id', id: voice },
    },
  }),
};

/** @see https://docs.cartesia.ai/api-reference/stt/transcribe (read 2026-11-27) */
export const CARTESIA_HEARING: HearingWire = {
  takes: [],
  ask: ({ model, language, times, own }) => ({
    path: '/stt',
    headers: VERSION,
    fields: pairsOf({ ...own, model, language, 'timestamp_granularities[]': times ? 'word' : null }),
  }),
  read: ({ text, language, duration, words }) =>
    heardOf({ text, language, seconds: duration, words: wordsIn(words, ({ word, start, end }) => ({ word, start, end })) }),
};
