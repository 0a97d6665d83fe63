import type { Job } from './job.ts';
import type { JsonObject } from './json-object.ts';

/** A text to be spoken, in the words of OpenAI's `POST /v1/audio/speech`. */
export interface SpeechRequest {
  readonly input: string;
  /** Null: whichever the provider usually takes. */
  readonly voice: string | null;
  /** The voice that the deployment names; null: none. */
  readonly ownVoice: string | null;
  /** As asked (`mp3`, `opus` ...); null: nothing was asked. */
  readonly format: string | null;
  /** Null: as the provider usually speaks. */
  readonly speed: number | null;
  readonly instructions: string | null;
  /** Further members of the client's, by their wire names. */
  readonly others: JsonObject;
  /** Further members of the deployment's. */
  readonly owners: JsonObject;
}

/** A request for speech in the provider's words; its answer is the audio itself. */
export interface OutwardSpeech {
  /** Path and query below the base. */
  readonly path: string;
  /** Lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or a text whose type the headers tell. */
  readonly body: JsonObject | string;
  /** What the audio is called where the provider does not say it. */
  readonly contentType: string;
  /** The audio in an answer that is JSON, as base64; `''`: it holds none. Absent: JSON is no audio. */
  readonly packed?: (answer: JsonObject) => string;
  /** Characters as the provider counts and bills them. @param headers of the answer, lower case names */
  characters(headers: Readonly<Record<string, string>>): number;
}

/** What is asked of a recording, in the words of OpenAI's `POST /v1/audio/transcriptions`. */
export interface TranscriptionRequest {
  /** ISO 639 code; null: it is to be found out. */
  readonly language: string | null;
  readonly prompt: string | null;
  /** Words that are likely to be said. */
  readonly keywords: readonly string[];
  readonly temperature: number | null;
  /** Whether it must be told who speaks. */
  readonly speakers: boolean;
  /** Whether it must be told when what was said. */
  readonly times: boolean;
  /** Further fields of the client's; a field that repeats is a list. */
  readonly others: JsonObject;
  /** Further members of the deployment's. */
  readonly owners: JsonObject;
}

/** A request to write down a recording in the provider's words. */
export interface OutwardTranscription {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of the form beside the file; null: the recording is the body. */
  readonly fields: readonly (readonly [name: string, value: string])[] | null;
  /** The recording is base64 in a member of a JSON body, with others beside it; absent: {@link fields} says how it goes. */
  readonly inJson?: { readonly member: string; readonly beside: JsonObject };
  /** Name of the form's field for the file; absent: `file`. */
  readonly fileField?: string;
  /** How a transcript is asked for that is made later, and read; absent: the first answer is it. Made for one call. */
  readonly made?: { readonly job: Job; readonly read: (body: unknown) => Heard };
}

/** What somebody said, and when. Times are seconds from the beginning of the recording. */
export interface HeardWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** Who said it, in the provider's own numbering. */
  readonly speaker?: string;
}

/** A transcript as a provider tells it. */
export interface Heard {
  readonly text: string;
  /** As the provider names it; null: it did not say. */
  readonly language: string | null;
  /** Length of the recording, seconds; null: it did not say. */
  readonly seconds: number | null;
  /** Seconds that are billed, where they are others than {@link seconds}. */
  readonly billedSeconds?: number;
  /** Null: no times were told. */
  readonly words: readonly HeardWord[] | null;
  /** Whole phrases, where the provider tells them and not the words. */
  readonly phrases?: readonly HeardWord[];
}
