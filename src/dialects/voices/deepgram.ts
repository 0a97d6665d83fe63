import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { secondsOf } from '../openai/audio/audio-usage.ts';
import { withQuery } from './query.ts';
import { heardOf, noTranscript, speakerOf, wordsIn } from './transcripts.ts';
import type { Asked, HearingWire, SpeechFormat, SpeechWire } from './wire.ts';

/** @see https://developers.deepgram.com/docs/tts-media-output-settings (read 2026-11-27) */
const FORMATS: Readonly<Record<SpeechFormat, JsonObject>> = {
  mp3: { encoding: 'mp3' },
  opus: { encoding: 'opus', container: 'ogg' },
  aac: { encoding: 'aac' },
  flac: { encoding: 'flac', sample_rate: 24_000 },
  wav: { encoding: 'linear16', container: 'wav', sample_rate: 24_000 },
  pcm: { encoding: 'linear16', container: 'none', sample_rate: 24_000 },
};

/** @see https://developers.deepgram.com/docs/tts-models (read 2026-11-27) */
const AURA_2 = {
  alloy: 'thalia', ash: 'arcas', ballad: 'apollo', cedar: 'orpheus', coral: 'helena', echo: 'aries', fable: 'draco', marin: 'cora',
  nova: 'andromeda', onyx: 'zeus', sage: 'athena', shimmer: 'luna', verse: 'hermes',
}; // prettier-ignore
const AURA = {
  alloy: 'asteria',
  ash: 'arcas',
  echo: 'orion',
  fable: 'helios',
  nova: 'luna',
  onyx: 'zeus',
  sage: 'athena',
  shimmer: 'stella',
};

/** A voice is a part of its model's name: `aura-2-thalia-en`. */
const NAME = /^(aura(?:-\d+)?)(?:-([a-z]+))?(?:-([a-z]{2}))?$/;

interface Voice {
  readonly family: string;
  readonly voice: string | undefined;
  readonly language: string;
}

/** @returns null: a model of another kind, whose name is all of it */
function voiceIn(model: string): Voice | null {
  const [, family, first, second] = NAME.exec(model) ?? [];
  if (family === undefined) return null;
  // `aura-2-de`: a family and a language, whose voice is still to be named.
  const isLanguage = second === undefined && first?.length === 2;
  return { family, voice: isLanguage ? undefined : first, language: second ?? (isLanguage ? first : 'en') };
}

function voicesOf(model: string): ReturnType<SpeechWire['voices']> {
  const known = voiceIn(model);
  // A model that names its voice speaks with that one, whichever of OpenAI's is asked for.
  if (known?.voice !== undefined) return { alloy: known.voice };
  return known?.family === 'aura' ? AURA : AURA_2;
}

/** @throws {InvalidRequestError} for a voice of another family, which would be another model */
function modelWith(model: string, asked: string): string {
  const known = voiceIn(model);
  if (known === null) return model;
  const whole = asked.includes('-') ? voiceIn(asked) : { ...known, voice: asked };
  if (whole?.voice === undefined || whole.family !== known.family)
    throw new InvalidRequestError(`"${asked}" is no voice of ${known.family}: name one such as ${voicesOf(known.family).alloy}.`, 'voice');
  return `${whole.family}-${whole.voice}-${whole.language}`;
}

/** @see https://developers.deepgram.com/reference/text-to-speech/speak-request (read 2026-11-27) */
export const DEEPGRAM_SPEECH: SpeechWire = {
  formats: ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'],
  speed: () => [0.7, 1.5],
  voices: voicesOf,
  voice: /^[a-z0-9-]{1,64}$/,
  takes: ['bit_rate'],
  say: ({ model, text, voice, format, speed, own }) => ({
    path: withQuery('/speak', { ...FORMATS[format], ...own, model: modelWith(model, voice), speed }),
    body: { text },
  }),
  characters: (_said, headers) => Number(headers['dg-char-count']),
};

/** Models that find out which language is spoken; the others hear one. */
const DETECTS = /^(?:nova-[23]|enhanced|base)(?:-general)?$|^whisper/;

function languageOf({ model, language, own }: Asked): JsonObject {
  if (language !== null) return { language };
  const isSaid = own['language'] !== undefined || own['detect_language'] !== undefined;
  return isSaid || !DETECTS.test(model) ? {} : { detect_language: true };
}

/** @see https://developers.deepgram.com/docs/keyterm and https://developers.deepgram.com/docs/keywords (read 2026-11-27) */
function keywordsOf({ model, keywords }: Asked): JsonObject {
  if (keywords.length === 0 || model.startsWith('whisper')) return {};
  return /^(?:nova-3|flux)/.test(model) ? { keyterm: keywords } : { keywords };
}

/** @see https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded (read 2026-11-27) */
export const DEEPGRAM_HEARING = {
  takes: [
    'punctuate', 'smart_format', 'diarize', 'utterances', 'numerals', 'profanity_filter', 'filler_words', 'measurements', 'dictation',
    'paragraphs', 'detect_language', 'keyterm', 'redact', 'replace', 'search',
  ],
  speakers: true,
  ask: (asked) => ({
    path: withQuery('/listen', {
      smart_format: true,
      punctuate: true,
      ...keywordsOf(asked),
      ...asked.own,
      ...languageOf(asked),
      ...(asked.speakers && { diarize: true }),
      model: asked.model,
    }),
    headers: {},
    fields: null,
  }),
  read: ({ metadata, results }) => {
    const channels = isObject(results) && Array.isArray(results['channels']) ? results['channels'].filter(isObject) : [];
    const heard = channels.map((channel) => ({ channel, best: firstOf(channel['alternatives']) }));
    if (heard.length === 0) throw noTranscript();
    const seconds = isObject(metadata) ? secondsOf(metadata['duration']) : null;
    const words = heard.flatMap(({ best }) => wordsOf(best['words']) ?? []).toSorted((a, b) => a.start - b.start);
    return {
      ...heardOf({
        text: heard.map(({ best }) => best['transcript']).filter((text) => text !== '').join('\n'),
        language: heard[0]?.channel['detected_language'] ?? heard[0]?.channel['language'],
        seconds,
        words,
      }),
      // Each channel that is written down is billed.
      ...(seconds !== null && heard.length > 1 && { billedSeconds: seconds * heard.length }),
    };
  },
} satisfies HearingWire; // prettier-ignore

function firstOf(list: unknown): JsonObject {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (!isObject(first) || typeof first['transcript'] !== 'string') throw noTranscript();
  return first;
}

function wordsOf(list: unknown): ReturnType<typeof wordsIn> {
  return wordsIn(list, ({ word, punctuated_word: punctuated, start, end, speaker }) => ({
    word: punctuated ?? word,
    start,
    end,
    ...speakerOf(speaker),
  }));
}
