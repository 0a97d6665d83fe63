import type { JsonObject } from '../../core/json-object.ts';
import type { Heard, OutwardTranscription, TranscriptionRequest } from '../../core/voices.ts';

/** Formats that OpenAI's speech can be asked for. @see https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const SPEECH_FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const;
export type SpeechFormat = (typeof SPEECH_FORMATS)[number];

/** OpenAI's names of voices, which its clients send to everybody. */
export const OPENAI_VOICES = [
  'alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'fable', 'marin', 'nova', 'onyx', 'sage', 'shimmer', 'verse',
] as const; // prettier-ignore
export type OpenAiVoice = (typeof OPENAI_VOICES)[number];

/** What is to be said, checked against what the wire takes. */
export interface Said {
  readonly model: string;
  readonly text: string;
  /** The provider's name of it. */
  readonly voice: string;
  readonly format: SpeechFormat;
  /** Null: nothing was asked, or the usual speed. */
  readonly speed: number | null;
  readonly instructions: string | null;
  /** Members of the provider's own, by its names. */
  readonly own: JsonObject;
}

export interface SaidRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject | string;
}

/** How a provider is asked to speak. */
export interface SpeechWire {
  /** OpenAI's formats that it makes; without `mp3` the first is the usual one. */
  readonly formats: readonly SpeechFormat[];
  /** Slowest and fastest of a model; null, and absent: its speed cannot be set. */
  readonly speed?: (model: string) => readonly [slowest: number, fastest: number] | null;
  /** Its voices that stand for OpenAI's; `alloy` is the usual one. A model may have a voice of its own. */
  readonly voices: (model: string) => Readonly<Partial<Record<OpenAiVoice, string>>> & { readonly alloy: string };
  /** How its voices are written; others are refused before anybody is asked. */
  readonly voice: RegExp;
  /** Members of its own that a client may set: none that names an account, a model, or an address. */
  readonly takes: readonly string[];
  /** @throws {InvalidRequestError} */
  readonly say: (said: Said) => SaidRequest;
  /** The audio in an answer that is JSON, as base64; `''`: it holds none. Absent: JSON is no audio. */
  readonly packed?: (answer: JsonObject) => string;
  /** Characters that are billed, where those are not the text's. @param headers of the answer */
  readonly characters?: (said: Said, headers: Readonly<Record<string, string>>) => number | null;
}

/** What is asked of a recording, checked against what the wire takes. */
export interface Asked extends Omit<TranscriptionRequest, 'others' | 'owners'> {
  readonly model: string;
  /** Fields of the provider's own, by its names. */
  readonly own: JsonObject;
}

/** How a provider is asked to write down a recording. */
export interface HearingWire {
  /** Fields of its own that a client may set: none that names an account, a model, or an address. */
  readonly takes: readonly string[];
  /** Whether it tells who speaks. */
  readonly speakers?: true;
  readonly ask: (asked: Asked) => OutwardTranscription;
  /** Absent: its transcripts are made later, and read as the request says. @throws {MalformedAnswerError} when it is no transcript */
  readonly read?: (body: JsonObject) => Heard;
}

export interface Wire {
  readonly speech?: SpeechWire;
  readonly hearing?: HearingWire;
}
