import type { Job, JobReply, NextQuestion } from '../../core/job.ts';
import { isObject, printed, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { failed } from '../jobs/failure.ts';
import { waitOf, type Pace } from '../jobs/pace.ts';
import { secondsOf } from '../openai/audio/audio-usage.ts';
import { heardOf, noTranscript, speakerOf, wordsIn } from './transcripts.ts';
import type { Asked, HearingWire } from './wire.ts';

const PACE: Pace = { firstMs: 500, mostMs: 3000 };
/** What may stand in a path as it is. */
const ID = /^[\w-]{1,100}$/;

/**
 * A file is uploaded, its transcript ordered, and asked for until it is there.
 *
 * @see https://docs.gladia.io/api-reference/v2/pre-recorded/init (read 2026-11-27)
 */
export const GLADIA_HEARING: HearingWire = {
  takes: ['diarization', 'punctuation_enhanced', 'custom_vocabulary_config', 'detect_language'],
  speakers: true,
  ask: (asked) => ({ path: '/upload', headers: {}, fields: [], fileField: 'audio', made: { job: jobOf(asked), read: readResult } }),
};

function jobOf(asked: Asked): Job {
  return {
    next: (reply, before) => {
      const told = reply.told();
      if (!isObject(told)) throw new MalformedAnswerError('The provider told of its job in something other than a JSON object.', 'shape');
      return before === 0 ? ordered(told, asked) : questionAfter(told, reply, before);
    },
  };
}

/** The upload is there: what it says shall be written down. */
function ordered({ audio_url: address }: JsonObject, asked: Asked): NextQuestion {
  if (typeof address !== 'string' || address === '' || address.length > 2048) throw lost();
  const { language, keywords, speakers, own } = asked;
  const order = {
    ...own,
    audio_url: address,
    ...(asked.model === 'solaria-1' || asked.model === 'solaria-3' ? { model: asked.model } : {}),
    ...(language !== null && { language_config: { languages: [language], code_switching: false } }),
    ...(keywords.length > 0 && { custom_vocabulary: true, custom_vocabulary_config: { vocabulary: keywords } }),
    ...(speakers && { diarization: true }),
  };
  return { at: '/pre-recorded', afterMs: 0, send: order };
}

function questionAfter(told: JsonObject, reply: JobReply, before: number): NextQuestion | null {
  const { status, id, error_code: code } = told;
  if (status === 'done') return null;
  if (status === 'error')
    throw failed(reply, { message: `The provider could not write the recording down (${printed(code)}).`, status: codeOf(code) });
  if (typeof id !== 'string' || !ID.test(id)) throw lost();
  const at = `/pre-recorded/${id}`;
  return { at, afterMs: waitOf(PACE, before - 1, reply.headers), cancel: { method: 'DELETE', at } };
}

function codeOf(code: unknown): number {
  return typeof code === 'number' && code >= 400 && code < 600 ? code : 500;
}

function lost(): MalformedAnswerError {
  return new MalformedAnswerError('The provider did not say where its job is.', 'shape');
}

function readResult(body: unknown): ReturnType<typeof heardOf> {
  const result = isObject(body) && isObject(body['result']) ? body['result'] : {};
  const { transcription, metadata } = result;
  if (!isObject(transcription)) throw noTranscript();
  const { full_transcript: text, languages, utterances } = transcription;
  const { audio_duration: seconds, billing_time: billed } = isObject(metadata) ? metadata : {};
  const spoken = Array.isArray(utterances) ? utterances.filter(isObject) : [];
  const words = spoken.flatMap(
    ({ words: list, speaker }) => wordsIn(list, ({ word, start, end }) => ({ word, start, end, ...speakerOf(speaker) })) ?? [],
  );
  const billedSeconds = secondsOf(billed);
  return {
    ...heardOf({ text, language: Array.isArray(languages) ? languages[0] : undefined, seconds, words }),
    ...(billedSeconds !== null && { billedSeconds }),
  };
}
