import { InvalidRequestError } from '../../core/errors.ts';
import { atRate } from './ssml.ts';
import type { SpeechFormat, SpeechWire } from './wire.ts';

/** Its PCM is of 16 kHz at most, which nobody expects who asks as OpenAI is asked. */
const FORMATS: Readonly<Partial<Record<SpeechFormat, string>>> = { mp3: 'mp3', opus: 'ogg_opus' };

const USUAL = { alloy: 'Joanna', echo: 'Matthew', fable: 'Emma', onyx: 'Brian', nova: 'Amy', shimmer: 'Kendra' };

/** Not every voice speaks with every engine. @see https://docs.aws.amazon.com/polly/latest/dg/available-voices.html (read 2026-11-27) */
const VOICES: Readonly<Record<string, ReturnType<SpeechWire['voices']>>> = {
  standard: USUAL,
  neural: USUAL,
  'long-form': { alloy: 'Danielle', echo: 'Gregory', nova: 'Ruth', onyx: 'Patrick' },
  generative: { alloy: 'Ruth', echo: 'Matthew', fable: 'Amy', nova: 'Danielle', onyx: 'Stephen' },
};

/** @see https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html (read 2026-11-27) */
export const POLLY_SPEECH: SpeechWire = {
  formats: ['mp3', 'opus'],
  // The generative voices are not told how fast to speak.
  speed: (model) => (model === 'generative' ? null : [0.2, 2]),
  voices: (model) => VOICES[model] ?? USUAL,
  voice: /^[A-Za-z]{1,40}$/,
  takes: ['LanguageCode', 'LexiconNames'],
  say: ({ model, text, voice, format, speed, own }) => {
    if (!Object.hasOwn(VOICES, model))
      throw new InvalidRequestError(`Models of Amazon Polly are its engines: ${Object.keys(VOICES).join(', ')}.`, 'model');
    const marked = speed === null ? null : `<speak>${atRate(text, `${Math.round(speed * 100)}%`)}</speak>`;
    return {
      path: '/v1/speech',
      body: {
        ...own,
        Engine: model,
        OutputFormat: FORMATS[format],
        Text: marked ?? text,
        TextType: marked === null ? 'text' : 'ssml',
        VoiceId: voice,
      },
    };
  },
  characters: (_said, headers) => Number(headers['x-amzn-requestcharacters']),
};
