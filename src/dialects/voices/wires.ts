import { WORKERS_AI_HEARING } from '../cloudflare/hearing.ts';
import { WORKERS_AI_SPEECH } from '../cloudflare/speech.ts';
import { HUGGINGFACE_HEARING } from '../huggingface/hearing.ts';
import { AZURE_SPEECH } from './azure-speech.ts';
import { CARTESIA_HEARING, CARTESIA_SPEECH } from './cartesia.ts';
import { DEEPGRAM_HEARING, DEEPGRAM_SPEECH } from './deepgram.ts';
import { ELEVENLABS_HEARING, ELEVENLABS_SPEECH } from './elevenlabs.ts';
import { FISH_HEARING, FISH_SPEECH } from './fish-audio.ts';
import { GLADIA_HEARING } from './gladia.ts';
import { HUME_SPEECH } from './hume.ts';
import { LMNT_SPEECH } from './lmnt.ts';
import { POLLY_SPEECH } from './polly.ts';
import { REVAI_HEARING } from './revai.ts';
import type { Wire } from './wire.ts';

/** By the names that the catalogue has for them. */
export const VOICE_WIRES = {
  azure_speech: { speech: AZURE_SPEECH },
  cartesia: { speech: CARTESIA_SPEECH, hearing: CARTESIA_HEARING },
  deepgram: { speech: DEEPGRAM_SPEECH, hearing: DEEPGRAM_HEARING },
  elevenlabs: { speech: ELEVENLABS_SPEECH, hearing: ELEVENLABS_HEARING },
  fish_audio: { speech: FISH_SPEECH, hearing: FISH_HEARING },
  gladia: { hearing: GLADIA_HEARING },
  hume: { speech: HUME_SPEECH },
  lmnt: { speech: LMNT_SPEECH },
  polly: { speech: POLLY_SPEECH },
  revai: { hearing: REVAI_HEARING },
  huggingface: { hearing: HUGGINGFACE_HEARING },
  workers_ai: { speech: WORKERS_AI_SPEECH, hearing: WORKERS_AI_HEARING },
} as const satisfies Record<string, Wire>;

export type VoiceWireName = keyof typeof VOICE_WIRES;
