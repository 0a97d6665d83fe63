import type { Job, JobReply, NextQuestion } from '../../core/job.ts';
import { isObject, printed, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { Heard, HeardWord } from '../../core/voices.ts';
import { failed } from '../jobs/failure.ts';
import { waitOf, type Pace } from '../jobs/pace.ts';
import { pairsOf } from './query.ts';
import { heardOf, noTranscript, speakerOf, wordsIn } from './transcripts.ts';
import type { HearingWire } from './wire.ts';

const PACE: Pace = { firstMs: 1000, mostMs: 5000 };
const ID = /^[\w-]{1,100}$/;
const TRANSCRIPT = 'application/vnd.rev.transcript.v1.0+json';

/** Its machines; any other name is one of the owner's own. @see https://docs.rev.ai/api/asynchronous/reference (read 2026-11-27) */
const TRANSCRIBERS: ReadonlySet<string> = new Set(['machine', 'low_cost', 'fusion']);

/** A recording becomes a job, which is asked for until it is done; then its transcript is. */
export const REVAI_HEARING: HearingWire = {
  takes: ['skip_diarization', 'skip_punctuation', 'remove_disfluencies', 'filter_profanity', 'speakers_count'],
  speakers: true,
  ask: ({ model, language, keywords, own }) => {
    const options = {
      // What is not asked for again need not be kept there.
      delete_after_seconds: 3600,
      ...own,
      ...(TRANSCRIBERS.has(model) && { transcriber: model }),
      ...(language !== null && { language }),
      ...(keywords.length > 0 && { custom_vocabularies: [{ phrases: keywords }] }),
    };
    return { path: '/jobs', headers: {}, fields: pairsOf({ options }), fileField: 'media', made: madeBy() };
  },
};

/** The length of the recording is told by the job, what was said by the transcript. */
function madeBy(): { job: Job; read: (body: unknown) => Heard } {
  let seconds: unknown;
  return {
    job: {
      next: (reply, before) => {
        const told = reply.told();
        if (!isObject(told)) throw new MalformedAnswerError('The provider told of its job in something other than a JSON object.', 'shape');
        if (Array.isArray(told['monologues'])) return null;
        seconds = told['duration_seconds'] ?? seconds;
        return questionAfter(told, reply, before);
      },
    },
    read: (body) => readMonologues(body, seconds),
  };
}

function questionAfter(told: JsonObject, reply: JobReply, before: number): NextQuestion {
  const { id, status, failure, failure_detail: detail } = told;
  if (status === 'failed')
    throw failed(reply, { message: wordOf(detail) || printed(failure), code: wordOf(failure) || undefined, status: 400 });
  if (typeof id !== 'string' || !ID.test(id)) throw new MalformedAnswerError('The provider did not say where its job is.', 'shape');
  if (status === 'transcribed') return { at: `/jobs/${id}/transcript`, afterMs: 0, accept: TRANSCRIPT };
  return { at: `/jobs/${id}`, afterMs: waitOf(PACE, before, reply.headers) };
}

function readMonologues(body: unknown, seconds: unknown): Heard {
  const monologues = isObject(body) && Array.isArray(body['monologues']) ? body['monologues'].filter(isObject) : null;
  if (monologues === null) throw noTranscript();
  const said = monologues.map(({ elements, speaker }) => ({ elements: Array.isArray(elements) ? elements.filter(isObject) : [], speaker }));
  return heardOf({
    text: said
      .map(({ elements }) =>
        elements
          .map(({ value }) => wordOf(value))
          .join('')
          .trim(),
      )
      .join('\n'),
    seconds,
    words: said.flatMap(({ elements, speaker }) => wordsOf(elements, speaker)),
  });
}

/** Marks stand behind their words. */
function wordsOf(elements: readonly JsonObject[], speaker: unknown): HeardWord[] {
  const joined: JsonObject[] = [];
  for (const element of elements) {
    const last = joined.at(-1);
    if (element['type'] === 'text') joined.push(element);
    else if (last && wordOf(element['value']).trim() !== '') last['marks'] = wordOf(last['marks']) + wordOf(element['value']).trim();
  }
  return (
    wordsIn(joined, ({ value, marks, ts, end_ts: end }) => ({
      word: wordOf(value) + wordOf(marks),
      start: ts,
      end,
      ...speakerOf(speaker),
    })) ?? []
  );
}
