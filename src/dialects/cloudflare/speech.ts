import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { SpeechFormat, SpeechWire } from '../voices/wire.ts';
import { runPath } from './run-path.ts';

/** @see https://developers.cloudflare.com/workers-ai/models/aura-1 (read 2026-11-27) */
const FORMATS: Readonly<Record<SpeechFormat, JsonObject>> = {
  mp3: { encoding: 'mp3' },
  opus: { encoding: 'opus', container: 'ogg' },
  aac: { encoding: 'aac' },
  flac: { encoding: 'flac' },
  wav: { encoding: 'linear16', container: 'wav', sample_rate: 24_000 },
  pcm: { encoding: 'linear16', container: 'none', sample_rate: 24_000 },
};

const AURA_1 = { alloy: 'asteria', ash: 'arcas', echo: 'orion', fable: 'helios', nova: 'luna', onyx: 'zeus', sage: 'athena', shimmer: 'stella' }; // prettier-ignore
const AURA_2 = {
  alloy: 'luna', ash: 'arcas', coral: 'helena', echo: 'aries', fable: 'draco', marin: 'cora', nova: 'andromeda', onyx: 'zeus', sage: 'athena',
}; // prettier-ignore
const AURA_2_ES = { alloy: 'aquila', echo: 'sirio', nova: 'celeste', onyx: 'alvaro', shimmer: 'estrella' };
/** What it has for voices are languages. */
const MELO = { alloy: 'en' };

/** @see https://developers.cloudflare.com/workers-ai/models/melotts (read 2026-11-27) */
function isMelo(model: string): boolean {
  return model.includes('melotts');
}

function voicesOf(model: string): ReturnType<SpeechWire['voices']> {
  if (isMelo(model)) return MELO;
  if (model.includes('aura-2')) return model.endsWith('-es') ? AURA_2_ES : AURA_2;
  return AURA_1;
}

/** Speech of Workers AI: Deepgram's models give the audio, MeloTTS gives it as text in JSON. */
export const WORKERS_AI_SPEECH: SpeechWire = {
  formats: ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'],
  voices: voicesOf,
  voice: /^[a-z-]{1,32}$/,
  takes: ['bit_rate'],
  say: ({ model, text, voice, format, own }) => {
    const path = runPath(model);
    if (!isMelo(model)) return { path, body: { text, speaker: voice, ...FORMATS[format], ...own } };
    if (format !== 'mp3') throw new InvalidRequestError('MeloTTS makes no audio of this response_format: it makes mp3.', 'response_format');
    return { path, body: { prompt: text, lang: voice, ...own } };
  },
  packed: ({ result }) => wordOf(isObject(result) ? result['audio'] : undefined),
};
