import { isObject } from '../../core/json-object.ts';
import { pairsOf } from './query.ts';
import { heardOf, wordsIn } from './transcripts.ts';
import type { HearingWire, SpeechWire } from './wire.ts';

/** @see https://docs.fish.audio/api-reference/endpoint/openapi-v1/text-to-speech (read 2026-11-27) */
export const FISH_SPEECH: SpeechWire = {
  formats: ['mp3', 'opus', 'wav', 'pcm'],
  speed: () => [0.5, 2],
  // A voice is a model of somebody's; without one it speaks in a voice of its own choice.
  voices: () => ({ alloy: '' }),
  voice: /^[\w-]{0,64}$/,
  takes: ['temperature', 'top_p', 'chunk_length', 'normalize', 'latency', 'mp3_bitrate', 'opus_bitrate'],
  say: ({ model, text, voice, format, speed, own }) => {
    const prosody = { ...(isObject(own['prosody']) && own['prosody']), ...(speed !== null && { speed }) };
    return {
      path: '/v1/tts',
      headers: { model },
      body: {
        ...(format === 'pcm' && { sample_rate: 24_000 }),
        ...own,
        text,
        format,
        ...(voice !== '' && { reference_id: voice }),
        ...(Object.keys(prosody).length > 0 && { prosody }),
      },
    };
  },
  // Its prices are for bytes of UTF-8.
  characters: ({ text }) => Buffer.byteLength(text),
};

/** @see https://docs.fish.audio/api-reference/endpoint/openapi-v1/speech-to-text (read 2026-11-27) */
export const FISH_HEARING: HearingWire = {
  takes: [],
  ask: ({ language, times, own }) => ({
    path: '/v1/asr',
    headers: {},
    fields: pairsOf({ ignore_timestamps: !times, ...own, language }),
    fileField: 'audio',
  }),
  read: ({ text, duration, segments }) => {
    const phrases = wordsIn(segments, (segment) => ({ word: segment['text'], start: segment['start'], end: segment['end'] }));
    return heardOf({ text, seconds: secondsIn(duration, phrases?.at(-1)?.end ?? 0), phrases });
  },
};

/** Its interface tells seconds, its own client says milliseconds: where the last phrase ends tells which. @returns null: nothing does */
function secondsIn(duration: unknown, lastEnd: number): number | null {
  if (typeof duration !== 'number' || lastEnd <= 0) return null;
  return duration > lastEnd * 100 ? duration / 1000 : duration;
}
