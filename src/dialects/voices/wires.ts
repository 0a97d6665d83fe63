import { DEEPGRAM_HEARING, DEEPGRAM_SPEECH } from './deepgram.ts';
import { ELEVENLABS_HEARING, ELEVENLABS_SPEECH } from './elevenlabs.ts';
import type { Wire } from './wire.ts';

/** By the names that the catalogue has for them. */
export const VOICE_WIRES = {
  deepgram: { speech: DEEPGRAM_SPEECH, hearing: DEEPGRAM_HEARING },
  elevenlabs: { speech: ELEVENLABS_SPEECH, hearing: ELEVENLABS_HEARING },
} as const satisfies Record<string, Wire>;

export type VoiceWireName = keyof typeof VOICE_WIRES;
