import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Heard, HeardWord } from '../../../core/voices.ts';
import { phrasesOf } from './phrases.ts';

/** Forms in which OpenAI tells a transcript. @see https://platform.openai.com/docs/api-reference/audio/createTranscription */
export const TRANSCRIPT_FORMS = ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'] as const;
export type TranscriptForm = (typeof TRANSCRIPT_FORMS)[number];

/** What is asked of the form; nothing: `json`. @throws {InvalidRequestError} for a form that there is not */
export function transcriptFormOf(asked: unknown): TranscriptForm {
  if (asked === undefined || asked === null || asked === '') return 'json';
  const form = TRANSCRIPT_FORMS.find((name) => name === asked);
  if (form === undefined)
    throw new InvalidRequestError(`'response_format' must be one of ${TRANSCRIPT_FORMS.join(', ')}.`, 'response_format');
  return form;
}

export interface ToldTranscript {
  readonly body: string;
  /** `application/json`, or plain text. */
  readonly isJson: boolean;
}

export interface TranscriptWish {
  readonly form: TranscriptForm;
  /** `timestamp_granularities`: what `verbose_json` tells; empty: segments. */
  readonly granularities: readonly string[];
  /** Seconds that are billed; null: nobody knows. */
  readonly billed: number | null;
  /** Length of the recording, as far as anybody knows. */
  readonly seconds: number;
}

/** A provider's transcript in the form that was asked for. */
export function writeTranscript(heard: Heard, wish: TranscriptWish): ToldTranscript {
  const { form } = wish;
  if (form === 'text') return { body: heard.text, isJson: false };
  if (form === 'srt' || form === 'vtt') return { body: subtitles(phrasesOf(heard, wish.seconds), form), isJson: false };
  const told = form === 'json' ? { text: heard.text } : form === 'verbose_json' ? verbose(heard, wish) : diarized(heard, wish);
  return { body: JSON.stringify({ ...told, ...usageMember(wish) }), isJson: true };
}

/** `usage` by the length of the recording. */
export function usageMember({ billed }: Pick<TranscriptWish, 'billed'>): { usage?: JsonObject } {
  return billed === null ? {} : { usage: { type: 'duration', seconds: billed } };
}

function verbose(heard: Heard, { granularities, seconds }: TranscriptWish): JsonObject {
  const wants = (what: string): boolean => granularities.includes(what);
  const words = heard.words?.map(({ word, start, end }) => ({ word, start, end }));
  return {
    task: 'transcribe',
    ...(heard.language !== null && { language: heard.language }),
    duration: heard.seconds ?? seconds,
    text: heard.text,
    ...(wants('word') && words && { words }),
    ...((granularities.length === 0 || wants('segment')) && { segments: phrasesOf(heard, seconds).map(segmentOf) }),
  };
}

function segmentOf({ word, start, end }: HeardWord, id: number): JsonObject {
  return { id, start, end, text: word };
}

function diarized(heard: Heard, { seconds }: TranscriptWish): JsonObject {
  const segments = phrasesOf(heard, seconds).map(({ word, start, end, speaker = '' }, at) => {
    return { type: 'transcript.text.segment', id: `seg_${at}`, start, end, text: word, speaker };
  });
  return { task: 'transcribe', duration: heard.seconds ?? seconds, text: heard.text, segments };
}

function subtitles(phrases: readonly HeardWord[], form: 'srt' | 'vtt'): string {
  const mark = form === 'srt' ? ',' : '.';
  const cues = phrases.map(({ word, start, end }, at) => {
    const times = `${timeOf(start, mark)} --> ${timeOf(end, mark)}`;
    // A blank line would end the cue.
    const text = word.replaceAll(/\s*\n\s*/g, ' ').trim();
    return `${form === 'srt' ? `${at + 1}\n` : ''}${times}\n${form === 'srt' ? text : text.replaceAll('-->', '→')}\n\n`;
  });
  return (form === 'vtt' ? 'WEBVTT\n\n' : '') + cues.join('');
}

/** `01:02:03,456` */
function timeOf(seconds: number, mark: ',' | '.'): string {
  const ms = Math.round(seconds * 1000);
  const pad = (value: number, places = 2): string => String(Math.floor(value)).padStart(places, '0');
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}${mark}${pad(ms % 1000, 3)}`;
}
