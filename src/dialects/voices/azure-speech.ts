import { charactersOf } from '../openai/audio/speech.ts';
import { atRate, escaped } from './ssml.ts';
import type { Said, SpeechFormat, SpeechWire } from './wire.ts';

/** @see https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech#audio-outputs (read 2026-11-27) */
const FORMATS: Readonly<Partial<Record<SpeechFormat, string>>> = {
  mp3: 'audio-24khz-48kbitrate-mono-mp3',
  opus: 'ogg-48khz-16bit-mono-opus',
  wav: 'riff-24khz-16bit-mono-pcm',
  pcm: 'raw-24khz-16bit-mono-pcm',
};

const VOICES = {
  alloy: 'en-US-JennyNeural', ash: 'en-US-BrandonNeural', ballad: 'en-GB-ThomasNeural', cedar: 'en-US-EricNeural', coral: 'en-US-SaraNeural',
  echo: 'en-US-GuyNeural', fable: 'en-GB-RyanNeural', marin: 'en-GB-SoniaNeural', nova: 'en-US-AmberNeural', onyx: 'en-US-DavisNeural',
  sage: 'en-US-MichelleNeural', shimmer: 'en-US-AriaNeural', verse: 'en-US-TonyNeural',
}; // prettier-ignore

/** `de-DE-KatjaNeural`, `en-US-Ava:DragonHDLatestNeural`: language and country come first. */
const VOICE = /^([a-z]{2,3}-[A-Z]{2})-[\w:-]{1,80}$/;

/** The voice is named in the text's markup; a model may be one, and is a name of the owner's otherwise. */
export const AZURE_SPEECH: SpeechWire = {
  formats: ['mp3', 'opus', 'wav', 'pcm'],
  speed: () => [0.5, 2],
  voices: (model) => (VOICE.test(model) ? { alloy: model } : VOICES),
  voice: VOICE,
  takes: [],
  say: (said) => ({
    path: '/cognitiveservices/v1',
    headers: { 'content-type': 'application/ssml+xml', 'x-microsoft-outputformat': FORMATS[said.format] ?? '' },
    body: `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${VOICE.exec(said.voice)?.[1] ?? 'en-US'}"><voice name="${escaped(said.voice)}">${spoken(said)}</voice></speak>`,
  }),
  // All that stands inside of `<voice>` is billed, a Chinese character twice.
  characters: (said) => charactersOf(said.text) + (said.text.match(/\p{Script=Han}/gu)?.length ?? 0) + spoken({ ...said, text: '' }).length,
};

function spoken({ text, speed }: Said): string {
  return atRate(text, speed === null ? null : percent(speed));
}

/** `+10%`: how much faster than usual. */
function percent(speed: number): string {
  const change = Math.round((speed - 1) * 100);
  return `${change < 0 ? '' : '+'}${change}%`;
}
