import { isObject } from '../../core/json-object.ts';
import { present } from '../openai/request-fields.ts';
import { pairsOf, withQuery } from './query.ts';
import { heardOf, speakerOf, wordsIn } from './transcripts.ts';
import type { HearingWire, SpeechFormat, SpeechWire } from './wire.ts';

/** @see https://elevenlabs.io/docs/api-reference/text-to-speech/stream (read 2026-11-27) */
const FORMATS: Readonly<Partial<Record<SpeechFormat, string>>> = {
  mp3: 'mp3_44100_128',
  opus: 'opus_48000_128',
  wav: 'wav_24000',
  pcm: 'pcm_24000',
};

/** Voices that every account has. @see https://elevenlabs.io/docs/product/voices/default-voices (read 2026-11-27) */
const VOICES = {
  alloy: 'SAz9YHcvj6GT2YYXdXww', // River
  ash: 'bIHbv24MWmeRgasZH58o', // Will
  ballad: 'JBFqnCBsd6RMkjVDRZzb', // George
  cedar: 'iP95p4xoKVk53GoZ742B', // Chris
  coral: 'FGY2WhTYpPnrIDTdsKH5', // Laura
  echo: 'cjVigY5qzO86Huf0OWal', // Eric
  fable: 'onwK4e9ZLuTAKqWW03F9', // Daniel
  marin: 'Xb7hH8MSUJpSbSDYk0k2', // Alice
  nova: 'EXAVITQu4vr4xnSDxMaL', // Sarah
  onyx: 'nPczCjzI2devNBz1zQrb', // Brian
  sage: 'XrExE9yKIg1WjnnlVkGX', // Matilda
  shimmer: 'cgSgspJ2msm6clMCkdW9', // Jessica
  verse: 'IKne3meq5aSn9XLyUdCD', // Charlie
};

export const ELEVENLABS_SPEECH: SpeechWire = {
  formats: ['mp3', 'opus', 'wav', 'pcm'],
  speed: () => [0.7, 1.2],
  voices: () => VOICES,
  voice: /^[A-Za-z0-9]{1,64}$/,
  takes: ['voice_settings', 'language_code', 'seed', 'previous_text', 'next_text', 'apply_text_normalization', 'apply_language_text_normalization'],
  say: ({ model, text, voice, format, speed, own }) => {
    const { output_format: wanted = FORMATS[format], enable_logging, optimize_streaming_latency, ...members } = own;
    const settings = isObject(members['voice_settings']) ? members['voice_settings'] : {};
    const voiceSettings = speed === null ? settings : { ...settings, speed };
    // A WAV file tells its length at its beginning: it is not made as a stream.
    const path = `/text-to-speech/${voice}${format === 'wav' ? '' : '/stream'}`;
    return {
      path: withQuery(path, { output_format: wanted, enable_logging, optimize_streaming_latency }),
      body: { ...members, text, model_id: model, ...(Object.keys(voiceSettings).length > 0 && { voice_settings: voiceSettings }) },
    };
  },
}; // prettier-ignore

/** @see https://elevenlabs.io/docs/api-reference/speech-to-text/convert (read 2026-11-27) */
export const ELEVENLABS_HEARING: HearingWire = {
  takes: ['diarize', 'num_speakers', 'diarization_threshold', 'tag_audio_events', 'timestamps_granularity', 'seed', 'file_format'],
  speakers: true,
  ask: ({ model, language, temperature, speakers, own }) => {
    const { enable_logging, ...members } = own;
    const asked = present({
      language_code: language ?? undefined,
      temperature: temperature ?? undefined,
      diarize: speakers || undefined,
    });
    return {
      path: withQuery('/speech-to-text', { enable_logging }),
      headers: {},
      // Nobody who asks in OpenAI's words looks for "(laughter)" in the text.
      fields: pairsOf({ tag_audio_events: false, ...members, model_id: model, ...asked }),
    };
  },
  read: (body) => {
    const { text, language_code: language, audio_duration_secs: seconds, words } = body;
    const spoken = Array.isArray(words) ? words.filter((word) => !isObject(word) || (word['type'] ?? 'word') === 'word') : words;
    return heardOf({
      text,
      language,
      seconds,
      words: wordsIn(spoken, (word) => ({ word: word['text'], start: word['start'], end: word['end'], ...speakerOf(word['speaker_id']) })),
    });
  },
};
