import type { SpeechWire } from './wire.ts';

const VOICES = { alloy: 'Ava Song', ash: 'Vince Douglas', ballad: 'Male English Actor', echo: 'Vince Douglas', fable: 'Male English Actor', onyx: 'Vince Douglas' }; // prettier-ignore

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** PCM is of 48 kHz here, which nobody expects who asks as OpenAI is asked. @see https://dev.hume.ai/reference/text-to-speech-tts/synthesize-file-streaming (read 2026-11-27) */
export const HUME_SPEECH: SpeechWire = {
  formats: ['mp3', 'wav'],
  speed: () => [0.5, 2],
  voices: () => VOICES,
  voice: /^[\p{L}\d .,'()-]{1,100}$/u,
  takes: ['temperature', 'strip_headers'],
  say: ({ model, text, voice, format, speed, instructions, own }) => {
    const version = versionOf(model);
    const utterance = {
      text,
      voice: UUID.test(voice) ? { id: voice } : { name: voice, provider: 'HUME_AI' },
      // The second version is not told how to speak.
      ...(instructions !== null && version !== '2' && { description: instructions }),
      ...(speed !== null && { speed }),
    };
    return {
      path: '/tts/stream/file',
      body: { ...own, utterances: [utterance], format: { type: format }, num_generations: 1, ...(version !== null && { version }) },
    };
  },
};

/** `octave-2` → `2`; null: whichever is usual. */
function versionOf(model: string): string | null {
  return /(?:^|octave-?)([12])$/.exec(model)?.[1] ?? null;
}
